"""The trend: ordinary least squares of the log close on the session number."""

from typing import NamedTuple

import numpy as np

from api.analytics.arrays import Floats, is_constant, nan_like, nan_unless, quotient

_MIN_SESSIONS = 3  # through two points the line is exact and its error unknown


class Trend(NamedTuple):
    """`slope` and its standard error, in log price a session; `r_squared`, the share of the variance explained."""

    slope: Floats
    standard_error: Floats
    r_squared: Floats


def trend(numbers: Floats, closes: Floats) -> Trend:
    """The trend of (n, …) positive closes at (n, …) ascending session numbers; NaN for n < 3, or with a NaN close.

    R² is NaN where the close is constant. The standard error is a lower bound, because the errors of daily prices are
    autocorrelated.
    """
    if len(closes) < _MIN_SESSIONS:
        return Trend(*(nan_like(closes),) * 3)
    logs = np.log(nan_unless(closes.min(axis=0) > 0, closes))
    x, y = numbers - numbers.mean(axis=0), logs - logs.mean(axis=0)
    xx, xy, yy = ((one * other).sum(axis=0) for one, other in ((x, x), (x, y), (y, y)))
    slope = xy / xx
    # From the residuals, because 1 − r² loses its digits where the line fits closely.
    unexplained = ((y - slope * x) ** 2).sum(axis=0)
    error = np.sqrt(unexplained / (len(x) - 2) / xx)
    return Trend(slope, error, 1 - quotient(unexplained, nan_unless(~is_constant(y), yy)))


def slope(numbers: Floats, closes: Floats) -> Floats:
    return trend(numbers, closes).slope


def standard_error(numbers: Floats, closes: Floats) -> Floats:
    return trend(numbers, closes).standard_error


def r_squared(numbers: Floats, closes: Floats) -> Floats:
    return trend(numbers, closes).r_squared
