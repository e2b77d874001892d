"""Reads what a file says of each ticker in it, and reports the rows that cannot be read. No I/O.

A wrong row of prices is reported and left out. Events are read as a whole or not at all, because those of a file
replace the others in its range: one that cannot be read refuses a file of events, and leaves the events out of a file
of prices.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import PurePath
from statistics import median
from typing import Literal

from ingest.errors import FileError
from ingest.imports.answers import json_table
from ingest.imports.dates import Dates, dates_of, may_be_session
from ingest.imports.layouts import PRICES, Column
from ingest.imports.numbers import DOLLARS, NO_VALUE, Numbers, numbers_of, shown
from ingest.imports.owners import rows_by_ticker
from ingest.imports.tables import Event, NumberedRow, Table, Unit, csv_table
from ingest.imports.text import text_of
from lake.tables import HIGHEST_PRICE, LOWEST_PRICE

_MOST_SHARES = 1e13  # in one session: more than all shares of any company
_RATIOS = (1e-6, 1e6)  # of splits
_RATIO = re.compile(r"\s*[:/]\s*|(?:\s+|-)(?:for|to)(?:\s+|-)", re.IGNORECASE)  # 4:1, 4/1, 4 for 1, 4-for-1, 4 to 1
_TERMS = re.compile(r"\s*([0-9.]+)(?:\s+|-)for(?:\s+|-)([0-9.]+)\b.*", re.IGNORECASE)  # 3-for-1 split
_SPLIT_WORDS = re.compile(r"\s+(?:(?:forward|reverse|stock)\s+)*split$", re.IGNORECASE)
_THOUSAND = 1000  # shares
_LONGEST_GAP = 5  # days: daily bars are one day apart, and weekly ones seven
_ENOUGH_ROWS = 4  # to tell by their gaps what they are
_SHIFTED = 0.1  # a fraction: one day in five falls on a Saturday or a Sunday if all are a day early or late
_WEEK = range(6, 9)  # days between weekly bars: one may be of the session before a holiday
_DAILY = "D"
_DAILY_PERIODS = ("", _DAILY, "1D", "DAY", "DAILY", "1DAY")
_WHOLE = "splits and dividends are imported as a whole or not at all"
_SAME_DAY = 1.5  # bars a day, above which they are no daily bars


@dataclass(frozen=True)
class Row:
    """One row of prices. `volume` is a float: an adjusted one may have a fraction.

    `line`: its line in the file, or its place among the records of JSON, as `unit` says.
    """

    line: int
    date: date
    open: float
    high: float
    low: float
    close: float
    volume: float | None
    unit: Unit = "line"

    def bad(self, reason: str) -> "BadLine":
        """This row as one that is left out."""
        return BadLine(self.line, reason, self.unit)


@dataclass(frozen=True)
class BadLine:
    """A row that was left out, by its number in the file."""

    line: int
    reason: str
    unit: Unit = "line"

    def __str__(self) -> str:
        return f"{self.unit} {self.line}: {self.reason}"


@dataclass(frozen=True)
class FileContent:
    """What a file says of one ticker.

    `layout`: the name of its layout. `rows`: its prices, in the order of the file, () where it has none. `splits` (new
    shares for one old) and `dividends` (USD a share, as the file gives them): None where the file says nothing of them,
    () where it says that there are none. `covers`: its first and last date, the range in which its events replace
    others; None where it holds no date. `basis`: "raw" where the layout itself says that prices are as traded. `bad`:
    the rows that were left out. `notes`: what the report has to say besides.
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
    text = text_of(data)
    if not text.strip():
        raise FileError("it is empty")
    # By its content and not by its name: the refusal of a source may be JSON in a file that was saved as CSV.
    table = json_table(path, text) if text.lstrip()[:1] in ("{", "[") else csv_table(text)
    if table.has_prices and not table.rows:
        raise FileError("it has no line of prices: the source had none for what was asked, or the file is cut off")
    owned = rows_by_ticker(path, table, ticker)
    reader = _Reader(table, dates_of(list(_days(table)), table.order), _numbers(table))
    contents = [reader.content(owner, rows) for owner, rows in owned.rows.items()]
    bad = [BadLine(number, reason, table.unit) for number, reason in (*table.bad, *owned.bad)]
    if bad and not table.has_prices:
        raise FileError(f"{bad[0]}; {_WHOLE}")
    first = contents[0]
    contents[0] = replace(first, bad=[*bad, *first.bad], notes=[*table.notes, *owned.notes, *first.notes])
    return contents


