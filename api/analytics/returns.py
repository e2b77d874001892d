"""Simple returns, and what is made of them."""

import numpy as np

from api.analytics.arrays import FEWEST_IN_A_YEAR, SESSIONS_A_YEAR, Floats, quotient, unknown_like


def simple_returns(prices: Floats) -> Floats:
    """P_t ÷ P_{t−1} − 1 of prices ascending in time along axis 0: one row fewer; NaN where either price is."""
    return quotient(prices[1:], prices[:-1]) - 1


def cumulative_return(prices: Floats) -> Floats:
    """P_n ÷ P_0 − 1, of (n+1, …) prices with the base first."""
    return quotient(prices[-1], prices[0]) - 1 if len(prices) > 1 else unknown_like(prices)


def annual_growth(prices: Floats) -> Floats:
    """The compound annual growth rate, (P_n ÷ P_0)^(252 ÷ n) − 1, by the count of sessions; withheld for n < 246."""
    count = len(prices) - 1
    if count < FEWEST_IN_A_YEAR:
        return unknown_like(prices)
    growth: Floats = quotient(prices[-1], prices[0]) ** (SESSIONS_A_YEAR / count) - 1
    return growth


def average(returns: Floats) -> Floats:
    """The arithmetic mean of (n, …) returns; n ≥ 1."""
    mean: Floats = returns.mean(axis=0) if len(returns) else unknown_like(returns)
    return mean


def average_standard_error(returns: Floats) -> Floats:
    """s ÷ √n of (n, …) returns, s with ddof 1: the standard error of their mean if they are independent; n ≥ 2."""
    if len(returns) < 2:
        return unknown_like(returns)
    error: Floats = returns.std(axis=0, ddof=1) / len(returns) ** 0.5
    return error


def geometric_average(returns: Floats) -> Floats:
    """(Π(1 + r))^(1 ÷ n) − 1 of (n, …) returns, each above −1; n ≥ 1."""
    mean: Floats = np.expm1(np.log1p(returns).mean(axis=0)) if len(returns) else unknown_like(returns)
    return mean


def best(returns: Floats) -> Floats:
    """The greatest of (n, …) returns; n ≥ 1."""
    greatest: Floats = returns.max(axis=0) if len(returns) else unknown_like(returns)
    return greatest


def worst(returns: Floats) -> Floats:
    """The least of (n, …) returns; n ≥ 1."""
    least: Floats = returns.min(axis=0) if len(returns) else unknown_like(returns)
    return least


def positive_share(returns: Floats) -> Floats:
    """How many of (n, …) returns are above zero, as a fraction; n ≥ 1."""
    share: Floats = (returns > 0).mean(axis=0) if len(returns) else unknown_like(returns)
    return share
