"""One series against another, on the sessions that both have."""

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats, is_constant
from api.analytics.returns import cumulative_return


def excess_return(prices: Floats, benchmark: Floats) -> float:
    """R − R_b in points, from (n+1,) prices each with the base first."""
    return cumulative_return(prices) - cumulative_return(benchmark)


def beta(returns: Floats, benchmark: Floats) -> float:
    """cov(r, b) ÷ var(b) of (n,) paired returns; NaN for n < 2 or a benchmark that does not move."""
    if len(returns) < 2 or is_constant(benchmark):
        return UNKNOWN
    moves = benchmark - benchmark.mean()
    return float((returns - returns.mean()) @ moves / (moves @ moves))


def correlation(returns: Floats, others: Floats) -> float:
    """Pearson's, of (n,) paired returns; NaN for n < 3 or where either does not move."""
    if len(returns) < 3 or is_constant(returns) or is_constant(others):
        return UNKNOWN
    x, y = returns - returns.mean(), others - others.mean()
    return float(np.clip((x @ y) / np.sqrt((x @ x) * (y @ y)), -1, 1))
