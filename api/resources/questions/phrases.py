"""What the sentences of the five answers share: numbers, spans and windows in words, and tickers without an answer."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypedDict

from api.formatting import counted, in_days, listed, period
from api.http.schemas import Meta
from api.panel.coverage import NOT_FOLLOWED, describe_empty
from api.panel.window import Between, Everything, Last, Span, YearToDate
from api.resources.questions.schemas import KeyFigure

_UNITS = {"d": "session", "w": "week", "m": "month", "y": "year"}
_ABSENT = ("not in the lake", "of the period's")  # what warnings of missing sessions say
FEW = 3  # tickers that a headline describes one by one
_MOST_HOLES = 3  # that a sentence names
_NUMERALS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


class AnswerFields(TypedDict):
    """The fields of an answer that say it."""

    headline: str | None
    key_figures: list[KeyFigure]
    details: list[str]
    answer: str | None
    reason: str | None


class Answer(NamedTuple):
    """What is answered: a sentence, a few figures, and the rest."""

    headline: str
    key_figures: list[KeyFigure]
    details: list[str]

    def fields(self) -> AnswerFields:
        return {
            "headline": self.headline,
            "key_figures": self.key_figures,
            "details": self.details,
            "answer": " ".join((self.headline, *self.details)),
            "reason": None,
        }


def no_answer(reasons: Iterable[str], parameters: str = "tickers=") -> AnswerFields:
    """The fields where nothing can be answered. `parameters`: those that take other tickers than the question's own."""
    why = list(reasons)
    if any(NOT_FOLLOWED in reason for reason in why):
        why.append(f"ask about tickers of this universe, which /tickers lists, with {parameters}")
    return {"headline": None, "key_figures": [], "details": [], "answer": None, "reason": "; ".join(why)}


def sentences(parts: Iterable[str]) -> list[str]:
    """Those that are not empty, each with its full stop."""
    return [f"{part}." for part in parts if part]


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
            return "the whole history"
        case Between(first, None):
            return f"the time since {in_days(first)}"
        case Between(first, last):
            return f"the time {period(first, last or first)}"


def over_span(span: Span, meta: Meta, last: date | None) -> str:
    """Over the past three months; the dates where the figures do not run over the whole of it.

    `last`: as for describe_closes.
    """
    whole = last is None or last == meta.window.to
    match span:
        case Last() if whole:
            return f"over {describe_span(span)}"
        case YearToDate() if whole:
            return "so far this year"
        case _:
            return f"from {describe_closes(meta, last).removeprefix('From ')}"


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
    return f"Missing data: {lacking}; changes run across them, and figures of daily returns leave them out"


def describe_too_few(returns: int, figure: str) -> str:
    """Why a figure of at least two daily returns is withheld."""
    known = "none is" if returns == 0 else "only one is"
    return f"No {figure} is given: it needs at least two daily returns, and {known} known"


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
