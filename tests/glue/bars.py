"""Records and rows made by hand, to plant what the rules must catch."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from glue.merge.validation import current_table
from lake import calendar, layout
from lake.origin import claim_origin, read_origin
from lake.storage import Storage
from lake.tables import DAILY_PRICES, RAW_DIVIDENDS, RAW_PRICES, RAW_SPLITS, Table

FETCHED = "2026-01-20T01:00:00.000000Z"
DAYS = tuple(day.isoformat() for day in calendar.sessions(date(2026, 1, 5), date(2026, 1, 16)))
ARRIVED = date(2026, 2, 6)  # when the five runs of tests/glue/scenarios take place
FEW = 1000  # records, up to which their text in the query is quicker than another process
Row = dict[str, Any]


def bar(ticker: str, day: str, close: float = 100.0, **other: object) -> Row:
    """A raw bar of `close`, opened there, two dollars wide."""
    prices = {"open": close, "high": close + 1, "low": close - 1, "close": close, "volume": 1000}
    return {"ticker": ticker, "date": day, **prices, "source": "simulated", "fetched_at": FETCHED, **other}


def bars(ticker: str, days: Iterable[str] = DAYS, closes: Mapping[str, float] | None = None) -> list[Row]:
    """A bar of 100 dollars for each day, or of the close in `closes`."""
    return [bar(ticker, day, (closes or {}).get(day, 100.0)) for day in days]


def splits(ticker: str, *events: tuple[str, float], **other: object) -> Row:
    """A response with all splits of a ticker."""
    listed = [{"date": day, "ratio": ratio} for day, ratio in events]
    return {"ticker": ticker, "events": listed, "source": "simulated", "fetched_at": FETCHED, **other}


def dividends(ticker: str, *events: tuple[str, float], **other: object) -> Row:
    """A response with all dividends of a ticker."""
    listed = [{"ex_date": day, "amount": amount} for day, amount in events]
    return {"ticker": ticker, "events": listed, "source": "simulated", "fetched_at": FETCHED, **other}


def price_frame(spark: SparkSession, rows: Iterable[Row]) -> DataFrame:
    """Raw bars as clean leaves them: typed, with a true date and its year."""
    records = [
        tuple({**row, "date": day, "year": day.year}[name] for name in (*RAW_PRICES.column_names, "year"))
        for row in rows
        for day in (date.fromisoformat(row["date"]),)
    ]
    return _frame(spark, records, (*RAW_PRICES.column_names, "year"), f"{current_table(RAW_PRICES).ddl}, year int")


def split_frame(spark: SparkSession, *rows: Row) -> DataFrame:
    return _event_frame(spark, RAW_SPLITS, rows)


def dividend_frame(spark: SparkSession, *rows: Row) -> DataFrame:
    return _event_frame(spark, RAW_DIVIDENDS, rows)


def _event_frame(spark: SparkSession, table: Table, rows: Iterable[Row]) -> DataFrame:
    records = [tuple(row.get(name) for name in table.column_names) for row in rows]
    return _frame(spark, records, table.column_names, table.ddl)


def _frame(spark: SparkSession, records: list[tuple[Any, ...]], names: Sequence[str], ddl: str) -> DataFrame:
    """The records as a DataFrame; a few as a literal, for which Spark starts no Python process to read them."""
    if len(records) > FEW:
        return spark.createDataFrame(records, ddl)
    dated = ([value.isoformat() if isinstance(value, date) else value for value in record] for record in records)
    text = json.dumps([dict(zip(names, record, strict=True)) for record in dated])
    # Without FAILFAST a value of the wrong type would be null, or all rows lost, and a test of silence would pass.
    parsed = F.from_json(F.lit(text), f"array<struct<{ddl}>>", {"mode": "FAILFAST"})
    return spark.range(0, 1, 1, 1).select(F.inline(parsed))


def published_row(ticker: str, day: str, close: float = 100.0, **other: object) -> Row:
    """A sound row of `daily_prices`: no split, no dividend."""
    when = date.fromisoformat(day)
    adjusted = {"open": close, "high": close + 1, "low": close - 1, "close": close}
    raw = {f"raw_{name}": value for name, value in adjusted.items()}
    factors = {"split_factor": 1.0, "share_factor": 1.0, "dividend": 0.0, "total_return_index": close / 100}
    rest = {"raw_volume": 1000, "volume": 1000.0, "day_of_week": when.isoweekday(), "flags": "", "year": when.year}
    return {"ticker": ticker, "date": when, **raw, **adjusted, **factors, **rest, **other}


def published_frame(spark: SparkSession, rows: Iterable[Row]) -> DataFrame:
    names = (*DAILY_PRICES.column_names, "year")
    records = [tuple(row[name] for name in names) for row in rows]
    return _frame(spark, records, names, f"{DAILY_PRICES.ddl}, year int")


def deliver(
    storage: Storage, kind: layout.RawKind, rows: Iterable[Row], name: str, day: date = date(2026, 1, 20)
) -> None:
    """Put raw records into a lake, as they arrive on `day`; a new lake is a simulated one."""
    if read_origin(storage) is None:
        claim_origin(storage, "simulated")
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    storage.write(layout.raw(kind, day, f"{name}.json"), lines.encode())


def deliver_market(storage: Storage, *tickers: str, day: date) -> None:
    """Two weeks of bars of each ticker, without splits or dividends."""
    deliver(storage, "prices", [row for ticker in tickers for row in bars(ticker)], "bars", day)
    deliver(storage, "splits", [splits(ticker) for ticker in tickers], "splits", day)
    deliver(storage, "dividends", [dividends(ticker) for ticker in tickers], "dividends", day)
