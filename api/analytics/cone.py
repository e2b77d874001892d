"""Volatility cones and regimes: where a ticker's latest volatility stands in its own history."""

from typing import Literal, NamedTuple

import numpy as np

from api.analytics.arrays import NAN, Floats, nan_like, quotient
from api.analytics.rolling import VOLATILITY_SESSIONS, rolling_volatility

CONE_WINDOWS = (10, 20, 30, 60)
MIN_RETURNS_FOR_REGIME = 252
# A rank among fewer values moves by more than five percentage points with each of them.
MIN_VALUES_FOR_PERCENTILE = 20
MIN_RETURNS_FOR_PERCENTILE = VOLATILITY_SESSIONS + MIN_VALUES_FOR_PERCENTILE - 1
Regime = Literal["calm", "usual", "elevated", "stressed"]
# The quartiles and the highest twentieth: a convention of this service, because there is no standard one.
_CALM, _ELEVATED, _STRESSED = 0.25, 0.75, 0.95


class ConeWindow(NamedTuple):
    """The distribution of one window's rolling volatility; `percentile` is the rank of `current`, the latest one.

    `percentile` is NaN for fewer than 20 rolling volatilities: one alone would be at the 50th percentile.
    """

    window: int
    minimum: float
    lower_quartile: float
    median: float
    upper_quartile: float
    maximum: float
    current: float
    percentile: float


def cone(returns: Floats) -> list[ConeWindow]:
    """The cone of all (n,) simple returns of a ticker, an entry for each of CONE_WINDOWS; NaN where n < window.

    Neighbouring windows overlap, so only n ÷ window of them are independent.
    """
    return [_cone_window(window, returns) for window in CONE_WINDOWS]


def percentile_rank(values: Floats, value: Floats) -> Floats:
    """The share of the known (n, …) `values` below `value`, ties counted half; NaN without any."""
    known = np.isfinite(values) & np.isfinite(value)
    # Counted twice, once with ties and once without, and halved below.
    below = ((values < value) & known).sum(axis=0) + ((values <= value) & known).sum(axis=0)
    return quotient(below, 2 * known.sum(axis=0))


def cone_percentile(returns: Floats) -> Floats:
    """The percentile rank of the latest 20-session volatility in the history of (n, …) returns; NaN for n < 39."""
    if len(returns) < MIN_RETURNS_FOR_PERCENTILE:
        return nan_like(returns)
    rolled = rolling_volatility(returns, VOLATILITY_SESSIONS)
    return percentile_rank(rolled, rolled[-1])


def regime_percentile(returns: Floats) -> Floats:
    """As cone_percentile; NaN for n < 252, because less than a year has seen too few regimes to compare with."""
    return cone_percentile(returns) if len(returns) >= MIN_RETURNS_FOR_REGIME else nan_like(returns)


def regime(percentile: float) -> Regime:
    """The regime of a regime_percentile: calm below 0.25, elevated above 0.75, stressed above 0.95, else usual."""
    if percentile > _ELEVATED:
        return "stressed" if percentile > _STRESSED else "elevated"
    return "calm" if percentile < _CALM else "usual"


def _cone_window(window: int, returns: Floats) -> ConeWindow:
    rolled = rolling_volatility(returns, window)
    known = rolled[np.isfinite(rolled)]
    if not len(known):
        return ConeWindow(window, *(NAN,) * 7)
    low, lower, middle, upper, high = np.quantile(known, (0, 0.25, 0.5, 0.75, 1)).tolist()
    rank = float(percentile_rank(known, rolled[-1])) if len(known) >= MIN_VALUES_FOR_PERCENTILE else NAN
    return ConeWindow(window, low, lower, middle, upper, high, current=float(rolled[-1]), percentile=rank)
