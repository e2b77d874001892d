"""Two things timed in turns, so that whatever the machine does meanwhile happens to both."""

import statistics
import time
from collections.abc import Callable, Sequence


def medians(calls: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The median seconds of each call, over `rounds` in which each is made once, in turns."""
    taken: list[list[float]] = [[] for _ in calls]
    for number in range(rounds):
        turn = list(enumerate(calls))
        for place, call in turn if number % 2 == 0 else reversed(turn):
            began = time.perf_counter()
            call()
            taken[place].append(time.perf_counter() - began)
    return [statistics.median(times) for times in taken]
