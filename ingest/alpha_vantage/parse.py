"""Payloads of the vendor as records. No I/O; the caller passes the time."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from operator import itemgetter
from typing import Any, Literal

from pydantic import ValidationError

from ingest.alpha_vantage.protocol import BARS_KEY, Repeated
from ingest.errors import ParseError
from ingest.records import DailyBar, Dividend, Dividends, Split, Splits
from lake import calendar

Payload = Mapping[str, Any]
# Published sessions that are delivered again: the vendor may have corrected a volume since.
OVERLAP_SESSIONS = 5
_VOLUME = "5. volume"
# Plain digits, because float() and int() also take "1_000", "١٢", " 1" and "Infinity".
_NUMBER, _COUNT = re.compile(r"-?[0-9]+(\.[0-9]+)?"), re.compile(r"[0-9]{1,19}")
_PRICES = ("1. open", "2. high", "3. low", "4. close")
# date.fromisoformat() also takes "20251118" and "2025-W47-2", under which an answer could give a day twice unnoticed.
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
# A whole row at once, because a history of 500 tickers has 2.5 million of them.
_values_of = itemgetter(*_PRICES, _VOLUME)
_PLAIN_ROW = re.compile(rf"({_DAY.pattern})" + r" (-?[0-9]+(?:\.[0-9]+)?)" * len(_PRICES) + rf" ({_COUNT.pattern})")
_NOTHING = "None"  # what the vendor writes where it has no date


_Values = tuple[float, float, float, float, int | None]  # open, high, low, close, volume


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


def daily(
    payload: Payload,
    ticker: str,
    provenance: Provenance,
    now: datetime,
    wanted: Collection[date] | None = None,
) -> ParsedBars:
    """The bars of a TIME_SERIES_DAILY answer. `now` is the feed's clock, which tells the unfinished session.

    Where sessions are `wanted`, only the bars to deliver, and the good one before each that is wanted: nine in ten bars
    of an answer are known and would be read for nothing.
    A day that is given twice alike counts once; one that is given twice with different values is refused.
    """
    unfinished = _unfinished_days(payload, ticker, now)
    today = now.astimezone(calendar.NEW_YORK).date()
    rows = payload[BARS_KEY]
    days = sorted(day for day in rows if day not in unfinished)
    needed = days if wanted is None else days_to_deliver(days, wanted)
    good: list[DailyBar] = []
    refused: list[RefusedRow] = []
    # The newest first, so that a wanted bar is read before it needs the one before it.
    for day in reversed(days):
        if wanted is not None and day not in needed and not (good and good[-1].date in wanted):
            continue
        try:
            good.append(_bar(ticker, day, rows[day], provenance, today))
        except (ValidationError, ValueError, KeyError) as error:
            refused.append(RefusedRow(ticker, day, reason_of(error)))
    return ParsedBars(tuple(reversed(good)), tuple(reversed(refused)))


def days_to_deliver(days: Sequence[str], wanted: Collection[date]) -> set[str]:
    """The wanted sessions and the last few published ones before them, of the ascending days of an answer.

    By the published sessions the lake notices an answer on another basis than the bars that it has.
    """
    requested = {day.isoformat() for day in wanted}
    return requested.union([day for day in days if day not in requested][-OVERLAP_SESSIONS:])


def splits(payload: Payload, ticker: str, provenance: Provenance) -> Splits:
    """The SPLITS answer, each event once. ParseError if one cannot be read: the record replaces older ones whole."""
    events = tuple(dict.fromkeys(_split_events(payload, ticker)))
    return Splits(ticker=ticker, events=events, source=provenance.source, fetched_at=provenance.fetched_at)


def dividends(payload: Payload, ticker: str, provenance: Provenance) -> Dividends:
    """The DIVIDENDS answer, declared future ones included. Amounts of zero and rows without an ex-date are left out.

    A dividend that is given twice alike counts once; two different ones of one day are two dividends.
    """
    events = tuple(dict.fromkeys(_dividend_events(payload, ticker)))
    return Dividends(ticker=ticker, events=events, source=provenance.source, fetched_at=provenance.fetched_at)


def repeated_splits(payload: Payload, record: Splits) -> list[str]:
    """A sentence for each split that a SPLITS answer gives more than once. `record`: of that answer."""
    if len(record.events) == len(payload["data"]):  # the usual answer is not read twice
        return []
    counts = Counter(_split_events(payload, record.ticker))
    return [
        f"{record.ticker}: the split of {event.date} ({event.ratio:g} for 1) is given {count} times in one answer; "
        "it counts once"
        for event, count in counts.items()
        if count > 1
    ]


def repeated_dividends(payload: Payload, record: Dividends) -> list[str]:
    """A sentence for each dividend that a DIVIDENDS answer gives more than once. `record`: of that answer."""
    if len(record.events) == len(payload["data"]):  # the usual answer is not read twice
        return []
    counts = Counter(_dividend_events(payload, record.ticker))
    return [
        f"{record.ticker}: the dividend of {event.ex_date} ({event.amount:g}) is given {count} times in one answer; "
        "it counts once"
        for event, count in counts.items()
        if count > 1
    ]


def _split_events(payload: Payload, ticker: str) -> list[Split]:
    try:
        return [
            Split(date=_day(row["effective_date"]), ratio=number(row, "split_factor"))
            for row in _rows(payload, ticker)
            if row["effective_date"] != _NOTHING
        ]
    except (ValidationError, ValueError, KeyError) as error:
        raise ParseError(f"a split of {ticker} cannot be read: {reason_of(error)}") from error


def _dividend_events(payload: Payload, ticker: str) -> list[Dividend]:
    try:
        return [
            Dividend(ex_date=_day(row["ex_dividend_date"]), amount=amount)
            for row in _rows(payload, ticker)
            if row["ex_dividend_date"] != _NOTHING and (amount := number(row, "amount")) != 0
        ]
    except (ValidationError, ValueError, KeyError) as error:
        raise ParseError(f"a dividend of {ticker} cannot be read: {reason_of(error)}") from error


def _bar(ticker: str, day: str, row: object, provenance: Provenance, today: date) -> DailyBar:
    session, values = _plain_row(day, row) or (_day(day), None)
    # Published, it would be the newest session, and the real bar of that day would never be requested.
    if session > today:
        raise ValueError("it is dated after today")
    if values:
        return _bar_of(ticker, session, values, provenance)
    if not isinstance(row, Repeated):
        return _bar_of(ticker, session, _values(row), provenance)
    given = [_bar_of(ticker, session, _values(one), provenance) for one in row.values]
    if any(bar != given[0] for bar in given):
        raise ValueError(f"it is given more than once with different values ({_differences(given)})")
    return given[0]


def _bar_of(ticker: str, session: date, values: _Values, provenance: Provenance) -> DailyBar:
    opening, high, low, close, volume = values
    return DailyBar(
        ticker=ticker,
        date=session,
        open=opening,
        high=high,
        low=low,
        close=close,
        volume=volume,
        source=provenance.source,
        fetched_at=provenance.fetched_at,
    )


def _plain_row(day: str, row: Any) -> tuple[date, _Values] | None:
    """The session and values of a row in which all are plain numbers, as in nearly every one; else None."""
    try:
        found = _PLAIN_ROW.fullmatch(" ".join((day, *_values_of(row))))
        if found is None:
            return None
        session, opening, high, low, close, volume = found.groups()
        return date.fromisoformat(session), (float(opening), float(high), float(low), float(close), int(volume))
    except (KeyError, TypeError, ValueError):  # one is not there, is no text, or is a day like 30 February
        return None


def _values(row: object) -> _Values:
    """The values of any row, one by one. ValueError or KeyError for the first that is wrong."""
    given = _object(row)
    opening, high, low, close = (number(given, name) for name in _PRICES)
    return opening, high, low, close, _volume(given)


def _differences(bars: Sequence[DailyBar]) -> str:
    """The fields in which bars of one day differ: `close 518.72 and 518.32`."""
    found = {one.name: dict.fromkeys(getattr(bar, one.name) for bar in bars) for one in fields(DailyBar)}
    return ", ".join(f"{name} {' and '.join(map(str, values))}" for name, values in found.items() if len(values) > 1)


def _volume(row: Mapping[str, Any]) -> int | None:
    """The shares traded, or None where the vendor gives none: the bar's prices are still good."""
    return None if row.get(_VOLUME) in (None, "", _NOTHING) else int(_text_matching(_COUNT, row, _VOLUME))


