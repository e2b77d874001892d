"""Reads tables from JSON: answers of known sources, lists of records, columns beside one another. No I/O."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import PurePath
from typing import Any

from ingest.alpha_vantage.parse import unfinished_day
from ingest.errors import FileError
from ingest.imports.dates import dates_of
from ingest.imports.layouts import (
    BAR,
    JSON_LAYOUTS,
    NAMES,
    YAHOO_CHART,
    Column,
    JsonLayout,
    canonical,
    missing_columns,
    read_header,
)
from ingest.imports.numbers import DOLLARS, shown
from ingest.imports.refusals import message_of_source
from ingest.imports.tables import Event, NumberedRow, Table
from lake.universe import TICKER_PATTERN

Item = tuple[str, str, Any]  # the ticker and the day that lie outside of a record, and the record

_RECORDS = next(layout for layout in JSON_LAYOUTS if layout.name == "records")
_BAR_NAMES = frozenset(name for column in BAR for name in NAMES[column])
_CONTAINERS = ("data", "values", "historical", "prices", "rows", "candles", "history", "quotes", "results", "items")
_MESSAGES = ("Error Message", "Information", "Note", "message", "error", "detail", "description", "errors")
_DEEPEST = 3  # objects around a message
_FRAMES = ("dataset", "dataset_data", "datatable")  # of Nasdaq Data Link
_SYMBOLS = ("symbol", "ticker", "Symbol", "Ticker")
_NEXT_PAGES = ("next_page_token", "next_url")  # of Alpaca and Polygon
_PAGED = "it is one page of several: download the next ones too, because the days on them are missing"
_NO_DATA = "the source had no data: its answer is empty. Check the ticker and the dates that were asked for"


class _Repeated(dict[str, Any]):
    """An object in which a key stands more than once with different values. JSON readers keep the last, silently."""

    def __init__(self, pairs: Sequence[tuple[str, Any]]) -> None:
        super().__init__(pairs)
        self.pairs = pairs
        counts = Counter(key for key, _ in pairs)
        self.keys_twice = [key for key, count in counts.items() if count > 1]


def json_table(path: PurePath, text: str) -> Table:
    """The table of a JSON text. FileError where it has none, with what it says instead."""
    value = _parsed(text)
    if isinstance(value, list):
        return _table(_RECORDS, _items(value), "", path)
    if not value:
        raise FileError(_NO_DATA)
    if isinstance(value.get("chart"), dict):
        return _yahoo_chart(value["chart"])
    _refuse_other_currency(value)
    frame = next((inner for name in _FRAMES if isinstance(inner := value.get(name), dict)), value)
    names = frame.get("columns", frame.get("column_names"))
    if isinstance(names, list) and isinstance(frame.get("data"), list):
        return _table(_RECORDS, _items(list(_split_frame(names, frame))), _at(frame, "dataset_code"), path)
    for layout in JSON_LAYOUTS:
        if layout.rows and layout.rows in value:
            _refuse_repeated(value)
            symbol = _at(value, layout.symbol) or _at(value[layout.rows], layout.symbol)
            table = _table(_as_given(layout, value), _items(value[layout.rows]), symbol, path)
            table = replace(table, notes=[_PAGED] if any(map(value.get, _NEXT_PAGES)) else [])
            return _without_unfinished(table, _at(value, "Meta Data/3. Last Refreshed"))
    return _unnamed(value, path)


def _refuse_other_currency(value: Mapping[str, Any]) -> None:
    currency = _at(value, "currency") or _at(value, "meta/currency")
    if currency.upper() not in DOLLARS:
        raise FileError(f"its currency is {shown(currency)}, and values in USD are needed")


def _unnamed(value: dict[str, Any], path: PurePath) -> Table:
    """The table of an object that has no key of a known source."""
    other = next((name for name in value if "Time Series" in name), None)
    if other:
        raise FileError(f"it holds {other[:60]!r}, and daily bars are needed: ask for TIME_SERIES_DAILY")
    symbol = next((_text(value[name]) for name in _SYMBOLS if isinstance(value.get(name), str)), "")
    symbol = symbol or _at(value, "meta/symbol")
    for name in _CONTAINERS:
        if isinstance(value.get(name), list | dict) and value[name]:
            return _table(_RECORDS, _items(value[name]), symbol, path)
    items = list(_items(value))
    if any(isinstance(record, dict) for *_, record in items):
        return _table(_RECORDS, items, symbol, path)
    said = list(_messages(value))
    if said:
        raise message_of_source(" ".join(said))
    is_empty = any(value.get(name) in ([], {}) for name in _CONTAINERS)
    if is_empty or _text(value.get("resultsCount", value.get("count", ""))) == "0" or value.get("s") == "no_data":
        raise FileError(_NO_DATA)
    raise FileError(f"its JSON has no layout that is known; its keys are {', '.join(value)[:80]!r}")


def _messages(value: Mapping[str, Any], depth: int = 0) -> Iterator[str]:
    """What an object says instead of data, in itself or in the objects in it: {"finance": {"error": {…}}}."""
    for said in (value.get(name) for name in _MESSAGES):
        yield from (text for text in (said if isinstance(said, list) else [said]) if isinstance(text, str) and text)
    for inner in value.values() if depth < _DEEPEST else ():
        if isinstance(inner, dict):
            yield from _messages(inner, depth + 1)


def _parsed(text: str) -> Any:
    """The JSON value. Numbers stay text, so that they are read like those of CSV."""
    try:
        return _loads(text)
    except RecursionError as error:
        raise FileError("its JSON is nested too deeply to hold a table") from error
    except json.JSONDecodeError as error:
        lines = [line for line in text.splitlines() if line.strip()]
        try:
            if len(lines) > 1 and error.lineno <= 2:
                return [_loads(line) for line in lines]
        except (json.JSONDecodeError, RecursionError):
            pass
        raise FileError(
            f"it is no JSON from line {error.lineno}, column {error.colno} on, so it is damaged or cut off: "
            "download it again"
        ) from error


def _loads(text: str) -> Any:
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_object)


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object. A key given twice alike counts once."""
    found = dict(pairs)
    if len(found) == len(pairs) or all(found[key] == value for key, value in pairs):
        return found
    return _Repeated(pairs)


