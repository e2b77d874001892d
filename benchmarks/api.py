"""`make bench-api`: the figures of every `benchmarks/api_*.py`, each of which has `measure()`.

python -m benchmarks.api [name …]      all benchmarks, or only `hot`, `wide`, …
"""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import report


def benchmark_modules(selected: Sequence[str] = ()) -> list[str]:
    """The names of the API's benchmark modules."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("api_*.py"))
    return [name for name in names if not selected or name.removeprefix("api_") in selected]


def main(selected: Sequence[str]) -> int:
    """Run the benchmarks and report their figures; 1 if a figure misses its bar."""
    figures = [
        figure
        for name in benchmark_modules(selected)
        for figure in importlib.import_module(f"benchmarks.{name}").measure()
    ]
    return report("api", figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
