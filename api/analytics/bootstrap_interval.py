"""Confidence intervals by the circular block bootstrap (Politis and Romano 1992).

Whole blocks of sessions are drawn, because volatility clusters: single days drawn independently would give intervals
that are too narrow.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import NAN, Floats, Integers

MIN_RETURNS = 20
CONFIDENCE = 0.95
# Long series are drawn less often: a draw costs more, and its figure scatters less.
_MAX_DRAWS, _MIN_DRAWS, _MAX_VALUES = 1000, 200, 250_000
_SEED = 19920601  # fixed, so that the same question has the same interval
Counts = npt.NDArray[np.signedinteger[Any]]  # int16, half the memory that float32 would have to move


def block_length(count: int) -> int:
    """⌈√n⌉ sessions. The n^⅓ usual for a variance is too short here: volumes and ranges have weeks of memory."""
    return int(np.ceil(count**0.5))


def draw_count(count: int) -> int:
    """How many times a series of `count` values is resampled: 1000 times, less often above 250 values, at least 200."""
    return min(_MAX_DRAWS, max(_MIN_DRAWS, _MAX_VALUES // count))


def count_type(count: int) -> type[np.signedinteger[Any]]:
    """The smallest type that holds counts of up to `count` values."""
    return np.int16 if count <= np.iinfo(np.int16).max else np.int32


# Four lengths are enough: the tickers of an answer mostly have the same number of sessions.
@lru_cache(maxsize=4)
def resampled_indices(count: int) -> Integers:
    """(count, draws) indices from 0 to count − 1, a draw a column: blocks that start uniformly on a circle.

    Cached, and read-only because all callers share it.
    """
    length, draws = block_length(count), draw_count(count)
    blocks = -(-count // length)
    starts = np.random.default_rng(_SEED).integers(0, count, (blocks, 1, draws))
    indices: Integers = (starts + np.arange(length)[:, None]).reshape(blocks * length, draws)[:count] % count
    indices.flags.writeable = False
    return indices


@lru_cache(maxsize=4)
def resampled_counts(count: int) -> Counts:
    """(count, draws): how often each draw of `resampled_indices` has each of `count` values. Cached and read-only."""
    indices = resampled_indices(count)
    draws = indices.shape[1]
    cells = (indices * draws + np.arange(draws)).ravel()
    counts: Counts = np.bincount(cells, minlength=count * draws).reshape(count, draws).astype(count_type(count))
    counts.flags.writeable = False
    return counts


def interval(function: Callable[..., Floats], *series: Floats) -> tuple[Floats, Floats]:
    """The 95 % percentile interval of `function` of series: (N,) low and (N,) high ends; NaN for n < 20.

    An (n, N) series is resampled column by column, all series with the same draws, so that pairs stay pairs. An (N,)
    series holds a constant a column. Draws for which `function` gives NaN do not count.
    """
    count = len(series[0])
    columns = range(series[0].shape[1])
    if count < MIN_RETURNS:
        unknown = np.full(len(columns), NAN)
        return unknown, unknown
    indices = resampled_indices(count)
    # A column at a time, because the draws of 50 tickers at once would take hundreds of megabytes.
    figures = (function(*(_resampled(one, column, indices) for one in series)) for column in columns)
    low, high = np.array([percentile_interval(draws) for draws in figures]).T
    return low, high


def percentile_interval(figures: Floats) -> tuple[float, float]:
    """The middle 95 % of (draws,) figures, NaN left out; NaN where none is known."""
    known = figures[np.isfinite(figures)]
    return _middle(known[None])[0] if len(known) else (NAN, NAN)


def percentile_intervals(figures: Floats) -> list[tuple[float, float]]:
    """`percentile_interval` of each row of (N, draws) figures."""
    return _middle(figures) if np.isfinite(figures).all() else [percentile_interval(row) for row in figures]


def _middle(figures: Floats) -> list[tuple[float, float]]:
    # As np.quantile with its linear interpolation, whose checks take longer than the rest of a correlation's interval.
    known = np.sort(figures, axis=1)
    places = np.array(((1 - CONFIDENCE) / 2, (1 + CONFIDENCE) / 2)) * (known.shape[1] - 1)
    below = places.astype(np.intp)
    lower, upper = known[:, below], known[:, np.minimum(below + 1, known.shape[1] - 1)]
    return [(low, high) for low, high in (lower + (places - below) * (upper - lower)).tolist()]


def _resampled(series: Floats, column: int, indices: Integers) -> Floats:
    return series[:, column][indices] if series.ndim > 1 else series[column]
