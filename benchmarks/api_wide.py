"""A question on a lake of the index's 500 tickers over 20 years against the same on ten, with nothing cached.

    python -m benchmarks.api_wide

`wide_rss_mb` is the most memory that a process takes which answers it once.
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
from benchmarks.asked import ask
from benchmarks.figures import Figure, judged, report, told

_ROUNDS = 15
_YEARS = 20
_QUERY = "tickers=NVDA,AMZN&range=3m"


def measure(rounds: int = _ROUNDS) -> list[Figure]:
    """The figures, of medians of runs in turns, each with a store and an application that have seen nothing."""
    with tempfile.TemporaryDirectory() as folder:
        lakes = {Path(folder) / name: tickers for name, tickers in (("wide", 500), ("narrow", 10))}
        rows = [wide_lake.write(root, tickers, _YEARS) for root, tickers in lakes.items()]
        taken: dict[Path, list[float]] = {root: [] for root in lakes}
        for _ in range(rounds):
            for root in lakes:
                taken[root].append(answer_seconds(root))
        wide, narrow = (median(seconds[1:]) for seconds in taken.values())
        memory = _memory_of(next(iter(lakes)))
    return [
        judged("wide_over_narrow", wide / narrow, "<= 3"),
        judged("wide_rss_mb", memory, "<= 400"),
        told("wide_rows", rows[0]),
        told("wide_ms", wide * 1000),
        told("narrow_ms", narrow * 1000),
    ]


def answer_seconds(root: Path) -> float:
    """What the first answer over a lake takes, once the application stands."""
    store = DuckDBStore(root)
    app = create_app(Settings(lake="unused"), store, lambda: datetime.now(UTC))
    began = time.perf_counter()
    asyncio.run(ask(app, "/compare", _QUERY))
    took = time.perf_counter() - began
    store.close()
    return took


def _memory_of(root: Path) -> float:
    """Megabytes, of a process of its own."""
    script = f"import pathlib; from benchmarks.api_wide import memory_after; memory_after(pathlib.Path({str(root)!r}))"
    found = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return float(found.stdout)


def memory_after(root: Path) -> None:
    """Answer once, and print this process's greatest resident size in megabytes."""
    answer_seconds(root)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


if __name__ == "__main__":
    sys.exit(report("api_wide", measure()))
