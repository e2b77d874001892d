"""The first answer on a lake of the S&P 500 over 20 years against the same answer on ten tickers, nothing cached.

    python -m benchmarks.api_wide

`wide_questions_ms` is the slowest first answer of the five questions, breadth over all stocks among what they need;
`wide_weekly_ms` that of fifty tickers over twenty years of weeks, and `wide_weekly_over_dump` the same against
`orjson.dumps` of its rows. `wide_rss_mb` is the peak memory of a process that gives all of these answers, and
`wide_rss_all_mb` that of one that goes on to the same weeks of `/compare`, `/returns` and `/volatility`.
"""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

import orjson

from api.app import create_app
from api.settings import ANSWER_MB, Settings
from api.store.duckdb import DuckDBStore
from benchmarks import wide_lake
from benchmarks.asgi_request import get_body
from benchmarks.figures import Figure, judged, report, unjudged
from benchmarks.memory import peak_mb
from benchmarks.timing import median_seconds
from lake.universe import choose, read
from lake.universe_file import instruments

_ROUNDS = 15
_YEARS, _UNIVERSE = 20, "sp500.toml"
_QUERY = "tickers=NVDA,AMZN&range=3m"
_QUESTIONS = ("volume", "comparison", "diversification", "outlook", "patterns")


def measure(rounds: int = _ROUNDS) -> list[Figure]:
    """The figures: medians over interleaved runs, each with a new store and a new application."""
    with tempfile.TemporaryDirectory() as folder:
        lakes = {Path(folder) / name: names for name, names in (("wide", _wide_names()), ("narrow", []))}
        rows = [wide_lake.write(root, len(names) or 10, _YEARS, names) for root, names in lakes.items()]
        durations: dict[Path, list[float]] = {root: [] for root in lakes}
        for _ in range(rounds):
            for root in lakes:
                durations[root].append(first_answer_seconds(root, "/compare", _QUERY))
        wide, narrow = (median(seconds[1:]) for seconds in durations.values())
        found = _in_a_process(next(iter(lakes)))
    # The first round reads the files into the system's cache, hence [1:] above.
    return [
        judged("wide_over_narrow", wide / narrow, "<= 3"),
        judged("wide_questions_ms", found["questions"], "<= 1000"),
        judged("wide_weekly_ms", found["weekly"], "<= 1500"),
        judged("wide_rss_mb", found["memory"], "<= 400"),
        unjudged("wide_rss_all_mb", found["all"]),
        unjudged("wide_weekly_over_dump", found["weekly"] / found["dump"]),
        unjudged("wide_weekly_dump_ms", found["dump"]),
        unjudged("wide_weekly_rows", found["rows"]),
        unjudged("wide_rows", rows[0]),
        unjudged("wide_ms", wide * 1000),
        unjudged("narrow_ms", narrow * 1000),
    ]


def first_answer_seconds(root: Path, path: str, query: str) -> float:
    """The seconds of the first answer over a lake, after the application is created."""
    return _first_answer(root, path, query)[0]


def _first_answer(root: Path, path: str, query: str) -> tuple[float, bytes]:
    """Its seconds and its body, from a server of one's own."""
    store, bodies = DuckDBStore(root), []
    app = create_app(Settings(lake="unused", answer_bytes=int(ANSWER_MB * 1_000_000)), store, lambda: datetime.now(UTC))

    async def request() -> None:  # keeps the body: the runner would take the repr of a result
        bodies.append(await get_body(app, path, query))

    began = time.perf_counter()
    asyncio.run(request())
    took = time.perf_counter() - began
    store.close()
    return took, bodies[0]


def _wide_names() -> list[str]:
    """The tickers of the index and its funds."""
    return list(instruments(read(_UNIVERSE)))


def _in_a_process(root: Path) -> dict[str, float]:
    # A process of its own: it follows another universe, and the peak of this one would include the writing of the lake.
    script = "import pathlib, sys; from benchmarks.api_wide import *; print_answers(pathlib.Path(sys.argv[1]))"
    process = subprocess.run([sys.executable, "-c", script, str(root)], capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(process.stdout)
    return found


def print_answers(root: Path) -> None:
    """Print the slowest question and the weekly bars in ms, and the peak resident memory of this process in MB."""
    choose(_UNIVERSE)
    first_answer_seconds(root, "/compare", _QUERY)  # imports, and the files into the system's cache
    questions = [first_answer_seconds(root, f"/questions/{name}", "") for name in _QUESTIONS]
    fifty = f"tickers={','.join(_wide_names()[:50])}&range={_YEARS}y&interval=1w"
    weekly, body = _first_answer(root, "/prices", fifty)
    found = {"questions": max(questions) * 1000, "weekly": weekly * 1000}
    found["memory"] = peak_mb()
    for path in ("/compare", "/returns", "/volatility"):
        _first_answer(root, path, fifty)
    found["all"] = peak_mb()
    rows = json.loads(body)["rows"]
    (dump,) = median_seconds([lambda: orjson.dumps(rows)], _ROUNDS)
    print(json.dumps(found | {"rows": len(rows), "dump": dump * 1000}))


if __name__ == "__main__":
    sys.exit(report("api_wide", measure()))
