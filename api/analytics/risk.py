"""How daily returns spread: volatility, shape and tail. Simple returns, time along axis 0."""

import numpy as np

from api.analytics.arrays import SESSIONS_A_YEAR, Floats, is_constant, quotient, unknown_like, where_known

TAIL = 0.05
FEWEST_FOR_A_TAIL = 20  # below, no whole observation lies in a tail of 5 %


def volatility(returns: Floats) -> Floats:
    """The standard deviation of (n, …) simple returns, ddof 1, × √252; n ≥ 2."""
    if len(returns) < 2:
        return unknown_like(returns)
    spread: Floats = returns.std(axis=0, ddof=1) * SESSIONS_A_YEAR**0.5
    return spread


def skew(returns: Floats) -> Floats:
    """The unbiased skewness G1 of (n, …) returns; n ≥ 3, and NaN where they do not move."""
    n = len(returns)
    if n < 3:
        return unknown_like(returns)
    moves = returns - returns.mean(axis=0)
    second, third = (moves * moves).mean(axis=0), (moves * moves * moves).mean(axis=0)
    ratio = quotient(third, where_known(~is_constant(returns), second) ** 1.5)
    unbiased: Floats = ratio * (n * (n - 1)) ** 0.5 / (n - 2)
    return unbiased


def excess_kurtosis(returns: Floats) -> Floats:
    """The unbiased excess kurtosis G2 of (n, …) returns, 0 for a normal law; n ≥ 4, and NaN where they do not move."""
    n = len(returns)
    if n < 4:
        return unknown_like(returns)
    squares = (returns - returns.mean(axis=0)) ** 2
    second, fourth = squares.mean(axis=0), (squares * squares).mean(axis=0)
    biased = quotient(fourth, where_known(~is_constant(returns), second) ** 2) - 3
    return ((n + 1) * biased + 6) * (n - 1) / ((n - 2) * (n - 3))


def value_at_risk(returns: Floats) -> Floats:
    """The 5 % quantile of (n, …) returns themselves, linear between two: a return, mostly negative; n ≥ 20."""
    if len(returns) < FEWEST_FOR_A_TAIL:
        return unknown_like(returns)
    place = (len(returns) - 1) * TAIL
    below = int(place)
    ordered = np.partition(returns, (below, below + 1), axis=0)  # np.quantile does the same in three times the time
    quantile: Floats = ordered[below] + (place - below) * (ordered[below + 1] - ordered[below])
    return quantile


def conditional_value_at_risk(returns: Floats) -> Floats:
    """The mean of the ⌊(n − 1) · 5 %⌋ + 1 least returns, those at or below the value at risk; n ≥ 20.

    Expected shortfall. So many, and not all that equal the value at risk, because rounding decides what is equal.
    """
    if len(returns) < FEWEST_FOR_A_TAIL:
        return unknown_like(returns)
    last = int((len(returns) - 1) * TAIL)
    mean: Floats = np.partition(returns, last, axis=0)[: last + 1].mean(axis=0)
    return mean
