"""The first answer on a lake of 500 tickers over 20 years against the same answer on ten tickers, nothing cached.

    python -m benchmarks.api_wide

`wide_rss_mb` is the peak memory of a process that answers once.
"""

import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from statistics import median

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks import wide_lake
from benchmarks.asgi_request import get_body
from benchmarks.figures import Figure, judged, report, unjudged

_ROUNDS = 15
_YEARS = 20
_QUERY = "tickers=NVDA,AMZN&range=3m"


def measure(rounds: int = _ROUNDS) -> list[Figure]:
    """The figures: medians over interleaved runs, each with a new store and a new application."""
    with tempfile.TemporaryDirectory() as folder:
        lakes = {Path(folder) / name: tickers for name, tickers in (("wide", 500), ("narrow", 10))}
        rows = [wide_lake.write(root, tickers, _YEARS) for root, tickers in lakes.items()]
        durations: dict[Path, list[float]] = {root: [] for root in lakes}
        for _ in range(rounds):
            for root in lakes:
                durations[root].append(first_answer_seconds(root))
        wide, narrow = (median(seconds[1:]) for seconds in durations.values())
        memory = _peak_memory_mb(next(iter(lakes)))
    # The first round reads the files into the system's cache, hence [1:] above.
    return [
        judged("wide_over_narrow", wide / narrow, "<= 3"),
        judged("wide_rss_mb", memory, "<= 400"),
        unjudged("wide_rows", rows[0]),
        unjudged("wide_ms", wide * 1000),
        unjudged("narrow_ms", narrow * 1000),
    ]


def first_answer_seconds(root: Path) -> float:
    """The seconds of the first answer over a lake, after the application is created."""
    store = DuckDBStore(root)
    app = create_app(Settings(lake="unused"), store, lambda: datetime.now(UTC))
    began = time.perf_counter()
    asyncio.run(get_body(app, "/compare", _QUERY))
    took = time.perf_counter() - began
    store.close()
    return took


def _peak_memory_mb(root: Path) -> float:
    # A process of its own: the peak of this one would include the writing of the lake.
    script = "import pathlib, sys; from benchmarks.api_wide import *; print_peak_memory(pathlib.Path(sys.argv[1]))"
    process = subprocess.run([sys.executable, "-c", script, str(root)], capture_output=True, text=True, check=True)
    return float(process.stdout)


def print_peak_memory(root: Path) -> None:
    """Answer once and print the peak resident memory of this process in MB."""
    first_answer_seconds(root)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    sys.exit(report("api_wide", measure()))
