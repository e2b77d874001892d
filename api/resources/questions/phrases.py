"""Spans and windows as people say them, and as parameters."""

from api.formatting import counted, in_days, period
from api.http.schemas import Meta
from api.panel.window import Between, Everything, Last, Span, YearToDate

_UNITS = {"d": "session", "w": "week", "m": "month", "y": "year"}
_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number(count: int, noun: str) -> str:
    """Three months, 100 sessions: numbers up to twelve as words."""
    return f"{_SMALL[count]} {noun}{'' if count == 1 else 's'}" if count < len(_SMALL) else counted(count, noun)


def span_in_words(span: Span) -> str:
    """The past three months."""
    match span:
        case Last(1, unit):
            return f"the past {_UNITS[unit]}"
        case Last(count, unit):
            return f"the past {number(count, _UNITS[unit])}"
        case YearToDate():
            return "this year so far"
        case Everything():
            return "all that the lake has"
        case Between(first, None):
            return f"the time since {in_days(first)}"
        case Between(first, last):
            return f"the time {period(first, last or first)}"


def span_parameters(span: Span) -> dict[str, object]:
    """`range`, or `from_` and `to`, as a link has them."""
    return {"from_": span.first, "to": span.last} if isinstance(span, Between) else {"range": span}


def window_in_words(meta: Meta) -> str:
    """From the close of 20 August to that of 20 November 2026: what cumulative figures run over."""
    window = meta.window
    base = window.base or window.first
    return f"From the close of {in_days(base, year=base.year != window.to.year)} to that of {in_days(window.to)}"
