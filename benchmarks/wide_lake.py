"""Writes a lake of many tickers over many years with DuckDB: Parquet files by year, a manifest, a pointer.

The prices are artificial. Schema, files, order and size are those of a lake that glue publishes.
"""

import json
import sys
from collections.abc import Sequence
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
_UNIVERSE = ("VOO", "NVDA", "AMZN", "AAPL", "META", "GOOGL", "MSFT", "TSLA", "QQQ", "SCHG")
_TYPES = {"string": "VARCHAR", "double": "DOUBLE", "bigint": "BIGINT", "int": "INTEGER", "date": "DATE"}
# Small row groups: rows are sorted by ticker, so a query of few tickers can skip most groups of a year.
_ROW_GROUP = 20_480


def ticker_names(count: int) -> list[str]:
    """The universe, then invented tickers."""
    others = (f"Z{one}{two}{three}" for one in "ABCD" for two in "ABCDEFGHIJKL" for three in "ABCDEFGHIJKL")
    return [*_UNIVERSE, *(name for name, _ in zip(others, range(count), strict=False))][:count]


def write(root: Path, tickers: int, years: int, names: Sequence[str] = ()) -> int:
    """Publish the lake at `root`; returns its number of rows. `names`: the tickers, if not those of ticker_names."""
    storage = FolderStorage(root)
    claim_origin(storage, "simulated")
    days = calendar.sessions(date(LAST.year - years, LAST.month, LAST.day), LAST)
    chosen = [*names][:tickers] or ticker_names(tickers)
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
    # Bounded, so that 2.5 million rows can be written on a small machine.
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
    """The SQL expression of a column. Prices follow p; there are no splits and no dividends."""
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
