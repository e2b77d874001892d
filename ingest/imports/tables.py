"""A table as every reader gives it, and the reader of CSV: finds the delimiter and the header. No I/O."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from ingest.errors import FileError
from ingest.imports.dates import Order, dates_of
from ingest.imports.layouts import BAR, YFINANCE_DOWNLOAD, Column, canonical, missing_columns, read_header
from ingest.imports.layouts import NAMES as COLUMN_NAMES
from ingest.imports.numbers import NO_VALUE
from ingest.imports.refusals import message_of_source, refuse_web_page
from lake.universe import universe

Unit = Literal["line", "record"]
Event = Literal["split", "dividend", "capital gain"]
NumberedRow = tuple[int, Sequence[str]]

_DELIMITERS = (",", ";", "\t", "|")
_OTHER_DELIMITERS = {
    "spaces": re.compile(r"\s+"),
    "colons": re.compile(":"),
    "carets": re.compile(r"\^"),
    "tildes": re.compile("~"),
}
_LINE_END = re.compile(r"\r\n|\r|\n")
_BEFORE_HEADER = 30  # lines that a title, comments and what was asked for may take
_EVENTS: tuple[Column, ...] = ("split", "dividend", "capital gain")
_FRAME_FIELDS = frozenset(name for column in (*BAR, *_EVENTS) for name in COLUMN_NAMES[column]) | {"adjclose"}
_FIELDS = frozenset(name for names in COLUMN_NAMES.values() for name in names if len(name) > 1)
# Between a ticker and a field: the first such sign, or the last one.
_SEPARATOR, _LAST_SEPARATOR = re.compile(r"[\s'_.,|:/-]+|$"), re.compile(r"[\s'_.,|:/-]+(?=[^\s'_.,|:/-]*$)|$")
_TICKER_LIKE = re.compile(r"\^?[A-Za-z][A-Za-z0-9.\-=]{0,11}")


@dataclass(frozen=True)
class Table:
    """The cells of a file as text, by row, with the place of each known column.

    `unit`: what the rows' numbers count. `symbol`: whose it is, where that is said outside of its rows. `events`: those
    that are given outside of its rows, as pairs of a day and a value. `bad`: rows that are not rows. `notes`: what the
    report has to say besides.
    """

    layout: str
    places: Mapping[Column, int]
    width: int
    rows: Sequence[NumberedRow]
    unit: Unit = "line"
    order: Order | None = None
    basis: Literal["raw"] | None = None
    symbol: str = ""
    events: Mapping[Event, Sequence[tuple[str, str]]] = field(default_factory=dict)
    bad: Sequence[tuple[int, str]] = ()
    notes: Sequence[str] = ()

    @property
    def has_prices(self) -> bool:
        """Whether its rows are bars."""
        return "open" in self.places

    def column(self, name: Column) -> Iterator[str]:
        """The cells of a column, without those of rows that are too short."""
        place = self.places.get(name)
        if place is not None:
            yield from (cells[place] for _, cells in self.rows if place < len(cells))


def csv_table(text: str) -> Table:
    """The table of a CSV. FileError for a text that is none, with what it is instead."""
    lines = [(number, line) for number, line in enumerate(_LINE_END.split(text), start=1) if line.strip()]
    if not lines:
        raise FileError("it is empty")
    refuse_web_page(text)
    for start in range(min(len(lines), _BEFORE_HEADER)):
        for delimiter in _DELIMITERS:
            top = list(_rows(lines[start : start + 3], delimiter))
            if not top or top[0][0] != lines[start][0]:
                continue
            read = (reader(top, lines[start:], delimiter) for reader in (_download, _plain, _combined))
            table = next(filter(None, read), None)
            if table:
                return table
    raise _unreadable(text, lines)


def _plain(top: Sequence[NumberedRow], lines: Sequence[tuple[int, str]], delimiter: str) -> Table | None:
    header = read_header(top[0][1], top[1][1] if len(top) > 1 else ())
    if header is None:
        return None
    rows = list(_rows(lines[1:], delimiter))
    layout = header.layout
    return Table(layout.name, header.places, len(top[0][1]), rows, order=layout.order, basis=layout.basis)


def _download(top: Sequence[NumberedRow], lines: Sequence[tuple[int, str]], delimiter: str) -> Table | None:
    """A data frame of yfinance's download(): above its rows a line of fields and one of tickers, in either order.

    Each ticker becomes a row of its own.
    """
    found = _fields_and_tickers(top)
    if not found:
        return None
    has_label = len(top) > 2 and any(canonical(cell) in COLUMN_NAMES["date"] for cell in top[2][1][:1])
    return _long(*found, _rows(lines[3 if has_label else 2 :], delimiter))


def _combined(top: Sequence[NumberedRow], lines: Sequence[tuple[int, str]], delimiter: str) -> Table | None:
    """A frame whose columns say the ticker and the field at once: MSFT.Open of quantmod, Close_MSFT, ('Close', 'MSFT').

    Columns of tickers outside the universe are ignored.
    """
    fields, owners = list(top[0][1]), {}
    for place, cell in enumerate(fields):
        if both := _field_and_ticker(cell):
            fields[place], owners[place] = both
    return _long(fields, owners, _rows(lines[1:], delimiter)) if len(owners) >= len(BAR) else None


def _field_and_ticker(cell: str) -> tuple[str, str] | None:
    text = cell.strip("()'\" ")
    for first, last in (_SEPARATOR.split(text, maxsplit=1), _LAST_SEPARATOR.split(text, maxsplit=1)):
        for name, ticker in ((first, last), (last, first)):
            if canonical(name) in _FRAME_FIELDS and ticker.upper() in universe():
                return name, ticker
    return None


def _long(fields: Sequence[str], owners: dict[int, str], lines: Iterable[NumberedRow]) -> Table:
    """The table with a row for each ticker. `owners`: the ticker of each column of values, by its place."""
    frames = {owner: _frame(fields, owners, owner) for owner in dict.fromkeys(owners.values())}
    day = next((place for place, cell in enumerate(fields) if canonical(cell) in COLUMN_NAMES["date"]), 0)
    columns: list[Column] = [*BAR, *(name for name in _EVENTS if all(name in frame for frame in frames.values()))]
    width = len(fields)
    rows = [
        # A row that is too long stays too long, so that it is refused.
        (number, [_cell(cells, day), owner, *(_cell(cells, frame[name]) for name in columns), *cells[width:]])
        for number, cells in lines
        for owner, frame in frames.items()
        # A ticker that was not listed yet, or a holiday of its exchange.
        if len(frames) == 1 or any(_cell(cells, place).strip() for place in frame.values())
    ]
    places: dict[Column, int] = {name: place for place, name in enumerate(("date", "ticker", *columns))}
    return Table(YFINANCE_DOWNLOAD.name, places, len(places), rows)


def _fields_and_tickers(top: Sequence[NumberedRow]) -> tuple[Sequence[str], dict[int, str]] | None:
    """The line of fields and, by its place, the ticker of each field that is known; None where there are none."""
    if len(top) < 2:
        return None
    for fields, tickers in ((top[0][1], top[1][1]), (top[1][1], top[0][1])):
        places = [place for place, cell in enumerate(fields) if place and canonical(cell) in _FRAME_FIELDS]
        owners = {place: _cell(tickers, place).strip() for place in places}
        if len(places) >= len(BAR) and all(map(_is_ticker, owners.values())):
            return fields, owners
    return None


def _frame(fields: Sequence[str], owners: Mapping[int, str], owner: str) -> dict[Column, int]:
    """The place of each column of one ticker."""
    mine = {canonical(fields[place]): place for place, other in owners.items() if other == owner}
    frame: dict[Column, int] = {
        name: mine[spelling] for name in (*BAR, *_EVENTS) for spelling in COLUMN_NAMES[name] if spelling in mine
    }
    missing = [name for name in BAR if name not in frame]
    if missing:
        raise FileError(f"its columns of {owner[:20]} lack {', '.join(missing)}: bars need them")
    return frame


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place] if place < len(cells) else ""


def _is_ticker(text: str) -> bool:
    return bool(_TICKER_LIKE.fullmatch(text)) and text.lower() not in NO_VALUE and canonical(text) not in _FIELDS


def _rows(lines: Iterable[tuple[int, str]], delimiter: str) -> Iterator[NumberedRow]:
    """The cells of each line that has any. A line with a field beyond the limit of the csv module has none."""
    for number, line in lines:
        # Each line by itself, because a quote that is not closed would take the lines after it into its field.
        try:
            cells = (
                line.split(delimiter)
                if '"' not in line
                else next(csv.reader([line], delimiter=delimiter, skipinitialspace=True))
            )
        except csv.Error:
            yield number, ()
            continue
        if any(cell.strip() for cell in cells):
            yield number, cells


def _unreadable(text: str, lines: Sequence[tuple[int, str]]) -> FileError:
    """Why none of the first lines is a header that is known."""
    first = lines[:_BEFORE_HEADER]
    for _, line in first:
        for delimiter in _DELIMITERS:
            ((_, cells),) = tuple(_rows([(1, line)], delimiter)) or ((1, ()),)
            if reason := missing_columns(cells):
                return FileError(reason)
    for name, pattern in _OTHER_DELIMITERS.items():
        if any(not _has_delimiter(line) and read_header(pattern.split(line.strip())) for _, line in first):
            return FileError(f"its columns are separated by {name}: separate them by commas, semicolons or tabs")
    # Fields and not signs, because a quoted field such as "Nov 20, 2025" may hold the delimiter.
    counts = [[len(cells) for _, cells in _rows(lines[:2], delimiter)] for delimiter in _DELIMITERS]
    is_table = len(lines) > 1 and any(len(count) > 1 and count[0] == count[1] > 1 for count in counts)
    if not is_table:
        return message_of_source(text[:5000])
    delimiter = max(_DELIMITERS, key=lines[0][1].count)
    header = next(_rows(lines[:1], delimiter))[1]
    if _is_date(header[0]):
        return FileError("it has no header: put date,open,high,low,close,volume, in the order of its columns, above it")
    return FileError(
        f"its header is {','.join(header)[:80]!r}: expected date, open, high, low, close and volume; "
        "date and split_factor; or ex_dividend_date and amount"
    )


def _has_delimiter(line: str) -> bool:
    return any(delimiter in line for delimiter in _DELIMITERS)


def _is_date(text: str) -> bool:
    try:
        dates_of([text], "month first").read(text)
    except ValueError:
        return False
    return True
