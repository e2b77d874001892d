"""Publishes a folder lake without Spark: bars as traded, splits and dividends become Parquet, manifest and pointer."""

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, cast

import duckdb

from lake import calendar, layout
from lake.origin import Origin, claim_origin
from lake.snapshot import Manifest, TickerManifest, read_pointer, swap_pointer
from lake.storage import FolderStorage
from lake.tables import CORPORATE_ACTIONS, DAILY_PRICES, DAILY_SENTIMENT, Table

SNAPSHOT = "20261121T013005Z"
_TYPES = {"string": "VARCHAR", "double": "DOUBLE", "bigint": "BIGINT", "int": "INTEGER", "date": "DATE"}
_MANY_ROWS = 20_000
_SEEN = "2026-11-21T01:00:00.000000Z"


@dataclass(frozen=True)
class Bar:
    """One session of one ticker as traded; volume is None if the source has none."""

    day: date
    open: float
    high: float
    low: float
    close: float
    volume: int | None


@dataclass(frozen=True)
class History:
    """One ticker: ascending bars, splits (new shares for one old) and dividends as paid; None: dividends unknown.

    `sentiment`: score and number of articles by session. A split with a fractional ratio is a spin-off.
    """

    bars: Sequence[Bar]
    splits: Mapping[date, float] = field(default_factory=dict)
    dividends: Mapping[date, float] | None = field(default_factory=dict)
    sentiment: Mapping[date, tuple[float, int]] = field(default_factory=dict)


def publish(
    root: Path,
    market: Mapping[str, History],
    *,
    snapshot: str = SNAPSHOT,
    origin: Origin = "simulated",
    unpublished: Mapping[str, str] | None = None,
    quality: Sequence[dict[str, Any]] = (),
    **found: Any,
) -> Path:
    """Publish `market` as `snapshot` of the lake at `root`, and make it the current one. Returns `root`.

    `found`: more fields of the manifest, such as `frozen` and `flagged`.
    """
    storage = FolderStorage(root)
    claim_origin(storage, origin)
    rows = [row for ticker in sorted(market) for row in adjusted_rows(ticker, market[ticker])]
    write_table(root, snapshot, DAILY_PRICES, rows)
    write_table(root, snapshot, CORPORATE_ACTIONS, [row for name in market for row in _actions(name, market[name])])
    write_table(root, snapshot, DAILY_SENTIMENT, [row for name in market for row in _sentiment(name, market[name])])
    manifest = Manifest(
        snapshot=snapshot,
        run=snapshot,
        origin=origin,
        rows=len(rows),
        sources=("alpha_vantage" if origin == "live" else origin,),
        tickers={ticker: _entry(history) for ticker, history in market.items()},
        unpublished=dict(unpublished or {}),
        quality=tuple(quality),
        **found,
    )
    storage.write(layout.manifest(snapshot), manifest.to_json())
    swap_pointer(storage, snapshot, read_pointer(storage))
    return root


def adjusted_rows(ticker: str, history: History) -> list[dict[str, Any]]:
    """The rows of `daily_prices`, ascending, computed session by session, independently of glue's Spark."""
    rows: list[dict[str, Any]] = []
    index, before = 1.0, None
    for bar in history.bars:
        factor = 1.0
        for day, ratio in history.splits.items():
            factor /= ratio if day > bar.day else 1.0
        paid = None if history.dividends is None else history.dividends.get(bar.day, 0.0)
        close = bar.close * factor
        if before is not None and paid is not None:
            index *= (close + paid * factor) / before
        rows.append(_row(ticker, bar, factor, paid, None if paid is None else index))
        before = close
    return rows


def write_table(root: Path, snapshot: str, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write `year=YYYY/part-0.parquet` of a table of a snapshot, with the types of `lake.tables`."""
    folder = root / layout.table(snapshot, table.name)
    columns = ", ".join(f"'{column.name}': '{_TYPES[column.type]}'" for column in table.columns)
    # Most lakes are small: starting DuckDB's threads would take longer than the work.
    threads: dict[str, Any] = {} if len(rows) > _MANY_ROWS else {"threads": 1}
    with tempfile.NamedTemporaryFile("w", suffix=".ndjson") as file, duckdb.connect(config=threads) as connection:
        file.writelines(json.dumps(row, default=str) + "\n" for row in rows)
        file.flush()
        source = f"read_json('{file.name}', format = 'newline_delimited', columns = {{{columns}}})"
        connection.execute(f"CREATE TABLE rows AS FROM {source}")
        for year in sorted({row["date"].year for row in rows}):
            target = folder / f"year={year}" / "part-0.parquet"
            target.parent.mkdir(parents=True, exist_ok=True)
            chosen = f"SELECT * FROM rows WHERE year(date) = {year} ORDER BY {', '.join(table.key)}"
            connection.execute(f"COPY ({chosen}) TO '{target}' (FORMAT parquet)")


def _actions(ticker: str, history: History) -> Iterator[dict[str, Any]]:
    for day, ratio in history.splits.items():
        kind = "split" if float(ratio).is_integer() else "spin_off"
        yield {"ticker": ticker, "date": day, "kind": kind, "value": ratio}
    for day, amount in (history.dividends or {}).items():
        yield {"ticker": ticker, "date": day, "kind": "dividend", "value": amount}


def _sentiment(ticker: str, history: History) -> Iterator[dict[str, Any]]:
    for day, (score, articles) in history.sentiment.items():
        yield {"ticker": ticker, "date": day, "score": score, "articles": articles}


def _row(ticker: str, bar: Bar, factor: float, dividend: float | None, index: float | None) -> dict[str, Any]:
    prices = {"open": bar.open, "high": bar.high, "low": bar.low, "close": bar.close}
    return (
        {"ticker": ticker, "date": bar.day}
        | {f"raw_{name}": price for name, price in prices.items()}
        | {"raw_volume": bar.volume}
        | {name: price * factor for name, price in prices.items()}
        | {"volume": None if bar.volume is None else bar.volume / factor}
        | {"split_factor": factor, "share_factor": factor, "dividend": dividend, "total_return_index": index}
        | {"day_of_week": bar.day.isoweekday(), "flags": ""}
    )


def _entry(history: History) -> TickerManifest:
    days = [bar.day for bar in history.bars]
    return TickerManifest(
        first=days[0],
        last=days[-1],
        sessions=len(days),
        fetched_at=_SEEN,
        splits_seen=_SEEN,
        dividends_seen=None if history.dividends is None else _SEEN,
        missing=tuple(sorted(set(calendar.sessions(days[0], days[-1])) - set(days))),
    )


def write_refusal(root: Path, refusal: object) -> None:
    """Write the report that glue writes when a quality rule blocks a run."""
    FolderStorage(root).write(layout.LAST_REFUSAL, json.dumps(refusal).encode())


def write_raw(root: Path, key: str, data: str) -> None:
    """Write any text at any key, for broken lakes."""
    FolderStorage(root).write(key, data.encode())


def read_json(path: Path) -> dict[str, Any]:
    """Read a JSON object from a file."""
    return cast("dict[str, Any]", json.loads(path.read_text(encoding="utf-8")))
