"""A ticker against a benchmark, on the sessions that both have.

Arguments are (n, …) paired simple daily returns r and b without NaN, or (n+1, …) paired prices with the base first.
Callers pair first: filling a missing benchmark day with the day before biases beta (1.3397 instead of 1.3413 on one
test series). Figures are per year by 252 sessions.
"""

import numpy as np

from api.analytics.arrays import SESSIONS_PER_YEAR, Flags, Floats, is_constant, nan_like, nan_unless, quotient
from api.analytics.ratios import lo_standard_error
from api.analytics.returns import cumulative_return

MIN_RETURNS_FOR_CAPTURE = 20  # as its bootstrap interval needs


def excess_return(prices: Floats, benchmark: Floats) -> Floats:
    """R − R_b, the difference of the cumulative returns, in points."""
    return cumulative_return(prices) - cumulative_return(benchmark)


def excess_return_geometric(prices: Floats, benchmark: Floats) -> Floats:
    """(1 + R) ÷ (1 + R_b) − 1: how much more an investor has than with the benchmark."""
    return quotient(1 + cumulative_return(prices), 1 + cumulative_return(benchmark)) - 1


def excess_return_ratio(prices: Floats, benchmark: Floats) -> Floats:
    """R ÷ R_b; NaN where R_b ≤ 0, because "times as much" then means nothing."""
    return quotient(cumulative_return(prices), cumulative_return(benchmark))


def beta(returns: Floats, benchmark: Floats) -> Floats:
    """cov(r, b) ÷ var(b), in which ddof cancels; NaN for n < 2 or a constant benchmark."""
    if len(returns) < 2:
        return nan_like(returns)
    deviations = benchmark - benchmark.mean(axis=0)
    # Sums, because the n − 1 of covariance and variance cancels.
    squares = nan_unless(~is_constant(benchmark), (deviations**2).sum(axis=0))
    return quotient((returns * deviations).sum(axis=0), squares)


def beta_standard_error(returns: Floats, benchmark: Floats) -> Floats:
    """The standard error of beta by ordinary least squares, with n − 2 degrees of freedom; NaN for n < 3."""
    if len(returns) < 3:
        return nan_like(returns)
    moves = ((benchmark - benchmark.mean(axis=0)) ** 2).sum(axis=0)
    error: Floats = np.sqrt(quotient(_residual_variance(returns, benchmark), moves))
    return error


def alpha_jensen(returns: Floats, benchmark: Floats, rate: Floats) -> Floats:
    """Jensen's alpha, 252 · (mean(r − rf) − β · mean(b − rf)): annualised by addition. NaN where beta is."""
    return _daily_alpha(returns, benchmark, rate) * SESSIONS_PER_YEAR


def alpha_compounded(returns: Floats, benchmark: Floats, rate: Floats) -> Floats:
    """(1 + daily alpha)^252 − 1: annualised by compounding, as empyrical does. NaN where beta is."""
    alpha: Floats = (1 + _daily_alpha(returns, benchmark, rate)) ** SESSIONS_PER_YEAR - 1
    return alpha


def alpha_jensen_standard_error(returns: Floats, benchmark: Floats, rate: Floats) -> Floats:
    """252 · the standard error of the intercept of r − rf on b − rf by ordinary least squares; NaN for n < 3."""
    if len(returns) < 3:
        return nan_like(returns)
    excess = benchmark - rate
    moves = ((excess - excess.mean(axis=0)) ** 2).sum(axis=0)
    spread = 1 / len(returns) + quotient(excess.mean(axis=0) ** 2, moves)
    error: Floats = np.sqrt(_residual_variance(returns, benchmark) * spread) * SESSIONS_PER_YEAR
    return error


def correlation(returns: Floats, others: Floats) -> Floats:
    """Pearson's correlation of two (n, …) series; NaN for n < 3, or where one of the two is constant."""
    if len(returns) < 3:
        return nan_like(returns)
    x, y = returns - returns.mean(axis=0), others - others.mean(axis=0)
    norms = np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    moving = ~(is_constant(returns) | is_constant(others))
    # Rounding may leave a correlation just outside −1 to 1.
    ratio: Floats = np.clip(quotient((x * y).sum(axis=0), nan_unless(moving, norms)), -1, 1)
    return ratio


