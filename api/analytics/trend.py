"""The trend: ordinary least squares of the log close on the session's number."""

from typing import NamedTuple

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats, is_constant

_FEWEST = 3  # with two points the line is exact and its error unknown


class Trend(NamedTuple):
    """`slope` and its standard error in log price a session; `r_squared` the share of the variance on the line."""

    slope: float
    standard_error: float
    r_squared: float


def trend(numbers: Floats, closes: Floats) -> Trend:
    """The trend of (n,) positive closes at (n,) ascending session numbers; all NaN for n < 3 or an unknown close.

    R² is NaN where the close never moves. The errors of daily prices are autocorrelated, so that the standard error
    is a lower bound.
    """
    if len(closes) < _FEWEST or not np.all(closes > 0):
        return Trend(UNKNOWN, UNKNOWN, UNKNOWN)
    x, logs = numbers - numbers.mean(), np.log(closes)
    y = logs - logs.mean()
    slope = (x @ y) / (x @ x)
    unexplained = ((y - slope * x) ** 2).sum()
    error = np.sqrt(unexplained / (len(x) - 2) / (x @ x))
    r_squared = UNKNOWN if is_constant(logs) else 1 - unexplained / (y @ y)
    return Trend(float(slope), float(error), float(r_squared))


def slope(numbers: Floats, closes: Floats) -> float:
    """`Trend.slope`."""
    return trend(numbers, closes).slope


def standard_error(numbers: Floats, closes: Floats) -> float:
    """`Trend.standard_error`."""
    return trend(numbers, closes).standard_error


def r_squared(numbers: Floats, closes: Floats) -> float:
    """`Trend.r_squared`."""
    return trend(numbers, closes).r_squared
