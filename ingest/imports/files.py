"""Reads a file's ticker, kind and rows, and reports the lines that cannot be read. No I/O.

A wrong line of prices is reported and left out. A wrong line of splits or dividends is a FileError, because the record
of such a file replaces older ones as a whole.
"""

import csv
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite
from pathlib import PurePath
from typing import Any, Literal

from ingest.errors import FileError
from ingest.imports.formats import PRICES, FileFormat, Kind, detect_format
from lake.universe import universe

_NO_VALUE = {"", "null", "none", "nan", "n/a"}
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
class FileContent:
    """What a file says of one ticker.

    `layout`: the name of its layout. `rows`: its prices, in the order of the file, () where it has none. `splits` (new
    shares for one old) and `dividends` (USD a share, as the file gives them): None where the file says nothing of them,
    () where it says that there are none. `covers`: its first and last date, the range in which its events replace
    others; None where it holds no date. `basis`: "raw" where the layout itself says that prices are as traded. `bad`:
    the lines that were left out. `notes`: what the report has to say besides.
    """

    ticker: str
    layout: str
    rows: Sequence[Row] = ()
    splits: Sequence[tuple[date, float]] | None = None
    dividends: Sequence[tuple[date, float]] | None = None
    covers: tuple[date, date] | None = None
    basis: Literal["raw"] | None = None
    bad: Sequence[BadLine] = ()
    notes: Sequence[str] = ()


def read(path: PurePath, data: bytes, ticker: str | None = None) -> list[FileContent]:
    """The content of a file, one for each ticker in it, ascending. FileError for a file that is refused.

    `ticker` is used where neither its rows nor its name say whose it is.
    """
    try:
        # -sig removes the byte order mark with which Excel begins a CSV in UTF-8.
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileError(f"it is not text in UTF-8: {error.reason} at byte {error.start}") from error
    return [_read_answer(path, text, ticker) if path.suffix.lower() == ".json" else _read_csv(path, text, ticker)]


def _read_csv(path: PurePath, text: str, ticker: str | None) -> FileContent:
    try:
        rows = list(csv.reader(text.splitlines()))
    except csv.Error as error:
        raise FileError(f"it is not CSV: {error}") from error
    if not rows:
        raise FileError("it is empty")
    format_ = detect_format(rows[0])
    lines = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]
    place = format_.columns.get("ticker")
    named = set() if place is None else {row[place] for _, row in lines if place < len(row)}
    owner = _owner(path, named, ticker)
    if format_.kind != "prices":
        return _events_content(owner, format_.kind, tuple(_events(format_, lines)))
    good, bad = [], []
    for number, row in lines:
        try:
            good.append(_row(number, row, format_))
        except (ValueError, IndexError) as error:
            bad.append(BadLine(number, str(error)))
    return FileContent(owner, "prices", good, covers=_covers([row.date for row in good]), bad=bad)


def _events_content(ticker: str, kind: Kind, events: Sequence[tuple[date, float]]) -> FileContent:
    covers = _covers([day for day, _ in events])
    if kind == "splits":
        return FileContent(ticker, kind, splits=events, covers=covers)
    return FileContent(ticker, kind, dividends=events, covers=covers)


def _covers(days: Sequence[date]) -> tuple[date, date] | None:
    return (min(days), max(days)) if days else None


def _row(number: int, row: Sequence[str], format_: FileFormat) -> Row:
    prices = {name: _price(name, row[format_.columns[name]]) for name in PRICES}
    volume = row[format_.columns["volume"]].strip()
    return Row(
        line=number,
        date=_date(row[format_.columns["date"]]),
        volume=None if volume.lower() in _NO_VALUE else _finite("volume", volume),
        **prices,
    )


def _price(name: str, text: str) -> float:
    """A price above zero, because the checks of a file divide by it."""
    price = _finite(name, text)
    if price <= 0:
        raise ValueError(f"{name} {text.strip()} is not above zero")
    return price


def _finite(name: str, text: str) -> float:
    value = float(text)
    if not isfinite(value):
        raise ValueError(f"{name} {text.strip()} is not a number")
    return value


def _events(format_: FileFormat, lines: Sequence[tuple[int, Sequence[str]]]) -> Iterator[tuple[date, float]]:
    value = "ratio" if format_.kind == "splits" else "amount"
    for number, row in lines:
        try:
            event = _event(row[format_.columns["date"]], row[format_.columns[value]])
        except (ValueError, IndexError, ZeroDivisionError) as error:
            raise FileError(f"line {number}: {error}; {format_.kind} are imported as a whole or not at all") from error
        if event:
            yield event


def _event(day: str, value: str) -> tuple[date, float] | None:
    """The event; None for one without a date or with an amount of zero: the vendor has both."""
    if day.strip().lower() in _NO_VALUE:
        return None
    new, colon, old = value.replace("/", ":").partition(":")
    number = float(new) / float(old) if colon else float(value)
    if colon and not number:
        raise ValueError(f"{value!r} is not a ratio")
    return (_date(day), number) if number else None


def _date(text: str) -> date:
    found = _ISO.fullmatch(text.strip())
    if found:
        return date.fromisoformat(found[1])
    if _COMPACT.fullmatch(text.strip()):
        return date.fromisoformat(f"{text.strip()[:4]}-{text.strip()[4:6]}-{text.strip()[6:]}")
    raise ValueError(f"{text!r} is not a date such as 2026-11-20")


def _read_answer(path: PurePath, text: str, ticker: str | None) -> FileContent:
    """A SPLITS or DIVIDENDS answer of the vendor. Of one without events, only the folder's name tells which."""
    try:
        payload = json.loads(text)
        symbol, rows = payload["symbol"], payload["data"]
        kind = _kind_of_answer(path, rows)
        day, value = ("effective_date", "split_factor") if kind == "splits" else ("ex_dividend_date", "amount")
        events = [event for row in rows if (event := _event(row[day], row[value]))]
    except (ValueError, KeyError, TypeError, AttributeError, ZeroDivisionError, RecursionError) as error:
        raise FileError(f"it is not a SPLITS or DIVIDENDS answer ({error!r})") from error
    return _events_content(_owner(path, {str(symbol)}, ticker), kind, tuple(events))


def _kind_of_answer(path: PurePath, rows: Sequence[Mapping[str, Any]]) -> Kind:
    if rows:
        return "splits" if "split_factor" in rows[0] else "dividends"
    for kind in ("splits", "dividends"):
        if path.parent.name == kind:
            return "splits" if kind == "splits" else "dividends"
    raise FileError("it holds no event, so its kind is unknown: put it in a folder called splits or dividends")


def _owner(path: PurePath, named: set[str], ticker: str | None) -> str:
    """The ticker that the rows name, else `ticker`, else the one in the file's name. It must be of the universe."""
    rows = {name.strip().upper().removesuffix(".US") for name in named}
    if len(rows) > 1:
        raise FileError(f"it holds {len(rows)} tickers, {', '.join(sorted(rows)[:3])}: split it into one file a ticker")
    in_name = {part for part in re.split(r"[^A-Z]+", path.stem.upper()) if part in universe()}
    for source, said in (("its rows say", rows), ("its name says", in_name)):
        if ticker and len(said) == 1 and said != {ticker}:
            raise FileError(f"{source} {said.pop()}, and --ticker says {ticker}")
    found = rows or ({ticker} if ticker else in_name)
    if len(found) != 1 or not found <= universe().keys():
        raise FileError(
            f"its ticker is {', '.join(sorted(found)) or 'unknown'}: name one of the universe with --ticker, or add it "
            "to lake/universe.toml"
        )
    return found.pop()
