"""Rolling figures, (n, …) in and (n, …) out: each is of the last `window` sessions, NaN where there are fewer."""

from collections.abc import Callable

import numpy as np

from api.analytics.arrays import NAN, Flags, Floats
from api.analytics.benchmark import beta, correlation
from api.analytics.range_volatility import yang_zhang
from api.analytics.ratios import sharpe
from api.analytics.risk import volatility

VOLATILITY_SESSIONS = 20  # about a month
QUARTER_SESSIONS = 60  # about a quarter: the standard error of a correlation is about 1 ÷ √n


def rolling_volatility(returns: Floats, window: int = VOLATILITY_SESSIONS) -> Floats:
    """risk.volatility of the last `window` returns."""
    return _apply(volatility, window, returns)


def rolling_yang_zhang(opens: Floats, highs: Floats, lows: Floats, closes: Floats, previous_closes: Floats) -> Floats:
    """range_volatility.yang_zhang of the last 20 bars, each with its previous close."""
    return _apply(yang_zhang, VOLATILITY_SESSIONS, opens, highs, lows, closes, previous_closes)


def rolling_correlation(returns: Floats, others: Floats, window: int = QUARTER_SESSIONS) -> Floats:
    """benchmark.correlation of the last `window` paired returns."""
    return _apply(correlation, window, returns, others)


def rolling_beta(returns: Floats, benchmark: Floats, window: int = QUARTER_SESSIONS) -> Floats:
    """benchmark.beta of the last `window` paired returns."""
    return _apply(beta, window, returns, benchmark)


def rolling_sharpe(returns: Floats, rate: float, window: int = QUARTER_SESSIONS) -> Floats:
    """ratios.sharpe of the last `window` returns; `rate` is the risk-free return a session."""
    return _apply(lambda values: sharpe(values, np.array(rate)), window, returns)


def latest_known(figures: Floats, known: Flags) -> Floats:
    """(n,) series that has at each session the latest of (k,) `figures`, one for each of the k sessions `known`.

    NaN before the first of them. A session without a return of its own so keeps the figure of the returns up to it.
    """
    padded = np.concatenate(([NAN], figures))
    latest: Floats = padded[np.cumsum(known)]
    return latest


def _apply(function: Callable[..., Floats], window: int, *series: Floats) -> Floats:
    # Recomputed for each window: updating sums from one window to the next would accumulate rounding.
    rolled = np.full(series[0].shape, NAN)
    if len(rolled) >= window:
        rolled[window - 1 :] = function(*(_windows(one, window) for one in series))
    return rolled


def _windows(series: Floats, window: int) -> Floats:
    """(n, …) → (window, n − window + 1, …), a view: all windows are computed at once, each as a column."""
    return np.moveaxis(np.lib.stride_tricks.sliding_window_view(series, window, axis=0), -1, 0)
