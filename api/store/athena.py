"""The store of a lake on S3, which is queried through Athena.

The cursor is PyAthena's `aio.s3fs`: it reads the result file in one request, where the default cursor pages through
GetQueryResults a thousand rows at a time, and it needs nothing besides PyAthena's base install. PyAthena is imported
with the first query, so that a fresh process answers what needs no query, such as `/tickers`, a tenth of a second
sooner.
"""

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from dataclasses import astuple
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from api.errors import StoreError, StoreThrottledError, StoreUnavailableError
from api.http.query_timing import QueryCost, record
from api.settings import Settings
from api.store.protocol import Event, Published, Sentiment, Snapshots, TickerBars, bars_by_ticker
from api.store.published_reader import PublishedReader
from api.store.queries import Query, bars_query, events_query, sentiment_query
from lake.storage import Storage
from lake.universe import TICKER_PATTERN

if TYPE_CHECKING:
    from pyathena.util import RetryConfig

_LOG = logging.getLogger(__name__)
_POLL_SECONDS = 0.15
_STOP_SECONDS = 2.0  # for StopQueryExecution and its answer, once the deadline has passed
_REUSE_MINUTES = 7 * 24 * 60  # safe, because the snapshot is in the table's name
_NO_TABLE = "TABLE_NOT_FOUND"  # https://docs.aws.amazon.com/athena/latest/ug/error-reference.html


class AthenaStore:
    """The store of a lake on S3. A query that has not ended by the deadline is stopped."""

    def __init__(self, settings: Settings, storage: Storage, retries: "RetryConfig | None" = None) -> None:
        self._settings = settings
        self._retries = retries
        self._reader = PublishedReader(storage)

    async def current(self) -> Published | None:
        return await self._reader.current()

    async def snapshots(self) -> Snapshots:
        return await self._reader.snapshots()

    async def last_refusal(self) -> Any:
        return await self._reader.last_refusal()

    async def forecasts(self) -> Mapping[str, bytes]:
        return await self._reader.forecasts()

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        query = bars_query(snapshot, tickers, first, last)
        rows = await self._rows(query)
        names, days, *values = list(zip(*rows, strict=True)) or [()] * len(query.columns)
        return bars_by_ticker(names, np.array(days, "datetime64[D]"), np.array(values, np.float64), tickers)

    async def events(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        rows = await self._rows_if_any(events_query(snapshot, tickers, first, last))
        return tuple(Event(*row) for row in rows)

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        return Sentiment.of_rows(await self._rows_if_any(sentiment_query(snapshot, tickers, first, last)))

    async def _rows_if_any(self, query: Query) -> list[Any]:
        """The rows of a table that a snapshot may lack, which are then none."""
        try:
            return await self._rows(query)
        except StoreUnavailableError as error:
            if _NO_TABLE in str(error.__cause__):
                return []
            raise

    async def _rows(self, query: Query) -> list[Any]:
        from pyathena.error import Error as PyAthenaError

        try:
            return await self._within_deadline(query)
        except TimeoutError as error:
            raise StoreUnavailableError(
                f"Athena did not answer within {self._settings.deadline:g} s; ask again in half a minute"
            ) from error
        except (PyAthenaError, ClientError, BotoCoreError) as error:
            raise classify(error) from error

    async def _within_deadline(self, query: Query) -> list[Any]:
        # Cancelling stops the query and waits for it to stop; the outer limit holds even if that hangs.
        async with asyncio.timeout(self._settings.deadline + _STOP_SECONDS), asyncio.timeout(self._settings.deadline):
            return await self._execute(query)

    async def _execute(self, query: Query) -> list[Any]:
        began = time.perf_counter()
        async with self._connection.cursor() as cursor:
            parameters = [literal(value) for value in query.values]
            await cursor.execute(query.sql, parameters, paramstyle="qmark")
            _check_columns(query, [column[0] for column in cursor.description or ()])
            rows: list[Any] = await cursor.fetchall()
            cost = cost_of(cursor, time.perf_counter() - began)
        record(cost)
        _LOG.info("athena %s: %d rows, %.0f ms, %d bytes scanned", cursor.query_id, len(rows), *astuple(cost)[:2])
        return rows

    @cached_property
    def _connection(self) -> Any:
        """Made at the first query: a client costs a quarter of a second."""
        from pyathena.aio.connection import AioConnection
        from pyathena.aio.s3fs.cursor import AioS3FSCursor

        return AioConnection(
            cursor_class=AioS3FSCursor,
            work_group=self._settings.workgroup,
            schema_name=self._settings.database,
            s3_staging_dir="",  # the workgroup's; another one would switch result reuse off
            poll_interval=_POLL_SECONDS,
            retry_config=self._retries or throttles_only(),
            config=Config(retries={"total_max_attempts": 1}, connect_timeout=3, read_timeout=15),
            result_reuse_enable=True,
            result_reuse_minutes=_REUSE_MINUTES,
        )


def throttles_only() -> "RetryConfig":
    """Three attempts, at most a second apart, and only where Athena throttles."""
    from pyathena.util import THROTTLING_ERROR_CODES, RetryConfig

    return RetryConfig(exceptions=THROTTLING_ERROR_CODES, attempt=3, multiplier=1, max_delay=1)


def _check_columns(query: Query, found: Sequence[str]) -> None:
    # Rows are read by position, so that a result with other columns would give wrong figures without any error.
    if tuple(found) != query.columns:
        raise StoreUnavailableError(
            f"Athena answered with the columns {', '.join(found)}, and was asked for {', '.join(query.columns)}"
        )


def literal(value: str | date | int) -> str:
    """A value as the SQL literal that ExecutionParameters takes; ValueError for text that is no ticker.

    Athena evaluates execution parameters as expressions, so this is where SQL could be injected.
    """
    match value:
        case date():
            return f"DATE '{value.isoformat()}'"
        case bool():
            raise ValueError(f"{value!r} is no value of our queries")  # bool is an int, and would become `True`
        case int():
            return str(value)
        case str() if TICKER_PATTERN.fullmatch(value):
            return f"'{value}'"
    raise ValueError(f"{value!r} is no ticker")


def cost_of(cursor: Any, seconds: float) -> QueryCost:
    """What a finished query cost: the `seconds` until its rows had arrived, and what Athena reports."""
    return QueryCost(seconds * 1000, cursor.data_scanned_in_bytes or 0, bool(cursor.reused_previous_result))


def classify(error: BaseException) -> StoreError:
    """Throttled, where waiting helps, else unavailable. PyAthena keeps AWS's own error as the cause.

    Athena's text names tables, buckets and roles: it goes to the log alone.
    """
    from pyathena.util import THROTTLING_ERROR_CODES

    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ClientError) and cause.response["Error"]["Code"] in THROTTLING_ERROR_CODES:
            return StoreThrottledError("Athena takes no more queries for the moment; ask again in a few seconds")
        cause = cause.__cause__
    _LOG.warning("athena: %s", error)
    return StoreUnavailableError(
        "Athena could not run the query; ask again in half a minute, or read Athena's reason in the service's log"
    )
