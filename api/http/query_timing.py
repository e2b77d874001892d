"""What the queries of one request cost, for `Server-Timing`: recorded by the store, read by the response cache.

A context variable, because the store is called far below the middleware, and through the methods of a protocol that
would otherwise all have to pass the costs along.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(frozen=True)
class QueryCost:
    """One query: milliseconds until its rows had arrived, and the bytes it scanned.

    `reused`: whether the engine returned an earlier result.
    """

    milliseconds: float
    scanned: int
    reused: bool


_COSTS: ContextVar[list[QueryCost]] = ContextVar("costs")


def record(cost: QueryCost) -> None:
    """Add a query to the request that is being answered; does nothing outside of one."""
    _COSTS.get([]).append(cost)


@contextmanager
def recording() -> Iterator[list[QueryCost]]:
    """The costs of the queries that run within, also of those in tasks that are started there."""
    costs: list[QueryCost] = []
    token = _COSTS.set(costs)
    try:
        yield costs
    finally:
        _COSTS.reset(token)
