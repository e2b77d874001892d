"""The stationary bootstrap of Politis and Romano (1994), JASA 89:1303: blocks of geometric length on a circle."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import Floats

_Whole = npt.NDArray[np.int64]


def blocks(
    count: int, horizon: int, length: float, paths: int, generator: np.random.Generator
) -> Iterator[tuple[_Whole, _Whole, _Whole]]:
    """Blocks until each of `paths` has `horizon` sessions: the paths that get one more, its starts and its lengths.

    Starts are uniform on `count` sessions, lengths geometric with mean `length`; the last block of a path is cut, which
    changes nothing, because a geometric length has no memory.
    """
    path, left = np.arange(paths), np.full(paths, horizon)
    while len(path):
        runs = np.minimum(generator.geometric(1 / length, len(path)), left)
        yield path, generator.integers(count, size=len(path)), runs
        left = left - runs
        path, left = path[left > 0], left[left > 0]


def resampled_sums(rows: Floats, horizon: int, length: float, paths: int, generator: np.random.Generator) -> Floats:
    """(paths, k): the sums of `horizon` rows resampled from (n, k) ones. Rows stay whole, so columns move together."""
    circle = np.take(rows, np.arange(len(rows) + horizon), axis=0, mode="wrap")
    before = np.vstack((np.zeros_like(rows[:1]), np.cumsum(circle, axis=0))).T.copy()  # the sums up to each place
    sums = np.zeros((rows.shape[1], paths))
    for path, starts, runs in blocks(len(rows), horizon, length, paths, generator):
        for column, upto in zip(sums, before, strict=True):
            column[path] += upto.take(starts + runs) - upto.take(starts)
    return sums.T
