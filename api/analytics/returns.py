"""Simple returns, their averages and growth. NaN marks too few sessions."""

import numpy as np

from api.analytics.arrays import MIN_SESSIONS_PER_YEAR, SESSIONS_PER_YEAR, Floats, nan_like, nan_unless, quotient


def simple_returns(prices: Floats) -> Floats:
    """(n, …) returns P_t ÷ P_{t−1} − 1 of (n+1, …) prices ascending in time; NaN where either price is NaN."""
    return quotient(prices[1:], prices[:-1]) - 1


def cumulative_return(prices: Floats) -> Floats:
    """P_n ÷ P_0 − 1 of (n+1, …) prices, P_0 the base: the close before the window."""
    return quotient(prices[-1], prices[0]) - 1 if len(prices) > 1 else nan_like(prices)


def cagr(prices: Floats, sessions: Floats) -> Floats:
    """The compound annual growth rate (P_n ÷ P_0)^(252 ÷ n) − 1 of prices with the base first; NaN for n < 246.

    n, `sessions`, counts the sessions of the calendar from the base to the last price, whether or not a price of each
    is known: two years of which half the bars are missing are two years. Less than a year is not extrapolated to one:
    5 % in a month would become 80 % a year.
    """
    if len(prices) < 2:
        return nan_like(prices)
    years = np.maximum(sessions, 1) / SESSIONS_PER_YEAR
    growth: Floats = quotient(prices[-1], prices[0]) ** (1 / years) - 1
    # Not a NaN in the exponent: a close that is the base's again is 1, and 1 to the power of NaN is 1.
    return nan_unless(sessions >= MIN_SESSIONS_PER_YEAR, growth)


def average(returns: Floats) -> Floats:
    """The arithmetic mean of (n, …) returns."""
    mean: Floats = returns.mean(axis=0) if len(returns) else nan_like(returns)
    return mean


def average_standard_error(returns: Floats) -> Floats:
    """The standard error of the mean, s ÷ √n, ddof 1, if returns are independent; NaN for n < 2."""
    if len(returns) < 2:
        return nan_like(returns)
    error: Floats = returns.std(axis=0, ddof=1) / len(returns) ** 0.5
    return error


def geometric_average(returns: Floats) -> Floats:
    """(Π(1 + r))^(1 ÷ n) − 1 of (n, …) returns above −1."""
    # log1p and expm1 keep the digits of small returns, which 1 + r would lose.
    mean: Floats = np.expm1(np.log1p(returns).mean(axis=0)) if len(returns) else nan_like(returns)
    return mean


def best(returns: Floats) -> Floats:
    """The highest of (n, …) returns."""
    greatest: Floats = returns.max(axis=0) if len(returns) else nan_like(returns)
    return greatest


def worst(returns: Floats) -> Floats:
    """The lowest of (n, …) returns."""
    least: Floats = returns.min(axis=0) if len(returns) else nan_like(returns)
    return least


def positive_share(returns: Floats) -> Floats:
    """The share of (n, …) returns above zero, a fraction."""
    share: Floats = (returns > 0).mean(axis=0) if len(returns) else nan_like(returns)
    return share
