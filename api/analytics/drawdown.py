"""How far below its highest close so far a price stands."""

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats, quotient


def drawdowns(prices: Floats) -> Floats:
    """P_t ÷ max_{s≤t} P_s − 1 along axis 0, never positive; the base, the first row, counts as a peak.

    All NaN in a column whose base is NaN: without it the depth since the base is not known.
    """
    return quotient(prices, np.maximum.accumulate(prices, axis=0)) - 1


def max_drawdown(prices: Floats) -> float:
    """The deepest drawdown of (n+1,) prices with the base first; 0 where no close is below an earlier one."""
    return float(drawdowns(prices).min()) if len(prices) > 1 else UNKNOWN
