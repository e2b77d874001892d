"""A folder lake, asked through DuckDB in this process."""

import asyncio
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import numpy as np

from api.errors import StoreUnavailableError
from api.store.base import VALUES, Bars, Floats, Published, Query, bars_query, relation_of
from api.store.published import PublishedReader
from lake import layout
from lake.storage import FolderStorage
from lake.tables import DAILY_PRICES


class DuckDBStore:
    """The store of a folder lake. Each question has a cursor of its own, in a thread."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._reader = PublishedReader(FolderStorage(root))
        self._connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})

    async def current(self) -> Published | None:
        return await self._reader.current()

    async def last_refusal(self) -> Any:
        return await self._reader.last_refusal()

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Bars:
        query = bars_query(snapshot, tickers, first, last)
        return await asyncio.to_thread(self._run, snapshot, query)

    def close(self) -> None:
        """Let go of the engine."""
        self._connection.close()

    def _run(self, snapshot: str, query: Query) -> Bars:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(view_over(self._root, snapshot))
                return _bars_of(cursor.execute(query.sql, query.values).fetchnumpy())
        except duckdb.Error as error:
            raise StoreUnavailableError(f"snapshot {snapshot} cannot be read: {error}") from error


def view_over(root: Path, snapshot: str) -> str:
    """The statement that lets a cursor see a snapshot's Parquet files under the name the query uses."""
    files = (root / layout.table(snapshot, DAILY_PRICES.name) / "year=*" / "*.parquet").as_posix().replace("'", "''")
    return (
        f"CREATE OR REPLACE TEMP VIEW {relation_of(snapshot)} AS "  # noqa: S608 - a fixed pattern and a quoted path
        f"SELECT * FROM read_parquet('{files}', hive_partitioning = true, hive_types = {{'year': INTEGER}})"
    )


def _bars_of(columns: dict[str, Any]) -> Bars:
    return Bars(
        tickers=list(columns["ticker"]),
        days=np.asarray(columns["date"]).astype("datetime64[D]"),
        values={name: _floats(columns[name]) for name in VALUES},
    )


def _floats(column: Any) -> Floats:
    """A column with its nulls, which DuckDB masks, as NaN."""
    return np.ma.filled(np.ma.asarray(column).astype(np.float64), np.nan)
