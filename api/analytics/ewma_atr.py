"""EWMA volatility and average true range: recursions over a ticker's whole history.

Both are seeded at the ticker's first session, not at the window's, so that a session's figure is the same in every
window. All returns, highs and lows here are those of the whole history up to the window's end. A hole in the history
has no return and no true range: the recursion passes over it.
"""

import numpy as np

from api.analytics.arrays import NAN, SESSIONS_PER_YEAR, Floats, nan_like, quotient

DECAY = 0.94  # λ of RiskMetrics 1996 for daily returns
ATR_SESSIONS = 14  # Wilder 1978
_RUN = 64  # values that a recursion computes at once


def ewma_variances(returns: Floats) -> Floats:
    """The variance expected of the next session, at each of (n, …) simple returns: σ²_{t+1} = 0.94 σ²_t + 0.06 r²_t.

    Seeded with σ²_2 = r²_1. The mean is taken as zero (RiskMetrics 1996): pandas' `ewm().var()` subtracts one.
    """
    return _recursion(returns**2, DECAY)


def ewma_volatilities(returns: Floats) -> Floats:
    """√(252 · ewma_variances)."""
    volatilities: Floats = np.sqrt(ewma_variances(returns) * SESSIONS_PER_YEAR)
    return volatilities


def ewma_volatility(returns: Floats) -> Floats:
    """The latest of ewma_volatilities; NaN for n = 0."""
    return ewma_volatilities(returns)[-1] if len(returns) else nan_like(returns)


def expected_range(returns: Floats, sessions: int) -> Floats:
    """√sessions · the EWMA standard deviation of the next session; NaN for n = 0.

    A fraction: one standard deviation of the move over so many sessions, if their returns are independent.
    """
    if not len(returns):
        return nan_like(returns)
    expected: Floats = np.sqrt(ewma_variances(returns)[-1] * sessions)
    return expected


def expected_range_1d(returns: Floats) -> Floats:
    """expected_range of the next session."""
    return expected_range(returns, 1)


def expected_range_5d(returns: Floats) -> Floats:
    """expected_range of the next five sessions."""
    return expected_range(returns, 5)


def true_ranges(highs: Floats, lows: Floats, previous_closes: Floats) -> Floats:
    """max(H, close of the session before) − min(L, that close), so that gaps count."""
    ranges: Floats = np.maximum(highs, previous_closes) - np.minimum(lows, previous_closes)
    return ranges


def average_true_ranges(highs: Floats, lows: Floats, previous_closes: Floats) -> Floats:
    """Wilder's ATR(14) at each of (n, …) bars: the mean of 14 true ranges, then (13 ATR + TR) ÷ 14.

    NaN for the first 13 bars. Callers leave out a ticker's first bar and each one after a hole, which have no close of
    the session before and so no true range: seeding with the first bar's high − low, as some libraries do, starts a bar
    early and from another value than TA-Lib.
    """
    ranges = true_ranges(highs, lows, previous_closes)
    averages = np.full(highs.shape, NAN)
    if len(ranges) >= ATR_SESSIONS:
        seed = ranges[:ATR_SESSIONS].mean(axis=0)
        averages[ATR_SESSIONS - 1 :] = _recursion(np.concatenate(([seed], ranges[ATR_SESSIONS:])), 1 - 1 / ATR_SESSIONS)
    return averages


def average_true_range(highs: Floats, lows: Floats, previous_closes: Floats) -> Floats:
    """The latest of average_true_ranges, in USD a share; NaN for n < 14."""
    return average_true_ranges(highs, lows, previous_closes)[-1] if len(highs) else nan_like(highs)


def average_true_range_ratio(highs: Floats, lows: Floats, previous_closes: Floats, closes: Floats) -> Floats:
    """average_true_range ÷ the last of (m, …) closes, those of all bars."""
    if not len(closes):
        return nan_like(closes)
    return quotient(average_true_range(highs, lows, previous_closes), closes[-1])


def _recursion(values: Floats, decay: float) -> Floats:
    """y_t = decay · y_{t−1} + (1 − decay) · x_t down each column, y_1 = x_1; NaN from the first NaN on.

    numpy has no recursive filter. Runs of _RUN values are computed at once from zero, and what each run inherits, the
    last y of the run before, is added with the powers of its decay.
    """
    if not len(values):
        return values
    count, columns = len(values), values.reshape(len(values), -1)
    unknown = np.logical_or.accumulate(~np.isfinite(columns), axis=0)
    runs = -(-count // _RUN)
    padded = np.zeros((runs * _RUN, columns.shape[1]))
    padded[:count] = np.where(unknown, 0, columns) * (1 - decay)
    padded[0] /= 1 - decay
    places = np.arange(_RUN)
    filtered = np.tril(decay ** np.maximum(places[:, None] - places, 0)) @ padded.reshape(runs, _RUN, -1)
    fading = decay ** (places + 1)[:, None]
    for run in range(1, runs):
        filtered[run] += fading * filtered[run - 1, -1]
    figures = filtered.reshape(padded.shape)[:count]
    figures[unknown] = NAN
    shaped: Floats = figures.reshape(values.shape)
    return shaped