def tracking_error(returns: Floats, benchmark: Floats) -> Floats:
    """The standard deviation of r − b, ddof 1, × √252; NaN for n < 2."""
    if len(returns) < 2:
        return nan_like(returns)
    error: Floats = (returns - benchmark).std(axis=0, ddof=1) * SESSIONS_PER_YEAR**0.5
    return error


def information_ratio(returns: Floats, benchmark: Floats) -> Floats:
    """√252 · mean(r − b) ÷ s(r − b), ddof 1; NaN for n < 2, or where r − b is constant.

    From arithmetic means. PerformanceAnalytics divides a geometric excess return instead and gives other figures.
    """
    ratio: Floats = _daily_information_ratio(returns, benchmark) * SESSIONS_PER_YEAR**0.5
    return ratio


def information_ratio_standard_error(returns: Floats, benchmark: Floats) -> Floats:
    """Lo's standard error (see ratios.lo_standard_error) of the information ratio."""
    return lo_standard_error(_daily_information_ratio(returns, benchmark), len(returns))


def up_capture(returns: Floats, benchmark: Floats) -> Floats:
    """Geometric mean daily return ÷ the benchmark's, over the sessions with b > 0 (as Morningstar); NaN for n < 20."""
    return _geometric_capture(returns, benchmark, benchmark > 0)


def down_capture(returns: Floats, benchmark: Floats) -> Floats:
    """As up_capture, over the sessions with b < 0."""
    return _geometric_capture(returns, benchmark, benchmark < 0)


def up_capture_arithmetic(returns: Floats, benchmark: Floats) -> Floats:
    """Arithmetic mean daily return ÷ the benchmark's, over the sessions with b > 0 (Bacon 2008); NaN for n < 20."""
    return _arithmetic_capture(returns, benchmark, benchmark > 0)


def down_capture_arithmetic(returns: Floats, benchmark: Floats) -> Floats:
    """As up_capture_arithmetic, over the sessions with b < 0."""
    return _arithmetic_capture(returns, benchmark, benchmark < 0)


def _daily_alpha(returns: Floats, benchmark: Floats, rate: Floats) -> Floats:
    if len(returns) < 2:
        return nan_like(returns)
    alpha: Floats = (returns - rate).mean(axis=0) - beta(returns, benchmark) * (benchmark - rate).mean(axis=0)
    return alpha


def _daily_information_ratio(returns: Floats, benchmark: Floats) -> Floats:
    if len(returns) < 2:
        return nan_like(returns)
    excess = returns - benchmark
    return quotient(excess.mean(axis=0), nan_unless(~is_constant(excess), excess.std(axis=0, ddof=1)))


def _residual_variance(returns: Floats, benchmark: Floats) -> Floats:
    """The variance of the errors of the least squares line of r on b, with n − 2 degrees of freedom."""
    # var() subtracts the mean of the errors, which is the intercept of the line.
    errors = returns - beta(returns, benchmark) * benchmark
    variance: Floats = errors.var(axis=0) * len(errors) / (len(errors) - 2)
    return variance


def _geometric_capture(returns: Floats, benchmark: Floats, chosen: Flags) -> Floats:
    if len(returns) < MIN_RETURNS_FOR_CAPTURE:
        return nan_like(returns)
    count = chosen.sum(axis=0).astype(np.float64)
    own, other = (
        np.expm1(quotient(np.where(chosen, np.log1p(values), 0).sum(axis=0), count)) for values in (returns, benchmark)
    )
    return _signed_quotient(own, other)


def _arithmetic_capture(returns: Floats, benchmark: Floats, chosen: Flags) -> Floats:
    if len(returns) < MIN_RETURNS_FOR_CAPTURE:
        return nan_like(returns)
    # Both means have the same count of sessions, which cancels.
    own, other = (np.where(chosen, values, 0).sum(axis=0) for values in (returns, benchmark))
    return _signed_quotient(own, other)


def _signed_quotient(own: Floats, other: Floats) -> Floats:
    """own ÷ other for an `other` of either sign, which `quotient` would refuse; NaN where it is 0."""
    return quotient(own * np.sign(other), np.abs(other))
