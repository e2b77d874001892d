"""Volatility, shape and tail of (n, …) simple daily returns without NaN."""

import numpy as np

from api.analytics.arrays import SESSIONS_PER_YEAR, Floats, is_constant, nan_like, nan_unless, quotient

TAIL = 0.05
MIN_RETURNS_FOR_TAIL = 20  # 5 % of fewer is less than one observation


def volatility(returns: Floats) -> Floats:
    """The standard deviation of simple returns × √252; NaN for n < 2.

    With ddof 1, because the mean is estimated from the same returns.
    """
    if len(returns) < 2:
        return nan_like(returns)
    spread: Floats = returns.std(axis=0, ddof=1) * SESSIONS_PER_YEAR**0.5
    return spread


def skew(returns: Floats) -> Floats:
    """The unbiased skewness G1 (Joanes and Gill 1998); NaN for n < 3, or where the returns are constant."""
    n = len(returns)
    if n < 3:
        return nan_like(returns)
    centred = returns - returns.mean(axis=0)
    # Products, because numpy raises to the third power several times more slowly than it multiplies.
    second, third = (centred * centred).mean(axis=0), (centred * centred * centred).mean(axis=0)
    ratio = quotient(third, nan_unless(~is_constant(returns), second) ** 1.5)
    unbiased: Floats = ratio * (n * (n - 1)) ** 0.5 / (n - 2)
    return unbiased


def excess_kurtosis(returns: Floats) -> Floats:
    """The unbiased excess kurtosis G2 (Joanes and Gill 1998), 0 for a normal distribution.

    NaN for n < 4, or where the returns are constant.
    """
    n = len(returns)
    if n < 4:
        return nan_like(returns)
    squares = (returns - returns.mean(axis=0)) ** 2
    second, fourth = squares.mean(axis=0), (squares * squares).mean(axis=0)
    biased = quotient(fourth, nan_unless(~is_constant(returns), second) ** 2) - 3
    return ((n + 1) * biased + 6) * (n - 1) / ((n - 2) * (n - 3))


def value_at_risk(returns: Floats) -> Floats:
    """Historical VaR 95 %: the 5 % quantile of the returns, interpolated linearly; NaN for n < 20.

    A return, mostly negative; many libraries report the loss as a positive number.
    """
    if len(returns) < MIN_RETURNS_FOR_TAIL:
        return nan_like(returns)
    position = (len(returns) - 1) * TAIL
    below = int(position)
    # np.quantile gives the same and takes three times as long, which a bootstrap of 1000 draws pays each time.
    ordered = np.partition(returns, (below, below + 1), axis=0)
    quantile: Floats = ordered[below] + (position - below) * (ordered[below + 1] - ordered[below])
    return quantile


def conditional_value_at_risk(returns: Floats) -> Floats:
    """CVaR 95 %, or expected shortfall: the mean of the ⌊(n − 1) · 5 %⌋ + 1 lowest returns; NaN for n < 20.

    Those are the returns at or below the value at risk. They are counted, not compared with it, because rounding of
    the interpolated quantile would decide whether an equal return belongs to the tail.
    """
    if len(returns) < MIN_RETURNS_FOR_TAIL:
        return nan_like(returns)
    last = int((len(returns) - 1) * TAIL)
    # partition() leaves the lowest returns in front, in linear time; their order does not matter for a mean.
    mean: Floats = np.partition(returns, last, axis=0)[: last + 1].mean(axis=0)
    return mean
