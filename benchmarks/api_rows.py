"""Uncached answers with a row a session against serialising their rows with orjson.

    python -m benchmarks.api_rows

Ten tickers over five years; a portfolio of ten holdings over ten years, rebalanced monthly.

The bars come from the snapshot cache, as in a warm process. No request is written twice, so that none comes from the
response cache. The floor is `orjson.dumps` of the very rows that the answer holds, as dictionaries.
"""

import asyncio
import json
import sys
import tempfile
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import count
from pathlib import Path

import orjson

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks import wide_lake
from benchmarks.asgi_request import get_body
from benchmarks.figures import Figure, judged, report, unjudged
from benchmarks.timing import median_seconds

_ROUNDS = 15
_TICKERS = 10
_NAMES = ",".join(wide_lake.ticker_names(_TICKERS))


@dataclass(frozen=True)
class _Question:
    """`query`, formatted with the number of a request, is new to the response cache each time.

    `years`: of the lake, more than the window has, because rolling figures need sessions before it.
    """

    path: str
    query: Callable[[int], str]
    years: int
    bar: str


def _five_years(number: int) -> str:
    # Empty names in a list of tickers are passed over.
    return f"tickers={_NAMES}{',' * number}&range=5y"


def _ten_holdings(number: int) -> str:
    return f"weights=equal:{_NAMES}&rebalance=monthly&range=10y&rf={number / 10_000}"


_QUESTIONS = (
    _Question("prices", _five_years, 6, "<= 8"),
    _Question("compare", _five_years, 6, "<= 12"),
    _Question("returns", _five_years, 6, "<= 25"),
    _Question("volatility", _five_years, 6, "<= 50"),
    _Question("portfolio", _ten_holdings, 11, "<= 40"),
)


def measure(rounds: int = _ROUNDS) -> list[Figure]:
    """The figures: medians over interleaved requests."""
    figures: list[Figure] = []
    for years in sorted({question.years for question in _QUESTIONS}):
        with tempfile.TemporaryDirectory() as folder:
            wide_lake.write(Path(folder), _TICKERS, years)
            store = DuckDBStore(Path(folder))
            try:
                for question in _QUESTIONS:
                    figures += _measure(store, question, rounds) if question.years == years else []
            finally:
                store.close()
    return figures


def _measure(store: DuckDBStore, question: _Question, rounds: int) -> list[Figure]:
    app = create_app(Settings(lake="unused"), store, lambda: datetime.now(UTC))
    numbers, bodies, path = count(1), deque[bytes](maxlen=1), question.path

    async def request() -> None:
        # Kept here and not returned: at its end the runner takes the repr of a task with its result, 60 ms of 3 MB.
        bodies.append(await get_body(app, f"/{path}", question.query(next(numbers))))

    with asyncio.Runner() as runner:
        runner.run(request())  # reads the bars
        rows = json.loads(bodies[0])["rows"]
        calls: list[Callable[[], object]] = [lambda: runner.run(request()), partial(orjson.dumps, rows)]
        answer, dump = median_seconds(calls, rounds)
    return [
        judged(f"{path}_over_dump", answer / dump, question.bar),
        unjudged(f"{path}_ms", answer * 1000),
        unjudged(f"{path}_dump_ms", dump * 1000),
        unjudged(f"{path}_rows", len(rows)),
    ]


if __name__ == "__main__":
    sys.exit(report("api_rows", measure()))
