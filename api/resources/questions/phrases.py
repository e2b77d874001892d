"""What the sentences of the five answers share: numbers, spans and windows in words, and tickers without an answer."""

from collections.abc import Mapping, Sequence

from api.formatting import counted, in_days, period
from api.http.schemas import Meta
from api.panel.window import Between, Everything, Last, Span, YearToDate

_UNITS = {"d": "session", "w": "week", "m": "month", "y": "year"}
_NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


def number(count: int, noun: str) -> str:
    """Three months, 100 sessions: numbers up to twelve as words."""
    return f"{_NUMERALS[count]} {noun}{'' if count == 1 else 's'}" if count < len(_NUMERALS) else counted(count, noun)


def describe_span(span: Span) -> str:
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


def describe_window(meta: Meta) -> str:
    """From the close of 20 August to that of 20 November 2026: what cumulative figures run over."""
    window = meta.window
    base = window.base or window.first
    return f"From the close of {in_days(base, year=base.year != window.to.year)} to that of {in_days(window.to)}"


def answer_or_reason(
    tickers: Sequence[str], sentences: Mapping[str, str], warnings: Sequence[str], fallback: str
) -> tuple[str | None, str | None]:
    """The answer from the sentences of each ticker, or the reason where there are none; the other is None.

    The answer also says why a ticker has no sentences.
    """
    reasons = [reason_of(ticker, warnings, fallback) for ticker in tickers if ticker not in sentences]
    if not sentences:
        return None, "; ".join(reasons)
    return " ".join((*sentences.values(), *(f"{reason}." for reason in reasons))), None


def reason_of(ticker: str, warnings: Sequence[str], fallback: str) -> str:
    """Why a ticker has no figures: the first warning about it, else `fallback`."""
    return next((warning for warning in warnings if warning.startswith(f"{ticker}: ")), f"{ticker}: {fallback}")
