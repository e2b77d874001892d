"""How far below its highest close so far a price stands."""

from typing import NamedTuple

import numpy as np

from api.analytics.arrays import Floats, quotient, unknown_like


class Deepest(NamedTuple):
    """The rows of the deepest drawdown; `recovery` None while the price is below its peak."""

    peak: int
    trough: int
    recovery: int | None


def drawdowns(prices: Floats) -> Floats:
    """P_t ÷ max_{s≤t} P_s − 1 along axis 0, never positive; the base, the first row, counts as a peak.

    All NaN in a column whose base is NaN: without it the depth since the base is not known.
    """
    return quotient(prices, np.maximum.accumulate(prices, axis=0)) - 1


def max_drawdown(prices: Floats) -> Floats:
    """The deepest drawdown of (n+1, …) prices with the base first; 0 where no close is below an earlier one."""
    deepest: Floats = drawdowns(prices).min(axis=0) if len(prices) > 1 else unknown_like(prices)
    return deepest


def deepest(prices: Floats) -> Deepest | None:
    """Where the maximum drawdown of (n+1,) prices lies; None where there is none, or it is not known.

    Peak: the last session at the running maximum before the trough; trough: the first at the minimum; recovery: the
    first session after it at the peak's price or above.
    """
    depths = drawdowns(prices)
    if len(prices) < 2 or not depths.min() < 0:
        return None
    trough = int(depths.argmin())
    peak = trough - int(np.argmax(prices[trough::-1] == prices[: trough + 1].max()))
    above = np.flatnonzero(prices[trough:] >= prices[peak])
    return Deepest(peak, trough, trough + int(above[0]) if len(above) else None)
