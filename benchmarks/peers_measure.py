"""Measures a contender and prints its result. Standard library only: it also runs in the peers' environment."""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

REPEATS = 30


def now() -> float:
    """The clock for timing imports, in seconds."""
    return time.perf_counter()


def read_sample() -> dict[str, Any]:
    """The sample, from the file that the first argument names."""
    data: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    return data


def print_result(imported: float, figures: Mapping[str, Callable[[], Any]]) -> None:
    """Print JSON: `figures` (a number, or the name of the error), `seconds` for computing all of them once (a median),
    `imported` in seconds, and peak resident `memory` in MB.

    A function that returns several figures has all their names as its key, such as `beta alpha`, in its order.
    """
    values = {name: value for names, figure in figures.items() for name, value in _values(names.split(), figure)}
    working = [figure for names, figure in figures.items() if isinstance(values[names.split()[0]], float)]
    durations = [_seconds(working) for _ in range(REPEATS)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    result = {"figures": values, "seconds": statistics.median(durations), "imported": imported, "memory": memory}
    print(json.dumps(result))


def _values(names: list[str], figure: Callable[[], Any]) -> list[tuple[str, float | str]]:
    try:
        found = figure()
        several = found if len(names) > 1 else [found]
        return [(name, float(value)) for name, value in zip(names, several, strict=True)]
    except Exception as error:
        return [(name, type(error).__name__) for name in names]


def _seconds(figures: list[Callable[[], Any]]) -> float:
    before = time.perf_counter()
    for figure in figures:
        figure()
    return time.perf_counter() - before
