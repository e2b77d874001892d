"""Where the latest volatility stands among all that the ticker has known: cones and regimes."""

from typing import Literal, NamedTuple

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats, quotient, unknown_like
from api.analytics.rolling import VOLATILITY_SESSIONS, rolling_volatility

WINDOWS = (10, 20, 30, 60)
FEWEST_FOR_A_REGIME = 252
Regime = Literal["calm", "usual", "elevated", "stressed"]
_CALM, _ELEVATED, _STRESSED = 0.25, 0.75, 0.95


class Slice(NamedTuple):
    """The rolling volatility of one window over a history; `current` is the latest, `percentile` its place there."""

    window: int
    minimum: float
    lower_quartile: float
    median: float
    upper_quartile: float
    maximum: float
    current: float
    percentile: float


def cone(returns: Floats) -> list[Slice]:
    """A slice for each of WINDOWS, of all (n,) returns of a ticker; all NaN where n is below the window.

    Neighbouring windows overlap: n ÷ window of them are independent.
    """
    return [_slice(window, returns) for window in WINDOWS]


def percentile(values: Floats, value: Floats) -> Floats:
    """The share of the known (n, …) `values` below `value`, those equal to it counted half; NaN without any."""
    known = np.isfinite(values) & np.isfinite(value)
    below = ((values < value) & known).sum(axis=0) + ((values <= value) & known).sum(axis=0)
    return quotient(below, 2 * known.sum(axis=0))


def cone_percentile(returns: Floats) -> Floats:
    """The place of the latest 20-session volatility in the history of (n, …) returns; n ≥ 20."""
    rolled = rolling_volatility(returns, VOLATILITY_SESSIONS)
    return percentile(rolled, rolled[-1]) if len(rolled) else unknown_like(returns)


def regime_percentile(returns: Floats) -> Floats:
    """As cone_percentile; NaN for n < 252, which is no history to be calm or stressed against."""
    return cone_percentile(returns) if len(returns) >= FEWEST_FOR_A_REGIME else unknown_like(returns)


def regime(place: float) -> Regime:
    """Of a regime_percentile: calm below 0.25, elevated above 0.75, stressed above 0.95, else usual."""
    if place > _ELEVATED:
        return "stressed" if place > _STRESSED else "elevated"
    return "calm" if place < _CALM else "usual"


def _slice(window: int, returns: Floats) -> Slice:
    rolled = rolling_volatility(returns, window)
    known = rolled[np.isfinite(rolled)]
    if not len(known):
        return Slice(window, *(UNKNOWN,) * 7)
    low, lower, middle, upper, high = np.quantile(known, (0, 0.25, 0.5, 0.75, 1)).tolist()
    place = float(percentile(known, rolled[-1]))
    return Slice(window, low, lower, middle, upper, high, current=float(rolled[-1]), percentile=place)
