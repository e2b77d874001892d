"""Intervals by the circular block bootstrap: blocks of sessions, so that what remembers the day before still does."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import UNKNOWN, Floats

DRAWS = 1000
FEWEST = 20
COVER = 0.95
_SEED = 19920601  # the same question gives the same interval
Places = npt.NDArray[np.intp]
Series = Floats | Places  # figures, or codes that stand for them


def block_length(count: int) -> int:
    """⌈√n⌉ sessions: longer than the n^⅓ of a variance, because volumes and ranges remember weeks."""
    return int(np.ceil(count**0.5))


@lru_cache(maxsize=8)
def resampled_places(count: int, draws: int = DRAWS) -> Places:
    """(count, draws) places from 0 to count − 1: each column a chain of blocks, which begin anywhere on a circle.

    Politis and Romano 1992; the same at each call, and not to be written to.
    """
    length = block_length(count)
    blocks = -(-count // length)
    starts = np.random.default_rng(_SEED).integers(0, count, (blocks, 1, draws))
    places: Places = (starts + np.arange(length)[:, None]).reshape(blocks * length, draws)[:count] % count
    places.flags.writeable = False
    return places


def interval(function: Callable[..., Floats], *series: Series) -> tuple[Floats, Floats]:
    """The 95 % percentile interval of `function` of series, resampled together, each (N,) low and high; NaN for n < 20.

    Of each series, (n, N) is resampled a column at a time and (N,) is a constant of its column. `function` works
    column by column. A draw in which it is not known does not count.
    """
    count = len(series[0])
    if count < FEWEST:
        unknown = np.full(series[0].shape[1], UNKNOWN)
        return unknown, unknown
    places = resampled_places(count)
    columns = range(series[0].shape[1])
    drawn = np.array([function(*(_drawn(one, column, places) for one in series)) for column in columns])
    low, high = (_quantiles(drawn, tail) for tail in ((1 - COVER) / 2, (1 + COVER) / 2))
    return low, high


def _drawn(series: Series, column: int, places: Places) -> Series:
    return series[:, column][places] if series.ndim > 1 else series[column]


def _quantiles(drawn: Floats, share: float) -> Floats:
    """The quantile of each row's known draws; NaN where none is."""
    known = (row[np.isfinite(row)] for row in drawn)
    return np.array([np.quantile(row, share) if len(row) else UNKNOWN for row in known])
