"""The faults that are tried, as data: each stands with its test, and the table of docs/operating.md is made of them."""

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tools import doc_blocks

PART = "faults"
THINGS = ("vendor", "ingest", "Firehose", "S3", "Spark", "Athena", "disk", "clock", "two runs")
_Test = TypeVar("_Test", bound=Callable[..., None])


@dataclass(frozen=True)
class Fault:
    """What breaks and how, what a user then sees, and the test that breaks it."""

    thing: str
    fault: str
    happens: str
    test: str


# Tried where the whole of `make run` is: a kill there ends ingest, Spark and its Java at once.
_FAULTS: list[Fault] = [
    Fault(
        "Spark",
        "killed, with everything around it, while ingest or transform is at work",
        "nothing is half published; the next run publishes what the vendor has, no bar or event twice and none lost",
        "tests/e2e/test_make_run.py::test_killed_at_any_moment_the_next_run_publishes_what_the_vendor_has",
    )
]


def fault(thing: str, what: str, happens: str, case: str = "") -> Callable[[_Test], _Test]:
    """Note that a test breaks `thing` in this way; `case` is its parameter, where it breaks several."""

    def noted(test: _Test) -> _Test:
        place = f"{test.__module__.replace('.', '/')}.py::{test.__name__}"
        _FAULTS.append(Fault(thing, what, happens, f"{place}[{case}]" if case else place))
        return test

    return noted


def all_faults() -> list[Fault]:
    """Every fault of this package, by the outside thing, then as their files have them."""
    for path in sorted(Path(__file__).parent.glob("test_*.py")):
        importlib.import_module(f"{__package__}.{path.stem}")
    unique = list(dict.fromkeys(_FAULTS))
    return sorted(unique, key=lambda one: THINGS.index(one.thing))


def as_table() -> str:
    """The table of docs/operating.md."""
    rows = [[one.thing, one.fault, one.happens, f"`{_short(one.test)}`"] for one in all_faults()]
    return doc_blocks.table(["what breaks", "how", "what happens", "test"], rows)


def _short(test: str) -> str:
    """`test_vendor.py::test_a_refusal[slow]` of the whole path, which is the same for all."""
    return test.removeprefix("tests/faults/")
