"""Intervals by the circular block bootstrap: blocks of sessions, so that what remembers the day before still does."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import UNKNOWN, Floats

FEWEST = 20
COVER = 0.95
_MOST_DRAWS, _FEWEST_DRAWS, _CELLS = 1000, 200, 500_000  # of long series fewer: each draw tells more, and costs more
_SEED = 19920601  # the same question gives the same interval
Places = npt.NDArray[np.intp]
Counts = npt.NDArray[np.float32]


def block_length(count: int) -> int:
    """⌈√n⌉ sessions: longer than the n^⅓ of a variance, because volumes and ranges remember weeks."""
    return int(np.ceil(count**0.5))


def draws_of(count: int) -> int:
    """How many times a series of `count` is drawn anew: 1000, fewer above 500 values, never below 200."""
    return min(_MOST_DRAWS, max(_FEWEST_DRAWS, _CELLS // count))


@lru_cache(maxsize=4)
def resampled_places(count: int) -> Places:
    """(count, draws) places from 0 to count − 1: each column a chain of blocks, which begin anywhere on a circle.

    Politis and Romano 1992; the same at each call, and not to be written to.
    """
    length, draws = block_length(count), draws_of(count)
    blocks = -(-count // length)
    starts = np.random.default_rng(_SEED).integers(0, count, (blocks, 1, draws))
    places: Places = (starts + np.arange(length)[:, None]).reshape(blocks * length, draws)[:count] % count
    places.flags.writeable = False
    return places


@lru_cache(maxsize=4)
def resampled_counts(count: int) -> Counts:
    """(draws, count): how often each of `count` values is in each draw of resampled_places. Not to be written to."""
    places = resampled_places(count)
    draws = places.shape[1]
    cells = (places + count * np.arange(draws)).ravel()
    counts: Counts = np.bincount(cells, minlength=count * draws).reshape(draws, count).astype(np.float32)
    counts.flags.writeable = False
    return counts


def interval(function: Callable[..., Floats], *series: Floats) -> tuple[Floats, Floats]:
    """The 95 % percentile interval of `function` of series, resampled together, each (N,) low and high; NaN for n < 20.

    Of each series, (n, N) is resampled a column at a time and (N,) is a constant of its column. `function` works
    column by column. A draw in which it is not known does not count.
    """
    count = len(series[0])
    columns = range(series[0].shape[1])
    if count < FEWEST:
        unknown = np.full(len(columns), UNKNOWN)
        return unknown, unknown
    places = resampled_places(count)
    drawn = (function(*(_drawn(one, column, places) for one in series)) for column in columns)
    low, high = np.array([percentile_interval(draws) for draws in drawn]).T
    return low, high


def percentile_interval(drawn: Floats) -> tuple[float, float]:
    """The middle 95 % of the known figures of (draws,) resampled ones; NaN where none is known."""
    known = drawn[np.isfinite(drawn)]
    if not len(known):
        return UNKNOWN, UNKNOWN
    low, high = np.quantile(known, ((1 - COVER) / 2, (1 + COVER) / 2)).tolist()
    return low, high


def _drawn(series: Floats, column: int, places: Places) -> Floats:
    return series[:, column][places] if series.ndim > 1 else series[column]
