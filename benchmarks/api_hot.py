"""A cached answer against a minimal FastAPI route with the same parameters that returns the same bytes.

    python -m benchmarks.api_hot

Both run in this process without a socket, so that the comparison includes only their own work.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Literal

from fastapi import FastAPI, Query, Response
from starlette.types import ASGIApp

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks import wide_lake
from benchmarks.asgi_request import get_body
from benchmarks.figures import Figure, judged, report, unjudged
from benchmarks.timing import median_seconds

# A single cached answer takes less than 20 microseconds, too short for the clock, hence batches.
_ROUNDS, _BATCH = 31, 200
_QUERY = "tickers=NVDA,AMZN&range=3m"


def measure(rounds: int = _ROUNDS) -> list[Figure]:
    """The figures: medians over interleaved batches of requests."""
    with tempfile.TemporaryDirectory() as folder:
        wide_lake.write(Path(folder), 10, 2)
        store = DuckDBStore(Path(folder))
        try:
            return _measure(store, rounds)
        finally:
            store.close()


def _measure(store: DuckDBStore, rounds: int) -> list[Figure]:
    app = create_app(Settings(lake="unused"), store, lambda: datetime.now(UTC))
    with asyncio.Runner() as runner:
        bare = minimal_app(runner.run(get_body(app, "/compare", _QUERY)))

        def batch(target: ASGIApp) -> Callable[[], None]:
            return lambda: runner.run(_request_batch(target))

        hot_seconds, bare_seconds = median_seconds([batch(app), batch(bare)], rounds)
    return [
        judged("hot_over_bare", bare_seconds / hot_seconds, ">= 1"),
        unjudged("hot_per_second", _BATCH / hot_seconds),
        unjudged("bare_per_second", _BATCH / bare_seconds),
    ]


def minimal_app(body: bytes) -> FastAPI:
    """The least that FastAPI does for this route: parse the declared parameters and send the bytes."""
    app = FastAPI()

    @app.get("/compare")
    async def compare(  # noqa: PLR0917 - FastAPI fills them by name
        tickers: Annotated[list[str], Query()],
        range: str | None = None,
        first: Annotated[str | None, Query(alias="from")] = None,
        last: Annotated[str | None, Query(alias="to")] = None,
        basis: Literal["split", "total"] = "split",
        benchmark: str = "VOO",
        rf: float = 0.0,
        format: Literal["json", "csv"] = "json",
    ) -> Response:
        return Response(body, media_type="application/json")

    return app


async def _request_batch(app: ASGIApp) -> None:
    for _ in range(_BATCH):
        await get_body(app, "/compare", _QUERY)


if __name__ == "__main__":
    sys.exit(report("api_hot", measure()))
