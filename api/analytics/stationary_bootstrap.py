"""The stationary bootstrap of Politis and Romano (1994), JASA 89:1303: blocks of geometric length on a circle."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import Floats

_Integers = npt.NDArray[np.int64]


def blocks(
    count: int, horizon: int, length: float, paths: int, generator: np.random.Generator
) -> Iterator[tuple[_Integers, _Integers, _Integers]]:
    """Draw blocks until each of `paths` has `horizon` sessions.

    Each step yields the paths that are not full yet, and for each its next block's start and length. Starts are
    uniform on `count` sessions, lengths geometric with mean `length`. The last block of a path is cut, which does
    not change the distribution, because a geometric length has no memory.
    """
    path, remaining = np.arange(paths), np.full(paths, horizon)
    while len(path):
        lengths = np.minimum(generator.geometric(1 / length, len(path)), remaining)
        yield path, generator.integers(count, size=len(path)), lengths
        remaining = remaining - lengths
        path, remaining = path[remaining > 0], remaining[remaining > 0]


def resampled_sums(rows: Floats, horizon: int, length: float, paths: int, generator: np.random.Generator) -> Floats:
    """(paths, k): sums of `horizon` rows resampled from (n, k). Whole rows are drawn, so columns move together."""
    circle = np.take(rows, np.arange(len(rows) + horizon), axis=0, mode="wrap")
    # A block's sum is the difference of two cumulative sums, so no path is ever laid out. The copy makes each column
    # contiguous, which take() needs to be fast.
    cumulative = np.vstack((np.zeros_like(rows[:1]), np.cumsum(circle, axis=0))).T.copy()
    sums = np.zeros((rows.shape[1], paths))
    for path, starts, lengths in blocks(len(rows), horizon, length, paths, generator):
        for column, cumulated in zip(sums, cumulative, strict=True):
            column[path] += cumulated.take(starts + lengths) - cumulated.take(starts)
    return sums.T
