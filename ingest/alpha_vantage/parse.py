"""Payloads of the vendor as records. No I/O; the caller passes the time."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from pydantic import ValidationError

from ingest.alpha_vantage.protocol import BARS_KEY
from ingest.errors import ParseError
from ingest.records import DailyBar, Dividend, Dividends, Split, Splits
from lake import calendar

Payload = Mapping[str, Any]
_VOLUME = "5. volume"
# Plain digits, because float() and int() also take "1_000", "١٢", " 1" and "Infinity".
_NUMBER, _COUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?"), re.compile(r"[0-9]{1,19}")
_NOTHING = "None"  # what the vendor writes where it has no date


@dataclass(frozen=True)
class Provenance:
    """Who gave a record, and when it was requested."""

    source: str
    fetched_at: datetime


@dataclass(frozen=True)
class RefusedRow:
    """A bar or an article that breaks an invariant. `at`: its day or time as the vendor wrote it."""

    ticker: str
    at: str
    reason: str
    what: Literal["bar", "article"] = "bar"

    def __str__(self) -> str:
        return f"{self.what} of {self.ticker} {self.at}: {self.reason}"


@dataclass(frozen=True)
class ParsedBars:
    """The good bars of an answer, ascending, and the refused ones. An unfinished session's bar is in neither."""

    good: tuple[DailyBar, ...]
    refused: tuple[RefusedRow, ...]


def daily(payload: Payload, ticker: str, provenance: Provenance, now: datetime) -> ParsedBars:
    """The bars of a TIME_SERIES_DAILY answer. `now` is the feed's clock, which tells the unfinished session."""
    unfinished = _unfinished_days(payload, ticker, now)
    good: list[DailyBar] = []
    refused: list[RefusedRow] = []
    for day, row in sorted(payload[BARS_KEY].items()):
        if day in unfinished:
            continue
        try:
            good.append(_bar(ticker, day, row, provenance, now))
        except (ValidationError, ValueError, KeyError, TypeError) as error:
            refused.append(RefusedRow(ticker, str(day), reason_of(error)))
    return ParsedBars(tuple(good), tuple(refused))


def splits(payload: Payload, ticker: str, provenance: Provenance) -> Splits:
    """The SPLITS answer. ParseError if one event cannot be read: the record replaces older ones as a whole."""
    try:
        events = tuple(
            Split(date=date.fromisoformat(row["effective_date"]), ratio=number(row, "split_factor"))
            for row in _rows(payload, ticker)
            if row["effective_date"] != _NOTHING
        )
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise ParseError(f"a split of {ticker} cannot be read: {reason_of(error)}") from error
    return Splits(ticker=ticker, events=events, source=provenance.source, fetched_at=provenance.fetched_at)


def dividends(payload: Payload, ticker: str, provenance: Provenance) -> Dividends:
    """The DIVIDENDS answer, declared future ones included. Amounts of zero and rows without an ex-date are left out."""
    try:
        events = tuple(
            Dividend(ex_date=date.fromisoformat(row["ex_dividend_date"]), amount=number(row, "amount"))
            for row in _rows(payload, ticker)
            if row["ex_dividend_date"] != _NOTHING and number(row, "amount") != 0
        )
    except (ValidationError, ValueError, KeyError, TypeError) as error:
        raise ParseError(f"a dividend of {ticker} cannot be read: {reason_of(error)}") from error
    return Dividends(ticker=ticker, events=events, source=provenance.source, fetched_at=provenance.fetched_at)


def _bar(ticker: str, day: str, row: Mapping[str, str], provenance: Provenance, now: datetime) -> DailyBar:
    session = date.fromisoformat(day)
    # Published, it would be the newest session, and the real bar of that day would never be requested.
    if session > now.astimezone(calendar.NEW_YORK).date():
        raise ValueError("is dated after today")
    return DailyBar(
        ticker=ticker,
        date=session,
        open=number(row, "1. open"),
        high=number(row, "2. high"),
        low=number(row, "3. low"),
        close=number(row, "4. close"),
        volume=_volume(row),
        source=provenance.source,
        fetched_at=provenance.fetched_at,
    )


def _volume(row: Mapping[str, object]) -> int | None:
    """The shares traded, or None where the vendor gives none: the bar's prices are still good."""
    return None if row.get(_VOLUME) in (None, "", _NOTHING) else int(_text_matching(_COUNT, row, _VOLUME))


def number(row: Mapping[str, object], name: str) -> float:
    """A number that the vendor writes as text. ValueError for what only Python would accept as one."""
    return float(_text_matching(_NUMBER, row, name))


def _text_matching(pattern: re.Pattern[str], row: Mapping[str, object], name: str) -> str:
    value = row[name]
    if isinstance(value, bool) or not pattern.fullmatch(str(value)):
        raise ValueError(f"{name}: {str(value)[:40]!r} is not a number")
    return str(value)


def _unfinished_days(payload: Payload, ticker: str, now: datetime) -> set[str]:
    """Days with an unfinished bar: today before the close, and the day of a "Last Refreshed" with a time of day."""
    about = payload.get("Meta Data")
    if not isinstance(about, Mapping) or about.get("2. Symbol") != ticker:
        raise ParseError(f"the answer to a request for {ticker} is not about {ticker}")
    today = now.astimezone(calendar.NEW_YORK).date()
    days = {today.isoformat()} if calendar.is_session(today) and now < calendar.close_of(today) else set()
    day, _, clock_time = str(about.get("3. Last Refreshed", "")).partition(" ")
    return days | {day} if clock_time else days


def _rows(payload: Payload, ticker: str) -> Iterator[Mapping[str, str]]:
    if payload.get("symbol") != ticker:
        raise ParseError(f"the answer to a request for {ticker} is not about {ticker}")
    yield from payload["data"]


def reason_of(error: Exception) -> str:
    """Why a value was refused, in a few words."""
    if isinstance(error, ValidationError):
        return "; ".join(
            " ".join([*map(str, detail["loc"]), detail["msg"].removeprefix("Value error, ")])
            for detail in error.errors()
        )
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
