"""How a contender says what it found, in its own process: standard library only, for it runs in any environment."""

import json
import resource
import statistics
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

REPEATS = 30


def began() -> float:
    """The moment before the imports that are to be timed."""
    return time.perf_counter()


def sample() -> dict[str, Any]:
    """The data, from the file that the first argument names."""
    read: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    return read


def say(imported: float, figures: Mapping[str, Callable[[], Any]]) -> None:
    """Print as JSON: `figures` (a number, or the name of the error), `seconds` for all of them once (the median of
    many times), `imported` in seconds, and the peak of resident memory in MB. A call that gives several figures is
    named by all of them, `beta alpha`, and gives them in that order."""
    values = {name: value for names, figure in figures.items() for name, value in _values(names.split(), figure)}
    sound = [figure for names, figure in figures.items() if isinstance(values[names.split()[0]], float)]
    spent = [_once(sound) for _ in range(REPEATS)]
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    said = {"figures": values, "seconds": statistics.median(spent), "imported": imported, "memory": memory}
    print(json.dumps(said))


def _values(names: list[str], figure: Callable[[], Any]) -> list[tuple[str, float | str]]:
    try:
        found = figure()
        several = found if len(names) > 1 else [found]
        return [(name, float(value)) for name, value in zip(names, several, strict=True)]
    except Exception as error:
        return [(name, type(error).__name__) for name in names]


def _once(figures: list[Callable[[], Any]]) -> float:
    before = time.perf_counter()
    for figure in figures:
        figure()
    return time.perf_counter() - before
