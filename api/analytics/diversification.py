"""What mixing does to volatility: of (n, k) paired daily returns of k parts, each figure a scalar."""

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats, quotient
from api.analytics.risk import volatility


def mix_volatility(returns: Floats) -> Floats:
    """The volatility of the equal mix, rebalanced daily, whose return is the mean of its parts'; n ≥ 2, k ≥ 1."""
    return volatility(returns.mean(axis=1)) if returns.shape[1] else np.array(UNKNOWN)


def mean_volatility(returns: Floats) -> Floats:
    """The mean of the parts' own volatilities; n ≥ 2, k ≥ 1."""
    return np.array(volatility(returns).mean() if returns.shape[1] else UNKNOWN)


def diversification(returns: Floats) -> Floats:
    """mix_volatility ÷ mean_volatility: 1 where the parts move as one; NaN for k < 2."""
    if returns.shape[1] < 2:
        return np.array(UNKNOWN)
    return quotient(mix_volatility(returns), mean_volatility(returns))