def _days(table: Table) -> Iterator[str]:
    yield from table.column("date")
    yield from (day for events in table.events.values() for day, _ in events)


def _numbers(table: Table) -> Numbers:
    prices = (cell for name in PRICES for cell in table.column(name))
    paid: tuple[Column, ...] = ("dividend", "capital gain")
    others: tuple[Column, ...] = ("volume", *paid) if table.has_prices else (*paid, "split")
    return numbers_of(prices, (cell for name in others for cell in table.column(name)))


@dataclass(frozen=True)
class _Reader:
    """Reads the rows of a table."""

    table: Table
    dates: Dates
    numbers: Numbers

    def content(self, ticker: str, rows: Sequence[NumberedRow]) -> FileContent:
        _refuse_other_currencies(self.table, rows)
        good, bad = self._bars(rows) if self.table.has_prices else ([], [])
        _refuse_other_intervals(good, [cells for _, cells in rows], self.table)
        _refuse_shifted_days(good)
        _refuse_volumes_in_thousands(good)
        notes = [*self._rounded(rows), *_without_volume(good)]
        splits = self._events("split", rows, notes)
        dividends = self._with_capital_gains(self._events("dividend", rows, notes), rows, notes)
        days = [row.date for row in good] + [day for day, _ in (*(splits or ()), *(dividends or ()))]
        if not self.table.has_prices:
            days = list(self._covered(rows))
        covers = (min(days), max(days)) if days else None
        layout, basis = self.table.layout, self.table.basis
        return FileContent(ticker, layout, good, splits, dividends, covers, basis, bad, notes)

    def _bars(self, rows: Sequence[NumberedRow]) -> tuple[list[Row], list[BadLine]]:
        good, bad = [], []
        for number, cells in rows:
            try:
                good.append(self._bar(number, cells))
            except ValueError as error:
                bad.append(BadLine(number, str(error), self.table.unit))
        return good, bad

    def _bar(self, number: int, cells: Sequence[str]) -> Row:
        self._check_width(cells)
        day = self.dates.read(self._cell("date", cells))
        texts = {name: self._cell(name, cells) for name in PRICES}
        if all(text.strip().lower() in NO_VALUE for text in texts.values()):
            raise ValueError(f"{day} has no prices")
        prices = {name: self._price(name, text) for name, text in texts.items()}
        return Row(
            line=number, date=day, volume=self._volume(self._cell("volume", cells)), unit=self.table.unit, **prices
        )

    def _check_width(self, cells: Sequence[str]) -> None:
        """A comma within a number without quotes makes a cell too many, and moves all others."""
        if any(cell.strip() for cell in cells[self.table.width :]):
            raise ValueError(
                f"it has {len(cells)} fields, and the header {self.table.width}: a comma in a number, without quotes "
                "around it, separates fields"
            )

    def _cell(self, name: Column, cells: Sequence[str]) -> str:
        place = self.table.places[name]
        if place >= len(cells):
            raise ValueError(f"it has {len(cells)} of {self.table.width} fields: {name} is missing")
        return cells[place]

    def _price(self, name: str, text: str) -> float:
        if text.strip().lower() in NO_VALUE:
            raise ValueError(f"{name} is missing")
        price = self.numbers.read(name, text)
        if self.numbers.is_rounded(text):
            raise ValueError(f"{name} {shown(text.strip())} is rounded, and no price")
        if not LOWEST_PRICE <= price <= HIGHEST_PRICE:
            reason = "is not above zero" if price <= 0 else "is no price of a share, which is 0.0001 to 10,000,000 USD"
            raise ValueError(f"{name} {shown(text.strip())[1:-1]} {reason}")
        return price

    def _volume(self, text: str) -> float | None:
        if text.strip().lower() in NO_VALUE:
            return None
        volume = self.numbers.read("volume", text)
        if not 0 <= volume <= _MOST_SHARES:
            raise ValueError(f"volume {shown(text.strip())[1:-1]} is no number of shares")
        # 0.00M is a volume below half of the last digit, and not one of zero.
        return None if volume == 0 and self.numbers.is_rounded(text) else volume

    def _rounded(self, rows: Sequence[NumberedRow]) -> Iterator[str]:
        place = self.table.places.get("volume")
        if place is None or not self.table.has_prices:
            return
        found = [cells[place] for _, cells in rows if place < len(cells) and self.numbers.is_rounded(cells[place])]
        if found:
            yield f"its volumes are rounded by the source, such as {found[0].strip()[:20]}"

    def _events(self, kind: Event, rows: Sequence[NumberedRow], notes: list[str]) -> list[tuple[date, float]] | None:
        """The events of a column, each once; None where the file says nothing of them, or one cannot be read."""
        if kind not in self.table.places and kind not in self.table.events and not self._has_terms(kind):
            return None
        name = f"{kind}s"
        found: dict[tuple[date, float], int] = {}
        for where, day, value in self._event_cells(kind, rows):
            try:
                event = self._event(kind, day, value)
            except ValueError as error:
                if not self.table.has_prices:
                    raise FileError(f"{where}: {error}; {_WHOLE}") from error
                notes.append(f"its {name} are left out, because one cannot be read ({where}: {error})")
                return None
            if event:
                found[event] = found.get(event, 0) + 1
        twice = next(((day, a, b) for (day, a), (other, b) in pairwise(sorted(found)) if day == other), None)
        if twice and self.table.has_prices:
            notes.append(f"its {name} are left out, because {twice[0]} has different ones")
            return None
        if twice and kind == "split":
            raise FileError(
                f"it gives two splits of {twice[0]}, {twice[1]:g} and {twice[2]:g}: one of the two is wrong"
            )
        notes += [
            f"the {kind} of {day} ({value:g}) is given {count} times and counts once"
            for (day, value), count in found.items()
            if count > 1 and not self.table.has_prices
        ]
        return list(found)

    def _with_capital_gains(
        self, dividends: list[tuple[date, float]] | None, rows: Sequence[NumberedRow], notes: list[str]
    ) -> list[tuple[date, float]] | None:
        """The dividends with the capital gains that a fund distributes: cash a share, and reinvested as they are.

        Yahoo mostly counts them among the dividends of the day already: https://github.com/ranaroussi/yfinance/pull/2667
        """
        gains = self._events("capital gain", rows, notes)
        if not gains or (dividends is None and "dividend" in self.table.places):
            return dividends
        paid: defaultdict[date, float] = defaultdict(float)
        for day, amount in dividends or ():
            paid[day] += amount
        added = {day: gain for day, gain in gains if paid[day] < gain}
        notes.append(
            "its capital gains are cash that was paid: "
            f"{len(added)} are added to its dividends, {len(gains) - len(added)} are in them already"
        )
        return [*(dividends or ()), *added.items()]

    def _event_cells(self, kind: Event, rows: Sequence[NumberedRow]) -> Iterator[tuple[str, str, str]]:
        """Where each event stands, its day and its value."""
        for place, (day, value) in enumerate(self.table.events.get(kind, ()), start=1):
            yield f"{kind} {place}", day, value
        columns: tuple[Column, ...] = ("new shares", "old shares") if self._has_terms(kind) else (kind,)
        if columns[0] in self.table.places:
            for number, cells in rows:
                where = f"{self.table.unit} {number}"
                dated, places = self.table.places["date"], [self.table.places[column] for column in columns]
                if max(dated, *places) < len(cells):
                    yield where, cells[dated], self._described(kind, cells) or ":".join(cells[one] for one in places)
                elif not self.table.has_prices:
                    raise FileError(f"{where} is cut off; {_WHOLE}")

    def _has_terms(self, kind: Event) -> bool:
        """Whether the new and the old shares of a split have columns of their own."""
        return kind == "split" and {"new shares", "old shares"} <= self.table.places.keys()

    def _described(self, kind: Event, cells: Sequence[str]) -> str | None:
        """`3:1` of a description such as 3-for-1 split, which says what sources call from and to both ways."""
        place = self.table.places.get("description")
        found = _TERMS.fullmatch(cells[place]) if kind == "split" and place is not None and place < len(cells) else None
        return f"{found[1]}:{found[2]}" if found else None

    def _event(self, kind: Event, day: str, text: str) -> tuple[date, float] | None:
        """The event; None for one without a date or a value: an amount of zero, and a ratio of one or zero."""
        if day.strip().lower() in NO_VALUE:
            return None
        if text.strip().lower() in NO_VALUE:
            # Next to prices, or to the other kind, no value is no event; alone it would withdraw one that is known.
            if self.table.has_prices or {"split", "dividend"} <= self.table.places.keys():
                return None
            raise ValueError(f"the {kind} of {day.strip()} has no value")
        value = self._ratio(text) if kind == "split" else self._amount(text)
        if value == 0 or (kind == "split" and value == 1):
            return None
        return self.dates.read(day), value

    def _ratio(self, text: str) -> float:
        parts = _RATIO.split(_SPLIT_WORDS.sub("", text.strip()))
        numbers = [self.numbers.read("ratio", part) for part in parts]
        if len(numbers) > 2 or (len(numbers) == 2 and not all(numbers)):
            raise ValueError(f"{shown(text)} is not a ratio")
        ratio = numbers[0] / numbers[1] if len(numbers) == 2 else numbers[0]
        if ratio != 0 and not _RATIOS[0] <= ratio <= _RATIOS[1]:
            raise ValueError(f"{shown(text)} is no ratio of a split")
        return ratio

    def _amount(self, text: str) -> float:
        amount = self.numbers.read("amount", text)
        if not 0 <= amount <= HIGHEST_PRICE:
            raise ValueError(f"{shown(text)} is no dividend")
        return amount

    def _covered(self, rows: Iterable[NumberedRow]) -> Iterator[date]:
        """The days of a file of events, those without one among them."""
        place = self.table.places["date"]
        for number, cells in rows:
            if place < len(cells) and cells[place].strip().lower() not in NO_VALUE:
                try:
                    yield self.dates.read(cells[place])
                except ValueError as error:
                    raise FileError(f"{self.table.unit} {number}: {error}; {_WHOLE}") from error


