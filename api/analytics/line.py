"""A straight line through pairs of values: ordinary least squares."""

from typing import NamedTuple

from api.analytics.arrays import Floats, is_constant

MIN_PAIRS = 3  # through two points the line is exact and says nothing of the scatter


class Line(NamedTuple):
    """y = intercept + slope · x; `r_squared`: the share of y's variance that it explains."""

    intercept: float
    slope: float
    r_squared: float


def fitted_line(x: Floats, y: Floats) -> Line | None:
    """The least-squares line through (n,) pairs without NaN; None for n < 3, or where x or y never changes."""
    if len(x) < MIN_PAIRS or is_constant(x) or is_constant(y):
        return None
    across, up = x - x.mean(), y - y.mean()
    slope = float((across * up).sum() / (across**2).sum())
    unexplained = float(((up - slope * across) ** 2).sum() / (up**2).sum())
    return Line(float(y.mean() - slope * x.mean()), slope, 1 - unexplained)
