"""`make bench-lake`: a full build against plain Spark, a new day against a full build, and the growth with size.

Every build runs in a process of its own, whose peak memory (Spark's and Python's) is reported. FULL=1 adds 25 million
rows.
"""

import argparse
import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.figures import Figure, judged, report, unjudged

YEARS = 20
SMALL, LARGE, FULL = 50, 500, 5000  # tickers: 252 thousand, 2.5 million and 25 million rows
ROOT = Path(__file__).parent.parent


@dataclass(frozen=True)
class Measured:
    """Seconds of each measured part on one market, and the peak memory of its process in GB."""

    rows: int
    plain: float
    full: float
    new_day: float
    peak: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--tickers", type=int, nargs=2, default=(SMALL, LARGE), help="of the small and the large market"
    )
    small, large = parser.parse_args().tickers
    one, other = measure(small), measure(large)
    figures = [
        judged("full_build_over_plain", other.full / other.plain, "<= 4"),
        judged("new_day_over_full", other.new_day / other.full, "<= 0.3"),
        judged("growth_exponent", math.log(other.full / one.full) / math.log(other.rows / one.rows), "<= 1.05"),
        *_informative("", other),
        *_informative("small_", one),
    ]
    if os.environ.get("FULL"):
        figures += _informative("full_", measure(FULL, rounds=1))
    return report("lake", figures)


def measure(tickers: int, rounds: int = 3) -> Measured:
    """Measure one market in a child process and a temporary lake."""
    with tempfile.TemporaryDirectory(prefix="bench-lake-") as folder:
        command = [sys.executable, "-m", "benchmarks.lake_run", folder, str(tickers), str(YEARS), str(rounds)]
        done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
        # Removed here, where errors can be ignored; the context manager then needs an empty folder to remove.
        shutil.rmtree(folder, ignore_errors=True)
        Path(folder).mkdir()
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


def _informative(prefix: str, found: Measured) -> list[Figure]:
    return [
        unjudged(f"{prefix}rows", found.rows),
        unjudged(f"{prefix}plain_seconds", found.plain),
        unjudged(f"{prefix}full_build_seconds", found.full),
        unjudged(f"{prefix}new_day_seconds", found.new_day),
        unjudged(f"{prefix}peak_gigabytes", found.peak),
    ]


if __name__ == "__main__":
    sys.exit(main())
