"""A repeated question against a bare FastAPI route with the same parameters, which returns the same bytes ready-made.

    python -m benchmarks.api_hot

In this process and without a socket, so that only what the two do themselves is compared. `hot_over_bare` asks the
same question again and again; in `hot_moving_to_over_bare` every request names another `to`, as Grafana's `now` does.
"""

import asyncio
import sys
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Annotated, Literal

from fastapi import FastAPI, Query, Response
from starlette.types import ASGIApp

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks import wide_lake
from benchmarks.asked import ask
from benchmarks.figures import Figure, judged, report, told
from benchmarks.side_by_side import medians

_ROUNDS, _BATCH = 31, 200
_SAME = "tickers=NVDA,AMZN&range=3m"
_TO = count(1_795_132_800_000)  # milliseconds of 2026-11-20, each asked for once


def measure(rounds: int = _ROUNDS) -> list[Figure]:
    """The figures, of medians of batches in turns."""
    with tempfile.TemporaryDirectory() as folder:
        wide_lake.write(Path(folder), 10, 2)
        store = DuckDBStore(Path(folder))
        try:
            return _measured(store, rounds)
        finally:
            store.close()


def _measured(store: DuckDBStore, rounds: int) -> list[Figure]:
    app = create_app(Settings(lake="unused"), store, lambda: datetime.now(UTC))
    with asyncio.Runner() as runner:
        bare = bare_app(runner.run(ask(app, "/compare", _SAME)))
        runner.run(ask(app, "/compare", _moving()))

        def batch(target: ASGIApp, query: Callable[[], str]) -> Callable[[], None]:
            return lambda: runner.run(_many(target, query))

        calls = [batch(target, query) for query in (lambda: _SAME, _moving) for target in (app, bare)]
        hot, over, moving, over_moving = medians(calls, rounds)
    return [
        judged("hot_over_bare", over / hot, ">= 1"),
        judged("hot_moving_to_over_bare", over_moving / moving, ">= 0.5"),
        told("hot_per_second", _BATCH / hot),
        told("bare_per_second", _BATCH / over),
    ]


def bare_app(body: bytes) -> FastAPI:
    """FastAPI's own minimum: the same declared parameters, and the bytes."""
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


async def _many(app: ASGIApp, query: Callable[[], str]) -> None:
    for _ in range(_BATCH):
        await ask(app, "/compare", query())


def _moving() -> str:
    return f"tickers=NVDA,AMZN&from=2026-08-21&to={next(_TO)}"


if __name__ == "__main__":
    sys.exit(report("api_hot", measure()))
