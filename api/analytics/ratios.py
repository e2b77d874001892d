"""Return for risk. `rate` is the risk-free return a session; `per_session` makes it of an annual one."""

import numpy as np

from api.analytics.arrays import SESSIONS_A_YEAR, Floats, is_constant, quotient, unknown_like, where_known
from api.analytics.drawdown import max_drawdown
from api.analytics.returns import annual_growth

FEWEST_FOR_SORTINO = 20  # its interval is resampled, which fewer returns cannot bear


def per_session(annual_rate: float) -> float:
    """(1 + rf)^(1 ÷ 252) − 1."""
    return float((1 + annual_rate) ** (1 / SESSIONS_A_YEAR) - 1)


def sharpe(returns: Floats, rate: Floats) -> Floats:
    """mean(r − rf) ÷ s(r − rf) · √252, ddof 1, of (n, …) returns; n ≥ 2, and NaN where they do not move."""
    ratio: Floats = _sharpe_a_session(returns, rate) * SESSIONS_A_YEAR**0.5
    return ratio


def sharpe_standard_error(returns: Floats, rate: Floats) -> Floats:
    """√((1 + SR² ÷ 2) ÷ n) · √252, SR the Sharpe ratio a session (Lo 2002, independent returns)."""
    return lo_standard_error(_sharpe_a_session(returns, rate), len(returns))


def lo_standard_error(ratio: Floats, count: int) -> Floats:
    """The annualised standard error of a mean ÷ standard deviation of `count` sessions (Lo 2002, FAJ 58:36)."""
    error: Floats = np.sqrt((1 + ratio**2 / 2) / max(count, 1) * SESSIONS_A_YEAR)
    return error


def sortino(returns: Floats, rate: Floats) -> Floats:
    """252 · mean(r − rf) ÷ (√(mean(min(r − rf, 0)²)) · √252), the mean over all n; n ≥ 20, NaN without a loss."""
    if len(returns) < FEWEST_FOR_SORTINO:
        return unknown_like(returns)
    excess = returns - rate
    downside = np.sqrt((np.minimum(excess, 0) ** 2).mean(axis=0))
    ratio: Floats = quotient(excess.mean(axis=0), downside) * SESSIONS_A_YEAR**0.5
    return ratio


def calmar(prices: Floats) -> Floats:
    """The compound annual growth rate ÷ |maximum drawdown|; withheld for n < 246, NaN without a drawdown."""
    return quotient(annual_growth(prices), -max_drawdown(prices))


def _sharpe_a_session(returns: Floats, rate: Floats) -> Floats:
    if len(returns) < 2:
        return unknown_like(returns)
    excess = returns - rate
    return quotient(excess.mean(axis=0), where_known(~is_constant(returns), excess.std(axis=0, ddof=1)))