def _without_volume(rows: Sequence[Row]) -> Iterator[str]:
    count = sum(row.volume is None for row in rows)
    if count:
        yield f"{'all' if count == len(rows) else count} of its {len(rows)} rows have no volume"


def _refuse_other_intervals(rows: Sequence[Row], cells: Sequence[Sequence[str]], table: Table) -> None:
    """FileError for bars of a minute, of a week or of a month."""
    days = sorted({row.date for row in rows})
    place = table.places["date"]
    texts = {row[place].strip() for row in cells if place < len(row)}
    if days and len(rows) > _SAME_DAY * len(days) and len(texts) > _SAME_DAY * len(days):
        raise FileError(f"it holds several bars a day, as on {days[0]}: daily bars are needed")
    period = table.places.get("period")
    other = next((row[period].strip() for row in cells if period is not None and period < len(row)), _DAILY)
    if other.upper() not in _DAILY_PERIODS:
        raise FileError(f"its period is {shown(other)}, as of minutes, weeks or months: daily bars are needed")
    gaps = [(after - before).days for before, after in pairwise(days)]
    is_weekly = len(gaps) > 1 and all(gap in _WEEK for gap in gaps)
    if is_weekly or (len(days) >= _ENOUGH_ROWS and median(gaps) >= _LONGEST_GAP):
        raise FileError(f"its rows are {median(gaps):g} days apart, as those of weeks or months: daily bars are needed")


