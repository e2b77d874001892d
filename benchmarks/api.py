"""What `make bench-api` measures: the figures of every `benchmarks/api_*.py`, each of which has `measure()`.

python -m benchmarks.api [name …]      all of them, or only `hot`, `wide`, …
"""

import importlib
import sys
from collections.abc import Sequence
from pathlib import Path

from benchmarks.figures import report


def makers(wanted: Sequence[str] = ()) -> list[str]:
    """The modules that measure something of the API, by name."""
    names = sorted(path.stem for path in Path(__file__).parent.glob("api_*.py"))
    return [name for name in names if not wanted or name.removeprefix("api_") in wanted]


def main(wanted: Sequence[str]) -> int:
    """Measure, print a line a figure, and keep them; 1 where one misses its bar."""
    figures = [figure for name in makers(wanted) for figure in importlib.import_module(f"benchmarks.{name}").measure()]
    return report("api", figures)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
