"""The optimal mean block length of a stationary bootstrap.

Politis and White (2004), Econometric Reviews 23:53, with the correction of Patton, Politis and White (2009), 28:372.
"""

from math import ceil, log10, sqrt

import numpy as np

from api.analytics.arrays import NAN, Floats, is_constant

# Below 3 sessions blocks lose the memory of the day before; above 15, half a year holds too few different blocks.
_SHORTEST, _LONGEST = 3.0, 15.0


def block_length(values: Floats) -> float:
    """The longer of the optimal lengths for (n,) values and for their squares, from 3 to 15 sessions; n ≥ 60.

    Returns have little memory, but volatility clusters: only the squares show it.
    """
    longer = max(np.nan_to_num([optimal_block_length(values), optimal_block_length(values**2)]))
    return float(np.clip(longer, _SHORTEST, _LONGEST))


def optimal_block_length(values: Floats) -> float:
    """The mean block length that best estimates the variance of the mean of (n,) values; NaN if constant."""
    if is_constant(values):
        return NAN
    count, centred = len(values), values - values.mean()
    run = max(5, int(log10(count)))
    lags = np.arange(ceil(sqrt(count)) + run + 1)
    covariances = np.array([centred[lag:] @ centred[: count - lag] for lag in lags]) / count
    bandwidth = _bandwidth(_correlations(centred, covariances), run, count)
    lags, window = lags[1 : bandwidth + 1], np.minimum(1, 2 * (1 - lags[1 : bandwidth + 1] / bandwidth))
    weights = 2 * window * covariances[1 : bandwidth + 1]  # the flat-top lag window: 1 up to half, then down to 0
    slope, spectrum = weights @ lags, covariances[0] + weights.sum()
    return float(min(np.cbrt(count * (slope / spectrum) ** 2), ceil(min(3 * sqrt(count), count / 3))))


def _correlations(centred: Floats, covariances: Floats) -> Floats:
    """|ρ| of each lag, normalised by the parts of the series that the next lag leaves on either side.

    The textbook divides by the whole variance instead. This is what the arch library does, which the tests compare.
    """
    squares = centred**2
    late = squares.sum() - np.cumsum(squares)[: len(covariances)]
    early = np.cumsum(squares)[::-1][1 : len(covariances) + 1]
    correlations: Floats = np.abs(covariances) * len(centred) / np.sqrt(late * early)
    return correlations


def _bandwidth(correlations: Floats, run: int, count: int) -> int:
    """Twice the last lag before `run` insignificant ones in a row; all lags where there is no such run."""
    insignificant = correlations < 2 * sqrt(log10(count) / count)
    most = len(correlations) - 1
    last = (lag for lag in range(most - run + 1) if insignificant[lag : lag + run].all())
    return min(2 * max(next(last, most), 1), most)
