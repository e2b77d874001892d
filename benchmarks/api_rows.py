"""Uncached answers with a row a session, of ten tickers over five years, against serialising their rows with orjson.

    python -m benchmarks.api_rows

The bars come from the snapshot cache, as in a warm process. Each request is written in another way, so that none comes
from the response cache. The floor is `orjson.dumps` of the very rows that the answer holds, as dictionaries.
"""

import asyncio
import json
import sys
import tempfile
from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import orjson  # type: ignore[import-not-found, unused-ignore] # a development dependency

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks import wide_lake
from benchmarks.asgi_request import get_body
from benchmarks.figures import Figure, judged, report, unjudged
from benchmarks.timing import median_seconds

_ROUNDS = 9
_TICKERS, _YEARS = 10, 6  # a year before the window: rolling figures need sessions before it
_BARS = {"prices": "<= 8", "compare": "<= 12", "returns": "<= 25", "volatility": "<= 50"}


def measure(rounds: int = _ROUNDS) -> list[Figure]:
    """The figures: medians over interleaved requests."""
    with tempfile.TemporaryDirectory() as folder:
        wide_lake.write(Path(folder), _TICKERS, _YEARS)
        store = DuckDBStore(Path(folder))
        try:
            return [figure for path in _BARS for figure in _measure(store, path, rounds)]
        finally:
            store.close()


def _measure(store: DuckDBStore, path: str, rounds: int) -> list[Figure]:
    app = create_app(Settings(lake="unused"), store, lambda: datetime.now(UTC))
    spellings, bodies = count(1), deque[bytes](maxlen=1)

    async def request() -> None:
        # Empty names in a list of tickers are passed over, so that each query string is new to the cache.
        query = f"tickers={','.join(wide_lake.ticker_names(_TICKERS))}{',' * next(spellings)}&range=5y"
        # Kept here and not returned: at its end the runner takes the repr of a task with its result, 60 ms of 3 MB.
        bodies.append(await get_body(app, f"/{path}", query))

    with asyncio.Runner() as runner:
        runner.run(request())  # reads the bars
        rows = json.loads(bodies[0])["rows"]
        calls: list[Callable[[], object]] = [lambda: runner.run(request()), partial(orjson.dumps, rows)]
        answer, dump = median_seconds(calls, rounds)
    return [
        judged(f"{path}_over_dump", answer / dump, _BARS[path]),
        unjudged(f"{path}_ms", answer * 1000),
        unjudged(f"{path}_dump_ms", dump * 1000),
        unjudged(f"{path}_rows", len(rows)),
    ]


if __name__ == "__main__":
    sys.exit(report("api_rows", measure()))