def _refuse_repeated(value: Mapping[str, Any]) -> None:
    if isinstance(value, _Repeated):
        raise FileError(f"it gives {', '.join(value.keys_twice)[:60]!r} more than once, differently")


def _pairs(value: Mapping[str, Any]) -> Iterable[tuple[str, Any]]:
    return value.pairs if isinstance(value, _Repeated) else value.items()


def _as_given(layout: JsonLayout, value: Mapping[str, Any]) -> JsonLayout:
    """The layout, as traded where the answer itself says that its prices are not adjusted."""
    if value.get("adjusted") is False:
        return replace(layout, basis="raw")
    return layout


def _at(value: Any, path: str) -> str:
    """The text at a path such as Meta Data/2. Symbol; nothing where there is none."""
    for key in path.split("/") if path else ():
        value = value.get(key) if isinstance(value, dict) else None
    return _text(value) if isinstance(value, str) else ""


def _items(value: Any, ticker: str = "", depth: int = 0) -> Iterator[Item]:
    """The records of a list, of an object by day or by ticker, and of columns beside one another."""
    if isinstance(value, list):
        yield from ((ticker, "", record) for record in value)
    elif isinstance(value, dict) and _is_frame(value):
        yield from ((ticker, "", record) for record in _frame(value))
    elif isinstance(value, dict):
        for key, inner in _pairs(value):
            if _is_day(key):
                yield ticker, key, inner
            elif isinstance(inner, dict) and _is_record(inner):
                yield key if TICKER_PATTERN.fullmatch(key) else ticker, "", inner
            elif isinstance(inner, list | dict) and depth < 2:
                yield from _items(inner, key if TICKER_PATTERN.fullmatch(key) else ticker, depth + 1)


def _is_day(key: str) -> bool:
    try:
        dates_of([key], None).read(key)
    except (ValueError, FileError):
        return False
    return len(key) >= 8  # shorter ones are places in a list


