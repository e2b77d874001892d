"""Interleaved timing: the calls take turns, so that a change in the machine's load affects all of them alike."""

import statistics
import time
from collections.abc import Callable, Sequence


def median_seconds(calls: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """The median seconds of each call over `rounds`, in each of which every call is made once."""
    durations: list[list[float]] = [[] for _ in calls]
    for number in range(rounds):
        order = list(enumerate(calls))
        # Every other round runs backwards, so that no call always has the caches that its predecessor warmed.
        for position, call in order if number % 2 == 0 else reversed(order):
            began = time.perf_counter()
            call()
            durations[position].append(time.perf_counter() - began)
    return [statistics.median(times) for times in durations]
