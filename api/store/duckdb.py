"""The store of a lake in a folder, which is queried through DuckDB in this process."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import numpy as np

from api.analytics.arrays import SESSIONS_PER_YEAR, Floats
from api.errors import StoreUnavailableError
from api.store.protocol import VALUES, Event, Published, Sentiment, Snapshots, TickerBars, bars_by_ticker, joined
from api.store.published_reader import PublishedReader
from api.store.queries import Query, bars_query, events_query, relation_of, sentiment_query
from api.store.year_cache import FIRST_YEAR
from lake import layout
from lake.storage import FolderStorage
from lake.tables import CORPORATE_ACTIONS, DAILY_PRICES, DAILY_SENTIMENT, Table

_LOG = logging.getLogger(__name__)
_FILES = "year=*/*.parquet"
_BARS_A_QUERY = 50_000  # the bars of fifty tickers over four years
_Result = TypeVar("_Result")


class DuckDBStore:
    """The store of a folder lake. Each query has a cursor of its own, in a thread.

    `bars_a_query`: of how many bars one query is, about, but of a year at least.
    """

    def __init__(self, root: Path, bars_a_query: int = _BARS_A_QUERY) -> None:
        self._root, self._bars_a_query = root, bars_a_query
        self._reader = PublishedReader(FolderStorage(root))
        self._connection = duckdb.connect(":memory:", config={"autoinstall_known_extensions": "false"})

    async def current(self) -> Published | None:
        return await self._reader.current()

    async def snapshots(self) -> Snapshots:
        return await self._reader.snapshots()

    async def last_refusal(self) -> Any:
        return await self._reader.last_refusal()

    async def forecasts(self) -> Mapping[str, bytes]:
        return await self._reader.forecasts()

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        return await asyncio.to_thread(self._bars, snapshot, tickers, first, last)

    async def events(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        query = events_query(snapshot, tickers, first, last)
        rows = await asyncio.to_thread(self._rows_if_any, CORPORATE_ACTIONS, snapshot, query)
        return tuple(Event(*row) for row in rows)

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        query = sentiment_query(snapshot, tickers, first, last)
        return Sentiment.of_rows(await asyncio.to_thread(self._rows_if_any, DAILY_SENTIMENT, snapshot, query))

    def close(self) -> None:
        """Free the engine even while somebody still refers to the store."""
        # DuckDB complains when the interpreter ends with a connection in use.
        self._connection.close()
        del self._connection

    def _bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> dict[str, TickerBars]:
        """The bars, a few years at a time: DuckDB sorts what it reads, in several times the memory of the bars."""
        parts = [
            self._run(
                DAILY_PRICES,
                snapshot,
                bars_query(snapshot, tickers, begin, end),
                lambda result: _bars_of(result.fetchnumpy(), tickers),
            )
            for begin, end in runs_of_years(first, last, self._bars_a_query // max(1, len(tickers)))
        ]
        return {ticker: joined([part.pop(ticker) for part in parts]) for ticker in dict.fromkeys(tickers)}

    def _rows_if_any(self, table: Table, snapshot: str, query: Query) -> list[Any]:
        """The rows of a table that a snapshot may lack, or have without any file."""
        if not any((self._root / layout.table(snapshot, table.name)).glob(_FILES)):
            return []
        return self._run(table, snapshot, query, lambda found: found.fetchall())

    def _run(self, table: Table, snapshot: str, query: Query, result_of: Callable[[Any], _Result]) -> _Result:
        try:
            with self._connection.cursor() as cursor:
                # A view under the name of the catalog's table, so that the query is the one that Athena gets.
                cursor.execute(view_over(self._root, table, snapshot))
                return result_of(cursor.execute(query.sql, query.values))
        except duckdb.Error as error:
            _LOG.warning("snapshot %s: %s", snapshot, error)
            # DuckDB's own text names paths of this machine.
            raise StoreUnavailableError(f"snapshot {snapshot} cannot be read: a file is missing or damaged") from error


def runs_of_years(first: date, last: date, sessions: int) -> list[tuple[date, date]]:
    """The days from `first` to `last` in runs that end with a year, of about so many sessions, but a year at least."""
    years = max(1, sessions // SESSIONS_PER_YEAR)
    # No bar is older than the calendar, whatever the first day that is asked for.
    cuts = range(max(first.year, FIRST_YEAR) + years, last.year + 1, years)
    begins, ends = [date(year, 1, 1) for year in cuts], [date(year - 1, 12, 31) for year in cuts]
    return list(zip([first, *begins], [*ends, last], strict=True))


def view_over(root: Path, table: Table, snapshot: str) -> str:
    """The statement that shows a cursor a snapshot's Parquet files under the name that the queries use."""
    files = (root / layout.table(snapshot, table.name) / _FILES).as_posix().replace("'", "''")
    return (
        f"CREATE OR REPLACE TEMP VIEW {relation_of(table, snapshot)} AS "  # noqa: S608 - a fixed pattern and a quoted path
        f"SELECT * FROM read_parquet('{files}', hive_partitioning = true, hive_types = {{'year': INTEGER}})"
    )


def _bars_of(columns: dict[str, Any], tickers: Sequence[str]) -> dict[str, TickerBars]:
    """The bars of a result's columns, each of which is given up once it is copied: a wide result is not held twice."""
    names, days = (np.asarray(columns.pop(name)) for name in ("ticker", "date"))
    values = np.empty((len(VALUES), len(days)))
    for row, name in zip(values, VALUES, strict=True):
        row[:] = _floats(columns.pop(name))
    return bars_by_ticker(names.tolist(), days.astype("datetime64[D]"), values, tickers)


def _floats(column: Any) -> Floats:
    """A column with its nulls, which DuckDB masks, as NaN."""
    return np.ma.filled(np.ma.asarray(column).astype(np.float64, copy=False), np.nan)
