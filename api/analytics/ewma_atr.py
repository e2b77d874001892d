"""Figures that remember all that was before, so that they are seeded at a ticker's first session, not at a window's."""

from collections.abc import Callable
from itertools import accumulate

import numpy as np

from api.analytics.arrays import SESSIONS_A_YEAR, UNKNOWN, Floats, quotient, unknown_like

DECAY = 0.94  # RiskMetrics' λ for daily returns
ATR_SESSIONS = 14  # Wilder's


def ewma_variances(returns: Floats) -> Floats:
    """σ²_{t+1} = 0.94 σ²_t + 0.06 r²_t at each of (n, …) returns, seeded with r²_1: expected of the session after.

    Zero mean (RiskMetrics 1996).
    """
    return _accumulated(returns**2, _decayed)


def ewma_volatilities(returns: Floats) -> Floats:
    """√(252 · ewma_variances)."""
    volatilities: Floats = np.sqrt(ewma_variances(returns) * SESSIONS_A_YEAR)
    return volatilities


def ewma_volatility(returns: Floats) -> Floats:
    """The last of ewma_volatilities of all (n, …) returns of a ticker; n ≥ 1."""
    return ewma_volatilities(returns)[-1] if len(returns) else unknown_like(returns)


def expected_range(returns: Floats, sessions: int) -> Floats:
    """√sessions · the EWMA standard deviation of the session to come, after all (n, …) returns of a ticker; n ≥ 1.

    A fraction: one standard deviation of the move to expect over so many sessions, if they are independent.
    """
    if not len(returns):
        return unknown_like(returns)
    expected: Floats = np.sqrt(ewma_variances(returns)[-1] * sessions)
    return expected


def expected_range_1d(returns: Floats) -> Floats:
    """expected_range of the next session."""
    return expected_range(returns, 1)


def expected_range_5d(returns: Floats) -> Floats:
    """expected_range of the next five sessions."""
    return expected_range(returns, 5)


def true_ranges(highs: Floats, lows: Floats, befores: Floats) -> Floats:
    """max(H, close before) − min(L, close before); NaN where that close is unknown."""
    ranges: Floats = np.maximum(highs, befores) - np.minimum(lows, befores)
    return ranges


def average_true_ranges(highs: Floats, lows: Floats, befores: Floats) -> Floats:
    """Wilder's ATR(14) at each of (n, …) bars: the mean of 14 true ranges, then (13 ATR + TR) ÷ 14.

    The first bar has no close before it, and so no true range: NaN before the 15th.
    """
    ranges = true_ranges(highs, lows, befores)[1:]
    averages = np.full(highs.shape, UNKNOWN)
    if len(ranges) >= ATR_SESSIONS:
        seed = ranges[:ATR_SESSIONS].mean(axis=0)
        averages[ATR_SESSIONS:] = _accumulated(np.concatenate(([seed], ranges[ATR_SESSIONS:])), _wilder)
    return averages


def average_true_range(highs: Floats, lows: Floats, befores: Floats) -> Floats:
    """The last of average_true_ranges of all (n, …) bars of a ticker; n ≥ 15."""
    return average_true_ranges(highs, lows, befores)[-1] if len(highs) else unknown_like(highs)


def average_true_range_ratio(highs: Floats, lows: Floats, closes: Floats, befores: Floats) -> Floats:
    """average_true_range ÷ the last close."""
    if not len(closes):
        return unknown_like(closes)
    return quotient(average_true_range(highs, lows, befores), closes[-1])


def _decayed(variance: float, square: float) -> float:
    return DECAY * variance + (1 - DECAY) * square


def _wilder(average: float, true_range: float) -> float:
    return ((ATR_SESSIONS - 1) * average + true_range) / ATR_SESSIONS


def _accumulated(values: Floats, step: Callable[[float, float], float]) -> Floats:
    """`step` of what came before and each value, down each column; the first is its own. Plain floats are quickest."""
    columns = np.atleast_2d(values.T).tolist()
    return np.array([list(accumulate(column, step)) for column in columns]).T.reshape(values.shape)
