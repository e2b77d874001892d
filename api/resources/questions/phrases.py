"""What the sentences of the five answers share: numbers, spans and windows in words, and tickers without an answer."""

from collections.abc import Mapping, Sequence
from datetime import date

from api.formatting import counted, in_days, listed, period
from api.http.schemas import Meta
from api.panel.coverage import describe_empty
from api.panel.window import Between, Everything, Last, Span, YearToDate

_UNITS = {"d": "session", "w": "week", "m": "month", "y": "year"}
_ABSENT = ("not in the lake", "of the window's")  # what warnings of missing sessions say
_MOST_HOLES = 3  # that a sentence names
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


def describe_closes(meta: Meta, last: date | None) -> str:
    """From the close of 20 August to that of 20 November 2026: what cumulative figures run over.

    `last`: the last session that they use, which may be before the window's end.
    """
    base, end = meta.window.base or meta.window.first, last or meta.window.to
    return f"From the close of {in_days(base, year=base.year != end.year)} to that of {in_days(end)}"


def describe_holes(meta: Meta, tickers: Sequence[str]) -> str:
    """Which long holes the figures of these tickers leave out or run over; empty without one."""
    holes = [(one.ticker, hole) for one in meta.coverage for hole in one.holes if one.ticker in tickers]
    if not holes:
        return ""
    named = [f"the {hole.sessions} sessions of {ticker} {period(hole.first, hole.last)}" for ticker, hole in holes]
    more = [counted(len(named) - _MOST_HOLES, "more hole")] if len(named) > _MOST_HOLES else []
    lacking = listed(named[:_MOST_HOLES] + more)
    return f"The lake lacks {lacking}: changes run over them, and figures of daily returns leave them out"


def describe_too_few(returns: int, figure: str) -> str:
    """Why a figure of at least two daily returns is withheld."""
    known = "none" if returns == 0 else "only one"
    return f"No {figure} is given, because it takes at least two daily returns and {known} is known"


def answer_or_reason(
    meta: Meta, tickers: Sequence[str], sentences: Mapping[str, str], warnings: Sequence[str], fallback: str
) -> tuple[str | None, str | None]:
    """The answer from the sentences of each ticker, or the reason where there are none; the other is None.

    The answer also says why a ticker has no sentences.
    """
    reasons = reasons_of(meta, [ticker for ticker in tickers if ticker not in sentences], warnings, fallback)
    if not sentences:
        return None, "; ".join(reasons)
    return " ".join((*sentences.values(), *(f"{reason}." for reason in reasons))), None


def reasons_of(meta: Meta, tickers: Sequence[str], warnings: Sequence[str], fallback: str) -> list[str]:
    """Why each of `tickers` has no figures: one reason for all where the window has no session."""
    window = meta.window
    if tickers and not window.sessions:
        return [describe_empty(window.first, window.to, meta.as_of)]
    return [_reason_of(ticker, warnings, fallback, total=meta.basis == "total") for ticker in tickers]


def _reason_of(ticker: str, warnings: Sequence[str], fallback: str, *, total: bool) -> str:
    """What the warnings say of unknown dividends, which matter on the total basis alone, or of missing sessions."""
    own = [warning for warning in warnings if warning.startswith(f"{ticker}: ")]
    kinds = ("dividends are unknown", *_ABSENT) if total else _ABSENT
    found = (warning for kind in kinds for warning in own if kind in warning)
    return next(found, f"{ticker}: {fallback}")
