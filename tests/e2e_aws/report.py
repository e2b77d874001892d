"""The rows of `benchmarks/out/e2e.json`: one for each step, with whether it holds."""

import json
import sys
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path

NAMES = (
    *("lint", "build", "deploy", "ingest", "raw", "jobs", "pointer", "compare_equal", "universe", "mcp", "no_key_403"),
    *(
        "throttle_429",
        "open_pages",
        "zips_complete",
        "alarms",
        "continuation",
        "iam_needed",
        "forecasts",
        "forecast_iam",
    ),
)
_SHOWN = 110


@dataclass(frozen=True)
class Found:
    """What a step found, and what it should have found (`bar`)."""

    value: object
    bar: object
    holds: bool


@dataclass(frozen=True)
class Row:
    """A step and what it found."""

    name: str
    value: object
    bar: object
    holds: bool


@dataclass
class Report:
    """The steps that have ended. A failed one does not stop those that do not depend on it."""

    rows: list[Row] = field(default_factory=list)

    def step(self, name: str, action: Callable[[], Found]) -> bool:
        """Run a step and print its result; whether it holds."""
        began = time.monotonic()
        try:
            found = action()
        except Exception as error:
            print(f"{type(error).__name__}: {error}", file=sys.stderr)
            found = Found(f"{type(error).__name__}: {error}"[:500], "no error", holds=False)
        self.rows.append(Row(name, **asdict(found)))
        word = "holds" if found.holds else "FAILS"
        value = str(found.value)[:_SHOWN]
        print(f"{name:<14} {word}  {value}  (bar: {found.bar})  {time.monotonic() - began:.1f} s", flush=True)
        return found.holds

    @property
    def holds(self) -> bool:
        """Whether every step was run and holds."""
        return {row.name for row in self.rows if row.holds} == set(NAMES)

    def write(self, path: Path) -> None:
        """Write every step in order; one that was not reached does not hold."""
        by_name = {row.name: row for row in self.rows}
        rows = [by_name.get(name, Row(name, "not reached", "reached", holds=False)) for name in NAMES]
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps([asdict(row) for row in rows], indent=1), encoding="utf-8")
