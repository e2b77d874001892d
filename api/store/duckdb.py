"""A folder lake, asked through DuckDB in this process."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np

from api.errors import StoreUnavailableError
from api.store.base import (
    VALUES,
    Bars,
    Event,
    Floats,
    Published,
    Query,
    Sentiment,
    Snapshots,
    bars_query,
    events_query,
    relation_of,
    sentiment_query,
)
from api.store.published_reader import PublishedReader
from lake import layout
from lake.storage import FolderStorage
from lake.tables import CORPORATE_ACTIONS, DAILY_PRICES, DAILY_SENTIMENT, Table

_FILES = "year=*/*.parquet"
_Result = TypeVar("_Result")


class DuckDBStore:
    """The store of a folder lake. Each question has a cursor of its own, in a thread."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._reader = PublishedReader(FolderStorage(root))
        self._connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})

    async def current(self) -> Published | None:
        return await self._reader.current()

    async def snapshots(self) -> Snapshots:
        return await self._reader.snapshots()

    async def last_refusal(self) -> Any:
        return await self._reader.last_refusal()

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Bars:
        query = bars_query(snapshot, tickers, first, last)
        return await asyncio.to_thread(self._run, DAILY_PRICES, snapshot, query, _bars_of)

    async def events(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        query = events_query(snapshot, tickers, first, last)
        rows = await asyncio.to_thread(self._rows_if_any, CORPORATE_ACTIONS, snapshot, query)
        return tuple(Event(*row) for row in rows)

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        query = sentiment_query(snapshot, tickers, first, last)
        return Sentiment.of_rows(await asyncio.to_thread(self._rows_if_any, DAILY_SENTIMENT, snapshot, query))

    def close(self) -> None:
        """Let go of the engine, also where somebody keeps the store: it complains when Python ends with it in use."""
        self._connection.close()
        del self._connection

    def _rows_if_any(self, table: Table, snapshot: str, query: Query) -> list[Any]:
        """The rows of a table that a snapshot may lack, or have without a single file."""
        if not any((self._root / layout.table(snapshot, table.name)).glob(_FILES)):
            return []
        return self._run(table, snapshot, query, lambda found: found.fetchall())

    def _run(self, table: Table, snapshot: str, query: Query, result_of: Callable[[Any], _Result]) -> _Result:
        try:
            with self._connection.cursor() as cursor:
                cursor.execute(view_over(self._root, table, snapshot))
                return result_of(cursor.execute(query.sql, query.values))
        except duckdb.Error as error:
            raise StoreUnavailableError(f"snapshot {snapshot} cannot be read: {error}") from error


def view_over(root: Path, table: Table, snapshot: str) -> str:
    """The statement that lets a cursor see a snapshot's Parquet files under the name the query uses."""
    files = (root / layout.table(snapshot, table.name) / _FILES).as_posix().replace("'", "''")
    return (
        f"CREATE OR REPLACE TEMP VIEW {relation_of(table, snapshot)} AS "  # noqa: S608 - a fixed pattern and a quoted path
        f"SELECT * FROM read_parquet('{files}', hive_partitioning = true, hive_types = {{'year': INTEGER}})"
    )


def _bars_of(found: Any) -> Bars:
    columns = found.fetchnumpy()
    return Bars(
        tickers=list(columns["ticker"]),
        days=np.asarray(columns["date"]).astype("datetime64[D]"),
        values={name: _floats(columns[name]) for name in VALUES},
    )


def _floats(column: Any) -> Floats:
    """A column with its nulls, which DuckDB masks, as NaN."""
    return np.ma.filled(np.ma.asarray(column).astype(np.float64), np.nan)
