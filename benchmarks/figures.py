"""How a benchmark says what it found: a line a figure, and `benchmarks/out/<name>.json` (not committed)."""

import json
import operator
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

OUT = Path(__file__).parent / "out"
_COMPARE: dict[str, Callable[[float, float], bool]] = {"<=": operator.le, ">=": operator.ge}


@dataclass(frozen=True)
class Figure:
    """One figure. `bar` is what it must be, such as `<= 4`; None where it is told and not judged."""

    name: str
    value: float
    bar: str | None
    holds: bool

    def __str__(self) -> str:
        verdict = f"  (bar {self.bar}: {'holds' if self.holds else 'MISSED'})" if self.bar else ""
        return f"{self.name:<32} {self.value:>12,.4g}{verdict}"


def judged(name: str, value: float, bar: str) -> Figure:
    """A figure held against its bar, `<= 4` or `>= 0.9`."""
    sign, bound = bar.split()
    return Figure(name, value, bar, _COMPARE[sign](value, float(bound)))


def told(name: str, value: float) -> Figure:
    """A figure without a bar."""
    return Figure(name, value, None, True)


def report(name: str, figures: Sequence[Figure]) -> int:
    """Print and keep the figures; the exit status: 0 where every one holds its bar, else 1."""
    for figure in figures:
        print(figure)
    OUT.mkdir(exist_ok=True)
    rows = [asdict(figure) for figure in figures]
    (OUT / f"{name}.json").write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    return 0 if all(figure.holds for figure in figures) else 1
