"""Risk-adjusted returns of (n, …) simple daily returns without NaN. `rate` is the risk-free return a session.

Some libraries take an annual rate, some a daily one, and a 5 % rate taken for a daily one turns a Sharpe ratio of −3.6
into −53.8: here it is always a session's, converted by `per_session`.
"""

import numpy as np

from api.analytics.arrays import SESSIONS_PER_YEAR, Floats, is_constant, nan_like, nan_unless, quotient
from api.analytics.drawdown import max_drawdown
from api.analytics.returns import cagr

MIN_RETURNS_FOR_SORTINO = 20  # as its bootstrap interval needs


def per_session(annual_rate: float) -> float:
    """The daily rate of an annual one: (1 + rf)^(1 ÷ 252) − 1."""
    return float((1 + annual_rate) ** (1 / SESSIONS_PER_YEAR) - 1)


def sharpe(returns: Floats, rate: Floats) -> Floats:
    """mean(r − rf) ÷ s(r − rf) · √252, ddof 1; NaN for n < 2, or where the returns are constant."""
    ratio: Floats = _daily_sharpe(returns, rate) * SESSIONS_PER_YEAR**0.5
    return ratio


def sharpe_standard_error(returns: Floats, rate: Floats) -> Floats:
    """Lo's standard error (see lo_standard_error) of the Sharpe ratio."""
    return lo_standard_error(_daily_sharpe(returns, rate), len(returns))


def lo_standard_error(ratio: Floats, count: int) -> Floats:
    """√((1 + ratio² ÷ 2) ÷ n) · √252 of a daily mean ÷ standard deviation of n = `count` sessions (Lo 2002, FAJ 58:36).

    For independent, identically distributed returns.
    """
    error: Floats = np.sqrt((1 + ratio**2 / 2) / max(count, 1) * SESSIONS_PER_YEAR)
    return error


def sortino(returns: Floats, rate: Floats) -> Floats:
    """√252 · mean(r − rf) ÷ √(mean(min(r − rf, 0)²)); NaN for n < 20, or without a loss.

    The downside deviation is a mean over all n (Sortino and Price 1994), not the deviation of the losses alone.
    """
    if len(returns) < MIN_RETURNS_FOR_SORTINO:
        return nan_like(returns)
    excess = returns - rate
    # √252 once: 252 of the mean ÷ √252 of the deviation.
    downside = np.sqrt((np.minimum(excess, 0) ** 2).mean(axis=0))
    ratio: Floats = quotient(excess.mean(axis=0), downside) * SESSIONS_PER_YEAR**0.5
    return ratio


def calmar(prices: Floats, sessions: Floats) -> Floats:
    """CAGR ÷ |maximum drawdown| of prices with the base first; NaN for fewer than 246 `sessions`, as those of cagr are
    counted, or without a drawdown."""
    return quotient(cagr(prices, sessions), -max_drawdown(prices))


def _daily_sharpe(returns: Floats, rate: Floats) -> Floats:
    if len(returns) < 2:
        return nan_like(returns)
    excess = returns - rate
    # Whether returns are constant is asked of the returns: subtracting the rate only adds rounding.
    return quotient(excess.mean(axis=0), nan_unless(~is_constant(returns), excess.std(axis=0, ddof=1)))
