"""A lake of many tickers over many years, written by DuckDB alone: years of Parquet, a manifest, a pointer.

Its prices are a walk of no meaning; its schema, files, order and size are the ones that glue would publish.
"""

import json
import sys
from datetime import date
from pathlib import Path

import duckdb

from lake import calendar, layout
from lake.origin import claim_origin
from lake.snapshot import Manifest, TickerManifest, read_pointer, swap_pointer
from lake.storage import FolderStorage
from lake.tables import DAILY_PRICES

SNAPSHOT = "20261121T013005Z"
LAST = date(2026, 11, 20)
_SEEN = "2026-11-21T01:00:00.000000Z"
_NAMED = ("VOO", "NVDA", "AMZN", "AAPL", "META", "GOOGL", "MSFT", "TSLA", "QQQ", "SCHG")
_TYPES = {"string": "VARCHAR", "double": "DOUBLE", "bigint": "BIGINT", "int": "INTEGER", "date": "DATE"}
_ROW_GROUP = 20_480


def names(count: int) -> list[str]:
    """The universe, then names that nobody has."""
    others = (f"Z{one}{two}{three}" for one in "ABCD" for two in "ABCDEFGHIJKL" for three in "ABCDEFGHIJKL")
    return [*_NAMED, *(name for name, _ in zip(others, range(count), strict=False))][:count]


def write(root: Path, tickers: int, years: int) -> int:
    """Publish it; the rows it has."""
    storage = FolderStorage(root)
    claim_origin(storage, "simulated")
    days = calendar.sessions(date(LAST.year - years, LAST.month, LAST.day), LAST)
    chosen = names(tickers)
    for year in range(days[0].year, LAST.year + 1):
        _write_year(root, chosen, [day for day in days if day.year == year], year)
    entry = TickerManifest(days[0], LAST, len(days), _SEEN, _SEEN, _SEEN)
    rows = tickers * len(days)
    manifest = Manifest(SNAPSHOT, SNAPSHOT, "simulated", rows, ("simulated",), dict.fromkeys(chosen, entry))
    storage.write(layout.manifest(SNAPSHOT), manifest.to_json())
    swap_pointer(storage, SNAPSHOT, read_pointer(storage))
    return rows


def _write_year(root: Path, tickers: list[str], days: list[date], year: int) -> None:
    target = root / layout.table(SNAPSHOT, DAILY_PRICES.name) / f"year={year}" / "part-0.parquet"
    target.parent.mkdir(parents=True, exist_ok=True)
    columns = ", ".join(f"CAST({_value(one.name)} AS {_TYPES[one.type]}) AS {one.name}" for one in DAILY_PRICES.columns)
    with duckdb.connect() as connection:
        connection.execute("SET threads = 1; SET memory_limit = '300MB'")
        connection.execute(
            f"COPY (SELECT {columns} FROM (SELECT unnest(?::VARCHAR[]) AS t) "
            "CROSS JOIN (SELECT unnest(?::DATE[]) AS d) CROSS JOIN LATERAL "
            "(SELECT 100 + 50 * sin(hash(t) % 100 + epoch(d) / 9e6) + (hash(t, d) % 1000) / 400.0 AS p) "
            f"ORDER BY ticker, date) TO '{target}' (FORMAT parquet, ROW_GROUP_SIZE {_ROW_GROUP})",
            [tickers, days],
        )


def _value(column: str) -> str:
    """What stands in a column: everything moves with p, nothing splits, nobody pays."""
    fixed = {
        "ticker": "t",
        "date": "d",
        "raw_volume": "1000000 + hash(d, t) % 1000000",
        "volume": "1000000 + hash(d, t) % 1000000",
        "split_factor": "1",
        "share_factor": "1",
        "dividend": "0",
        "total_return_index": "p / 100",
        "day_of_week": "isodow(d)",
    }
    spread = {"high": "p * 1.01", "low": "p * 0.99"}
    return fixed.get(column) or spread.get(column.removeprefix("raw_"), "p")


if __name__ == "__main__":
    print(json.dumps(write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))))