def _refuse_other_currencies(table: Table, rows: Sequence[NumberedRow]) -> None:
    """FileError where a column says that the values are not in dollars."""
    place = table.places.get("currency")
    found = {cells[place].strip() for _, cells in rows if place is not None and place < len(cells)}
    other = next((text for text in sorted(found) if text.upper() not in DOLLARS), None)
    if other:
        raise FileError(f"its currency is {shown(other)}, and values in USD are needed")


def _refuse_shifted_days(rows: Sequence[Row]) -> None:
    """FileError where all days are one too early or too late, as midnight elsewhere is in another time zone."""
    days = sorted({row.date for row in rows})
    closed = [day for day in days if not may_be_session(day)]
    if len(days) < _ENOUGH_ROWS or len(closed) <= _SHIFTED * len(days):
        return
    for way, shift in (("early", timedelta(1)), ("late", timedelta(-1))):
        if all(may_be_session(day + shift) for day in days):
            raise FileError(
                f"its days are one day too {way}, as they are in another time zone: the exchange was closed on "
                f"{closed[0]} and open on {closed[0] + shift}. Save it with the days of New York"
            )


def _refuse_volumes_in_thousands(rows: Sequence[Row]) -> None:
    """FileError where volumes are such as 1.234: a dot for thousands, or thousands of shares, and no shares."""
    volumes = [row.volume for row in rows if row.volume]
    fractions = [volume for volume in volumes if volume % 1]
    if fractions and max(volumes) < _THOUSAND:
        raise FileError(
            f"its volumes are such as {fractions[0]:g}, and a volume as traded is a whole number of shares: if the dot "
            "separates thousands, or volumes are in thousands, save it with whole numbers of shares"
        )