def number(row: Mapping[str, object], name: str) -> float:
    """A number that the vendor writes as text. ValueError for what only Python would accept as one."""
    return float(_text_matching(_NUMBER, row, name))


def _text_matching(pattern: re.Pattern[str], row: Mapping[str, object], name: str) -> str:
    value = row[name]
    if type(value) is str and pattern.fullmatch(value):  # nearly every value; a history has 25,000
        return value
    if isinstance(value, Repeated):
        given = " and ".join(str(one)[:40] for one in value.values)
        raise ValueError(f"{name} is given more than once: {given}")  # noqa: TRY004 - wrong data, not a wrong call
    if isinstance(value, bool) or not pattern.fullmatch(str(value)):
        raise ValueError(f"{name}: {str(value)[:40]!r} is not a number")
    return str(value)


def _day(value: object) -> date:
    """A date that the vendor writes as 2025-11-18. ValueError for what only Python would accept as one."""
    text = str(value)
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise ValueError(f"{text[:40]!r} is not a date")


def _object(row: object) -> Mapping[str, Any]:
    if not isinstance(row, Mapping):
        raise ValueError(f"{str(row)[:40]!r} has no named values")  # noqa: TRY004 - wrong data, not a wrong call
    return row


def _unfinished_days(payload: Payload, ticker: str, now: datetime) -> set[str]:
    """Days with an unfinished bar: today before the close, and the day of a "Last Refreshed" before its bell."""
    about = payload.get("Meta Data")
    if not isinstance(about, Mapping) or about.get("2. Symbol") != ticker:
        raise ParseError(f"the answer to a request for {ticker} is not about {ticker}")
    today = now.astimezone(calendar.NEW_YORK).date()
    days = {today.isoformat()} if calendar.is_session(today) and now < calendar.close_of(today) else set()
    day = unfinished_day(str(about.get("3. Last Refreshed", "")))
    return days | {day} if day else days