def _is_record(value: Mapping[str, Any]) -> bool:
    return any(canonical(key) in _BAR_NAMES and not isinstance(inner, list | dict) for key, inner in value.items())


def _is_frame(value: Mapping[str, Any]) -> bool:
    """Whether an object holds columns: lists, or values by row as pandas writes them."""
    columns = [inner for key, inner in value.items() if canonical(key) in _BAR_NAMES]
    return len(columns) >= 2 and all(isinstance(inner, list | dict) for inner in columns)


def _frame(value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The records of columns."""
    _refuse_repeated(value)
    by_row = {key: inner for key, inner in value.items() if isinstance(inner, dict)}
    if by_row:
        for row in dict.fromkeys(row for column in by_row.values() for row in column):
            record = {key: column.get(row) for key, column in by_row.items()}
            yield record if any(canonical(key) in NAMES["date"] for key in record) else {"date": row, **record}
        return
    lists = {key: inner for key, inner in value.items() if isinstance(inner, list)}
    for cells in zip_longest(*lists.values()):
        yield dict(zip(lists, cells, strict=True))


def _split_frame(columns: Sequence[Any], value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The records of a data frame that is written as the names of its columns, its index and its rows.

    pandas does so, and Nasdaq Data Link, formerly Quandl, which gives the names in objects.
    """
    names = [_at(name, "name") or _text(name) for name in columns]
    is_dated = any(canonical(name) in NAMES["date"] for name in names)
    for day, cells in zip_longest(() if is_dated else _list(value.get("index")), value["data"]):
        record = dict(zip(names, cells, strict=False)) if isinstance(cells, list) else {}
        yield record if is_dated else {"date": day, **record}


def _without_unfinished(table: Table, refreshed: str) -> Table:
    """The table without the bar of a session that was not over at the time of the vendor's last refresh."""
    day, place = unfinished_day(refreshed), table.places["date"]
    unfinished = [number for number, cells in table.rows if day and cells[place] == day]
    reason = f"its session was not over when the answer was given, at {shown(refreshed.partition(' ')[2])[1:-1]}"
    return replace(
        table,
        rows=[row for row in table.rows if row[0] not in unfinished],
        bad=[*table.bad, *((number, reason) for number in unfinished)],
    )


def _table(layout: JsonLayout, items: Iterable[Item], symbol: str, path: PurePath) -> Table:
    found = list(items)
    records = [(number, item) for number, item in enumerate(found, start=1) if isinstance(item[2], dict)]
    bad = [(number, "it is no record") for number, item in enumerate(found, start=1) if not isinstance(item[2], dict)]
    if not records:
        return _without_records(layout, bad, symbol, path)
    names = list(dict.fromkeys(key for _, (*_, record) in records for key in record))
    # Polygon says T for the ticker and t for the time.
    header = ["ticker" if name == "T" else name for name in names]
    outside = [
        name
        for name, place, known in (("ticker", 0, NAMES["ticker"]), ("date", 1, NAMES["date"]))
        if any(item[place] for _, item in records) and not any(canonical(cell) in known for cell in header)
    ]
    header += outside
    read = read_header(header)
    if read is None:
        reason = (
            missing_columns(header) or f"its records have {', '.join(names)[:80]!r}, and no layout is known with these"
        )
        raise FileError(reason)
    rows: list[NumberedRow] = []
    for number, (ticker, day, record) in records:
        if isinstance(record, _Repeated):
            bad.append((number, f"it gives {', '.join(record.keys_twice)[:40]!r} twice, differently"))
            continue
        given = {"ticker": ticker, "date": day}
        rows.append((number, [*(_text(record.get(name)) for name in names), *(given[name] for name in outside)]))
    name, basis = layout.name, layout.basis
    if layout is _RECORDS or (layout.rows == "data" and read.has_prices):
        # The records of a source whose CSV is known have the same columns.
        same = read.layout.marks and not (read.layout.header or read.layout.row)
        name, basis = (read.layout.name, read.layout.basis) if same else (_RECORDS.name, None)
    return Table(name, read.places, len(header), rows, "record", read.layout.order, basis, symbol, bad=bad)


def _without_records(layout: JsonLayout, bad: Sequence[tuple[int, str]], symbol: str, path: PurePath) -> Table:
    """A table without rows: of events where the file's folder or name says of which, because there may be none."""
    if bad:
        raise FileError("its JSON holds a list, but no records with names")
    if layout.rows != "data":
        raise FileError(_NO_DATA)
    for name, column in (("split", "split"), ("dividend", "dividend")):
        if f"{name}s" in (path.parent.name.lower(), *path.stem.lower().replace("-", "_").split("_")):
            places: dict[Column, int] = {"date": 0, "split" if column == "split" else "dividend": 1}
            return Table(layout.name, places, 2, (), "record", symbol=symbol)
    raise FileError("it holds no event, so its kind is unknown: put it in a folder called splits or dividends")


def _yahoo_chart(chart: Mapping[str, Any]) -> Table:
    results = chart.get("result")
    if not isinstance(results, list) or not results or not isinstance(results[0], dict):
        error = chart.get("error")
        said = _at(error, "description") or _at(error, "code")
        raise message_of_source(said) if said else FileError(_NO_DATA)
    if len(results) > 1:
        raise FileError(f"it holds {len(results)} charts: save each in a file of its own")
    result = results[0]
    meta = result.get("meta")
    for name, wanted, why in (("currency", "USD", "prices in USD"), ("dataGranularity", "1d", "daily bars")):
        if _at(meta, name) not in ("", wanted):
            raise FileError(f"its {name} is {_at(meta, name)[:20]!r}, and {why} are needed")
    times, quote = result.get("timestamp"), _first(result.get("indicators"), "quote")
    if not isinstance(times, list) or not times:
        raise FileError(_NO_DATA)
    columns = [times, *(_list(quote.get(name)) for name in BAR)]
    rows, live = [], _live_since(meta)
    bad: list[tuple[int, str]] = []
    for number, cells in enumerate(zip_longest(*columns), start=1):
        if live and _number(cells[0]) >= live:
            bad.append((number, "its session was not over when the chart was saved"))
        else:
            rows.append((number, [_text(cell) for cell in cells]))
    names: tuple[Column, ...] = ("date", *BAR)
    places = {name: place for place, name in enumerate(names)}
    events = _events(result.get("events"))
    return Table(
        YAHOO_CHART.name, places, len(names), rows, "record", symbol=_at(meta, "symbol"), events=events, bad=bad
    )


def _live_since(meta: Any) -> float:
    """The opening of the session in which a chart was saved; 0 where that session was over."""
    opening, end = (_number(_at(meta, f"currentTradingPeriod/regular/{name}")) for name in ("start", "end"))
    return opening if opening <= _number(_at(meta, "regularMarketTime")) < end else 0


def _number(value: Any) -> float:
    """A number that JSON has as text; 0 where it is none."""
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0


def _events(events: Any) -> dict[Event, Sequence[tuple[str, str]]]:
    """The events of a chart, as pairs of a day and a value. What the chart does not name, it does not speak of."""
    found: dict[Event, Sequence[tuple[str, str]]] = {}
    if not isinstance(events, dict):
        return found
    kinds: tuple[tuple[Event, str], ...] = (("dividend", "dividends"), ("capital gain", "capitalGains"))
    for kind, name in kinds:
        if isinstance(paid := events.get(name), dict):
            found[kind] = [(_at(one, "date") or key, _at(one, "amount")) for key, one in _pairs(paid)]
    if isinstance(splits := events.get("splits"), dict):
        found["split"] = [
            (_at(one, "date") or key, f"{_at(one, 'numerator')}:{_at(one, 'denominator')}")
            for key, one in _pairs(splits)
        ]
    return found


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _first(value: Any, name: str) -> dict[str, Any]:
    inner = value.get(name) if isinstance(value, dict) else None
    return inner[0] if isinstance(inner, list) and inner and isinstance(inner[0], dict) else {}


def _text(value: Any) -> str:
    """A value as the text of a cell. Numbers are text already."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else "{…}" if isinstance(value, dict) else "[…]"
