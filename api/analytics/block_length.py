"""How long the blocks of a stationary bootstrap should be.

Politis and White (2004), Econometric Reviews 23:53, with the correction of Patton, Politis and White (2009), 28:372.
"""

from math import ceil, log10, sqrt

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats, is_constant

_SHORTEST, _LONGEST = 3.0, 15.0


def block_length(values: Floats) -> float:
    """The mean block length for (n,) values and for their squares, whichever is longer, from 3 to 15; n ≥ 60."""
    wanted = max(np.nan_to_num([optimal_block_length(values), optimal_block_length(values**2)]))
    return float(np.clip(wanted, _SHORTEST, _LONGEST))


def optimal_block_length(values: Floats) -> float:
    """The mean block length that estimates the variance of the mean of (n,) values best; NaN where they never move."""
    if is_constant(values):
        return UNKNOWN
    count, centred = len(values), values - values.mean()
    run = max(5, int(log10(count)))
    lags = np.arange(ceil(sqrt(count)) + run + 1)
    covariances = np.array([centred[lag:] @ centred[: count - lag] for lag in lags]) / count
    used = _lags_used(_correlations(centred, covariances), run, count)
    weights = (
        2 * np.minimum(1, 2 * (1 - lags[1 : used + 1] / used)) * covariances[1 : used + 1]
    )  # a flat top, then down
    slope, spectrum = weights @ lags[1 : used + 1], covariances[0] + weights.sum()
    return float(min(np.cbrt(count * (slope / spectrum) ** 2), ceil(min(3 * sqrt(count), count / 3))))


def _correlations(centred: Floats, covariances: Floats) -> Floats:
    """|ρ| of each lag, over the part of the series that the lag after it leaves on either side, as arch has it."""
    squares = centred**2
    late = squares.sum() - np.cumsum(squares)[: len(covariances)]
    early = np.cumsum(squares)[::-1][1 : len(covariances) + 1]
    correlations: Floats = np.abs(covariances) * len(centred) / np.sqrt(late * early)
    return correlations


def _lags_used(correlations: Floats, run: int, count: int) -> int:
    """Twice the last lag before `run` insignificant ones in a row; every lag where there is no such run."""
    small = correlations < 2 * sqrt(log10(count) / count)
    most = len(correlations) - 1
    quiet = (lag for lag in range(most - run + 1) if small[lag : lag + run].all())
    return min(2 * max(next(quiet, most), 1), most)