def unfinished_day(refreshed: str) -> str | None:
    """The day of a "Last Refreshed" with a time of day before its closing bell; None where the session was over."""
    day, _, clock_time = refreshed.partition(" ")
    if not clock_time:
        return None
    try:
        moment = datetime.fromisoformat(refreshed).replace(tzinfo=calendar.NEW_YORK)
    except ValueError:
        return day
    return day if moment < calendar.close_of(moment.date()) else None


def _rows(payload: Payload, ticker: str) -> Iterator[Mapping[str, Any]]:
    if payload.get("symbol") != ticker:
        raise ParseError(f"the answer to a request for {ticker} is not about {ticker}")
    yield from map(_object, payload["data"])


_BOUNDS = {"greater_than": ("gt", "above"), "greater_than_equal": ("ge", "at least"),
           "less_than": ("lt", "below"), "less_than_equal": ("le", "at most")}  # fmt: skip


def _message(detail: Mapping[str, Any]) -> str:
    """What is wrong with one value, in words of this project and not in those of the library that found it."""
    if detail["type"] in _BOUNDS:
        bound, words = _BOUNDS[detail["type"]]
        return f"{float(detail['input']):g} is not {words} {detail['ctx'][bound]:g}"
    return str(detail["msg"]).removeprefix("Value error, ")


def reason_of(error: Exception) -> str:
    """Why a value was refused, in a few words."""
    if isinstance(error, ValidationError):
        # Grouped, because an absurd bar mostly has four absurd prices.
        fields: dict[str, list[str]] = {}
        for detail in error.errors():
            fields.setdefault(_message(detail), []).append(" ".join(map(str, detail["loc"])))
        return "; ".join(f"{', '.join(names)} {message}".strip() for message, names in fields.items())
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
