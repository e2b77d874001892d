"""Drawdowns: how far a price is below its highest so far."""

from typing import NamedTuple

import numpy as np

from api.analytics.arrays import Floats, nan_like, quotient


class DrawdownPeriod(NamedTuple):
    """Row numbers of a drawdown's peak, trough and recovery; `recovery` is None while the price is below the peak."""

    peak: int
    trough: int
    recovery: int | None


def drawdowns(prices: Floats) -> Floats:
    """P_t ÷ max_{s≤t} P_s − 1 along axis 0, never positive. The base, the first row, counts as a peak.

    Without the base as a peak, a loss on the first day of the window would be no drawdown. All NaN in a column whose
    base is NaN: the depth since the base is then unknown.
    """
    return quotient(prices, np.maximum.accumulate(prices, axis=0)) - 1


def max_drawdown(prices: Floats) -> Floats:
    """The deepest drawdown of (n+1, …) prices with the base first; 0 where no close is below an earlier one."""
    lowest: Floats = drawdowns(prices).min(axis=0) if len(prices) > 1 else nan_like(prices)
    return lowest


def deepest_drawdown(prices: Floats) -> DrawdownPeriod | None:
    """The rows of the maximum drawdown of (n+1,) prices; None where there is no drawdown, or it is unknown.

    Peak: the last session at the running maximum before the trough. Trough: the first session at the minimum.
    Recovery: the first session after the trough at the peak's price or above.
    """
    depths = drawdowns(prices)
    if len(prices) < 2 or not depths.min() < 0:
        return None
    trough = int(depths.argmin())
    # Searched backwards from the trough: the last session at the maximum is the peak.
    peak = trough - int(np.argmax(prices[trough::-1] == prices[: trough + 1].max()))
    above = np.flatnonzero(prices[trough:] >= prices[peak])
    return DrawdownPeriod(peak, trough, trough + int(above[0]) if len(above) else None)


def drawdown_periods(prices: Floats) -> list[DrawdownPeriod]:
    """All drawdowns of (n+1,) prices, base first, in the order of time; none share a session below a peak.

    Each runs from the last session at the running maximum, the base included, to the first one back at it. Only the
    last can lack a recovery: it is the current one. Some libraries lose a drawdown that begins at the base, or that
    is not over.
    """
    below = drawdowns(prices) < 0
    edges = np.diff(np.concatenate(([0], below.astype(np.int8), [0])))
    starts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return [
        DrawdownPeriod(int(start) - 1, int(start + prices[start:end].argmin()), int(end) if end < len(prices) else None)
        for start, end in zip(starts, ends, strict=True)
    ]
