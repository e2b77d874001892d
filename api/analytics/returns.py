"""Simple returns, and what is made of them."""

from api.analytics.arrays import SESSIONS_A_YEAR, UNKNOWN, Floats, quotient


def simple_returns(prices: Floats) -> Floats:
    """P_t ÷ P_{t−1} − 1 of prices ascending in time along axis 0: one row fewer; NaN where either price is."""
    return quotient(prices[1:], prices[:-1]) - 1


def cumulative_return(prices: Floats) -> float:
    """P_n ÷ P_0 − 1, of (n+1,) prices with the base first."""
    return float(quotient(prices[-1:], prices[:1])[0] - 1) if len(prices) > 1 else UNKNOWN


def average(returns: Floats) -> float:
    """The arithmetic mean of (n,) returns; n ≥ 1."""
    return float(returns.mean()) if len(returns) else UNKNOWN


def volatility(returns: Floats) -> float:
    """The standard deviation of (n,) simple returns, ddof 1, × √252; n ≥ 2."""
    return float(returns.std(ddof=1) * SESSIONS_A_YEAR**0.5) if len(returns) > 1 else UNKNOWN


def best(returns: Floats) -> float:
    """The greatest of (n,) returns; n ≥ 1."""
    return float(returns.max()) if len(returns) else UNKNOWN


def worst(returns: Floats) -> float:
    """The least of (n,) returns; n ≥ 1."""
    return float(returns.min()) if len(returns) else UNKNOWN
