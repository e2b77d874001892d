"""The report of a benchmark: a printed line for each figure, and `benchmarks/out/<name>.json` (not committed)."""

import json
import operator
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

OUTPUT_FOLDER = Path(__file__).parent / "out"
_OPERATORS: dict[str, Callable[[float, float], bool]] = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True)
class Figure:
    """One figure. `bar` is its bound, such as `<= 4`; None for a figure that is reported for information."""

    name: str
    value: float
    bar: str | None
    holds: bool

    def __str__(self) -> str:
        verdict = f"  (bar {self.bar}: {'holds' if self.holds else 'MISSED'})" if self.bar else ""
        return f"{self.name:<32} {self.value:>12,.4g}{verdict}"


def judged(name: str, value: float, bar: str) -> Figure:
    """A figure that must meet its bar, such as `<= 4` or `>= 0.9`."""
    sign, bound = bar.split()
    return Figure(name, value, bar, _OPERATORS[sign](value, float(bound)))


def unjudged(name: str, value: float) -> Figure:
    """A figure reported for information."""
    return Figure(name, value, None, True)


def report(name: str, figures: Sequence[Figure]) -> int:
    """Print the figures and write them; the exit status is 0 if every figure meets its bar, else 1."""
    for figure in figures:
        print(figure)
    OUTPUT_FOLDER.mkdir(exist_ok=True)
    rows = [asdict(figure) for figure in figures]
    (OUTPUT_FOLDER / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0 if all(figure.holds for figure in figures) else 1
