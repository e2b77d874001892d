"""A file → its rows, as text says them: whose they are, of which kind, and which lines cannot be read. Pure.

A line of prices that is broken is told and left out. Splits and dividends are one whole answer, which replaces the
older ones: one that cannot be read makes the file a FileError.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite
from pathlib import PurePath
from typing import Any

from ingest.errors import FileError
from ingest.imports.layouts import PRICES, Kind, Layout, layout_of
from lake.universe import universe

_NOTHING = {"", "null", "none", "nan", "n/a"}
_ISO = re.compile(r"(\d{4}-\d{2}-\d{2})([T ].*)?")
_COMPACT = re.compile(r"\d{8}")


@dataclass(frozen=True)
class Row:
    """One line of prices. `volume` is a float: an adjusted one may have a fraction."""

    line: int
    date: date
    open: float
    high: float
    low: float
    close: float
    volume: float | None


@dataclass(frozen=True)
class BadLine:
    """A line that was left out, by its number in the file."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True)
class PriceFile:
    ticker: str
    rows: Sequence[Row]
    bad: Sequence[BadLine] = field(default_factory=tuple)


@dataclass(frozen=True)
class EventFile:
    """`events` by date: new shares for one old, or USD a share as paid."""

    ticker: str
    kind: Kind
    events: Sequence[tuple[date, float]]


def read(path: PurePath, data: bytes, ticker: str | None = None) -> PriceFile | EventFile:
    """What a file holds. `ticker` is whose, where neither its rows nor its name say it."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"it is no text: {error.reason} at byte {error.start}") from error
    return _read_answer(path, text, ticker) if path.suffix.lower() == ".json" else _read_csv(path, text, ticker)


def _read_csv(path: PurePath, text: str, ticker: str | None) -> PriceFile | EventFile:
    try:
        rows = list(csv.reader(text.splitlines()))
    except csv.Error as error:
        raise FileError(f"it is no CSV: {error}") from error
    if not rows:
        raise FileError("it is empty")
    layout = layout_of(rows[0])
    lines = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]
    place = layout.columns.get("ticker")
    named = set() if place is None else {row[place] for _, row in lines if place < len(row)}
    owner = _owner(path, named, ticker)
    if layout.kind != "prices":
        return EventFile(owner, layout.kind, tuple(_events(layout, lines)))
    good, bad = [], []
    for number, row in lines:
        try:
            good.append(_row(number, row, layout))
        except (ValueError, IndexError) as error:
            bad.append(BadLine(number, str(error)))
    return PriceFile(owner, good, bad)


def _row(number: int, row: Sequence[str], layout: Layout) -> Row:
    prices = {name: _price(name, row[layout.columns[name]]) for name in PRICES}
    volume = row[layout.columns["volume"]].strip()
    return Row(
        line=number,
        date=_date(row[layout.columns["date"]]),
        volume=None if volume.lower() in _NOTHING else _finite("volume", volume),
        **prices,
    )


def _price(name: str, text: str) -> float:
    """A price such as its neighbours can be measured by: the checks of a whole file divide by it."""
    price = _finite(name, text)
    if price <= 0:
        raise ValueError(f"{name} {text.strip()} is not above zero")
    return price


def _finite(name: str, text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"{name} {text.strip()} is no number")
    return value


def _events(layout: Layout, lines: Sequence[tuple[int, Sequence[str]]]) -> Iterator[tuple[date, float]]:
    value = "ratio" if layout.kind == "splits" else "amount"
    for number, row in lines:
        try:
            event = _event(row[layout.columns["date"]], row[layout.columns[value]])
        except (ValueError, IndexError, ZeroDivisionError) as error:
            raise FileError(f"line {number}: {error}; {layout.kind} are taken whole or not at all") from error
        if event:
            yield event


def _event(day: str, value: str) -> tuple[date, float] | None:
    """The event; None for one without a date or of nothing, as the vendor has some."""
    if day.strip().lower() in _NOTHING:
        return None
    new, colon, old = value.replace("/", ":").partition(":")
    number = float(new) / float(old) if colon else float(value)
    if colon and not number:
        raise ValueError(f"{value!r} is no ratio")
    return (_date(day), number) if number else None


def _date(text: str) -> date:
    found = _ISO.fullmatch(text.strip())
    if found:
        return date.fromisoformat(found[1])
    if _COMPACT.fullmatch(text.strip()):
        return date.fromisoformat(f"{text.strip()[:4]}-{text.strip()[4:6]}-{text.strip()[6:]}")
    raise ValueError(f"{text!r} is no date such as 2026-11-20")


def _read_answer(path: PurePath, text: str, ticker: str | None) -> EventFile:
    """A SPLITS or DIVIDENDS answer of the vendor. One without an event says what it is by its folder alone."""
    try:
        payload = json.loads(text)
        symbol, rows = payload["symbol"], payload["data"]
        kind = _kind_of_answer(path, rows)
        day, value = ("effective_date", "split_factor") if kind == "splits" else ("ex_dividend_date", "amount")
        events = [event for row in rows if (event := _event(row[day], row[value]))]
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError, RecursionError) as error:
        raise FileError(f"it is no SPLITS or DIVIDENDS answer ({error!r})") from error
    return EventFile(_owner(path, {str(symbol)}, ticker), kind, tuple(events))


def _kind_of_answer(path: PurePath, rows: Sequence[Mapping[str, Any]]) -> Kind:
    if rows:
        return "splits" if "split_factor" in rows[0] else "dividends"
    for kind in ("splits", "dividends"):
        if path.parent.name == kind:
            return "splits" if kind == "splits" else "dividends"
    raise FileError("it holds no event and does not say of what: put it in a folder called splits or dividends")


def _owner(path: PurePath, named: set[str], ticker: str | None) -> str:
    """The ticker that the rows name, else the one in the file's name, else `ticker`; of the universe."""
    rows = {name.strip().upper().removesuffix(".US") for name in named}
    if len(rows) > 1:
        raise FileError(f"it holds {len(rows)} tickers, {', '.join(sorted(rows)[:3])}: one file is of one")
    in_name = {part for part in re.split(r"[^A-Z]+", path.stem.upper()) if part in universe()}
    for source, said in (("it says that it is of", rows), ("its name says", in_name)):
        if ticker and len(said) == 1 and said != {ticker}:
            raise FileError(f"{source} {said.pop()}, and --ticker says {ticker}")
    found = rows or ({ticker} if ticker else in_name)
    if len(found) != 1 or not found <= universe().keys():
        raise FileError(
            f"it is of {', '.join(sorted(found)) or 'no ticker that is known'}: name one of the universe's with "
            "--ticker, or add it to lake/universe.toml"
        )
    return found.pop()
