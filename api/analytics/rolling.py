"""A figure at each session, of the sessions up to and with it: (n, …) in, (n, …) out, NaN where too few came before."""

from collections.abc import Callable

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats
from api.analytics.benchmark import beta, correlation
from api.analytics.range_volatility import yang_zhang
from api.analytics.risk import volatility

VOLATILITY_SESSIONS = 20  # about a month
PAIRED_SESSIONS = 60  # about a quarter: the standard error of a correlation is about 1 ÷ √n


def rolling_volatility(returns: Floats, window: int = VOLATILITY_SESSIONS) -> Floats:
    """risk.volatility of each `window` returns."""
    return _rolled(volatility, window, returns)


def rolling_yang_zhang(opens: Floats, highs: Floats, lows: Floats, closes: Floats, befores: Floats) -> Floats:
    """ranges.yang_zhang of each 20 bars whose closes before are known."""
    return _rolled(yang_zhang, VOLATILITY_SESSIONS, opens, highs, lows, closes, befores)


def rolling_correlation(returns: Floats, others: Floats, window: int = PAIRED_SESSIONS) -> Floats:
    """benchmark.correlation of each `window` paired returns."""
    return _rolled(correlation, window, returns, others)


def rolling_beta(returns: Floats, benchmark: Floats, window: int = PAIRED_SESSIONS) -> Floats:
    """benchmark.beta of each `window` paired returns."""
    return _rolled(beta, window, returns, benchmark)


def _rolled(function: Callable[..., Floats], window: int, *series: Floats) -> Floats:
    rolled = np.full(series[0].shape, UNKNOWN)
    if len(rolled) >= window:
        rolled[window - 1 :] = function(*(_windows(one, window) for one in series))
    return rolled


def _windows(series: Floats, window: int) -> Floats:
    """(n, …) → (window, n − window + 1, …), a view."""
    return np.moveaxis(np.lib.stride_tricks.sliding_window_view(series, window, axis=0), -1, 0)
