"""The time of a whole `/outlook` answer against the time to draw and sum as many bare random paths.

    python -m benchmarks.api_outlook

Each request has a different long-run prior, so that no answer comes from the response cache; the bars come from the
snapshot cache, as in a warm process. The bare draw samples single rows of both baskets without blocks, which is the
minimum that any bootstrap does.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import httpx
import numpy as np

from api.analytics.outlook import PATHS
from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.figures import Figure, judged, report, unjudged
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import SESSIONS, walk

_RUNS = 41
_HORIZON, _RETURNS = 63, 128  # three months ahead, from six months
_TICKERS = ("META", "GOOGL", "VOO", "SCHG")


def measure(runs: int = _RUNS) -> list[Figure]:
    """The figures: medians over interleaved runs."""
    return asyncio.run(_measured(runs))


async def _measured(runs: int) -> list[Figure]:
    rows = np.random.default_rng(1).normal(0, 0.01, (_RETURNS, 2))
    outlook, bare = [], []
    async with _client() as client:
        for run in range(runs):
            outlook.append(await _request_seconds(client, run))
            bare.append(_draw_seconds(rows, run))
    # The first request reads the bars, so the first round is left out.
    ours, floor = (statistics.median(seconds[1:]) for seconds in (outlook, bare))
    return [
        judged("outlook_over_paths", ours / floor, "<= 4"),
        unjudged("outlook_ms", ours * 1000),
        unjudged("bare_paths_ms", floor * 1000),
    ]


async def _request_seconds(client: httpx.AsyncClient, run: int) -> float:
    began = time.perf_counter()
    response = await client.get("/outlook", params={"long_run": f"{0.05 + run / 1000:.3f}"})
    took = time.perf_counter() - began
    response.raise_for_status()
    return took


def _draw_seconds(rows: np.ndarray[tuple[int, int], np.dtype[np.float64]], run: int) -> float:
    generator = np.random.default_rng(run)
    began = time.perf_counter()
    rows[generator.integers(len(rows), size=(PATHS, _HORIZON))].sum(axis=1)
    return time.perf_counter() - began


@asynccontextmanager
async def _client() -> AsyncIterator[httpx.AsyncClient]:
    """A client of the whole API over a generated lake of four tickers."""
    with tempfile.TemporaryDirectory() as folder:
        market = {ticker: History(walk(seed, SESSIONS, 100)) for seed, ticker in enumerate(_TICKERS)}
        store = DuckDBStore(publish(Path(folder), market))
        app = create_app(Settings(lake="unused"), store, lambda: datetime(2026, 11, 21, 2, tzinfo=UTC))
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://bench.test") as client:
            yield client
        store.close()


if __name__ == "__main__":
    sys.exit(report("api_outlook", measure()))
