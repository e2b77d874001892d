"""What the queries of one request cost, for `Server-Timing` and the log: noted by the store, read by who answers."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class Cost:
    """One query: milliseconds until its rows were here, and the bytes it scanned; `reused`: an older result was."""

    milliseconds: float
    scanned: int
    reused: bool


_COSTS: ContextVar[list[Cost]] = ContextVar("costs")


def note(cost: Cost) -> None:
    """Add a query to whatever is being answered; to nothing outside of one."""
    _COSTS.get([]).append(cost)


@contextmanager
def counting() -> Iterator[list[Cost]]:
    """The queries that are run within, also by tasks made there."""
    costs: list[Cost] = []
    token = _COSTS.set(costs)
    try:
        yield costs
    finally:
        _COSTS.reset(token)
