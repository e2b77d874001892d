"""How mixing assets lowers volatility: figures of (n, k) paired simple daily returns of k assets, without NaN."""

import numpy as np

from api.analytics.arrays import NAN, Floats, quotient
from api.analytics.risk import volatility


def mix_volatility(returns: Floats) -> Floats:
    """The annual volatility of the equal mix, rebalanced daily: its return is the mean of its parts'; NaN for n < 2."""
    return volatility(returns.mean(axis=1)) if returns.shape[1] else np.array(NAN)


def mean_volatility(returns: Floats) -> Floats:
    """The mean of the parts' annual volatilities; NaN for n < 2."""
    return np.array(volatility(returns).mean() if returns.shape[1] else NAN)


def volatility_ratio(returns: Floats) -> Floats:
    """mix_volatility ÷ mean_volatility: 1 where all parts move as one; NaN for k < 2.

    The inverse of the diversification ratio of Choueifaty and Coignard (2008), so that 1 means "mixing helps nothing".
    """
    if returns.shape[1] < 2:
        return np.array(NAN)
    return quotient(mix_volatility(returns), mean_volatility(returns))
