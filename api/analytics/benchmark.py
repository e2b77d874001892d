"""One series against another, on the sessions that both have: (n, …) paired returns, or prices with the base first."""

import numpy as np

from api.analytics.arrays import SESSIONS_A_YEAR, Flags, Floats, is_constant, quotient, unknown_like, where_known
from api.analytics.ratios import lo_standard_error
from api.analytics.returns import cumulative_return

FEWEST_FOR_CAPTURE = 20  # its interval is resampled, which fewer returns cannot bear


def excess_return(prices: Floats, benchmark: Floats) -> Floats:
    """R − R_b in points, from (n+1, …) prices each with the base first."""
    return cumulative_return(prices) - cumulative_return(benchmark)


def excess_return_geometric(prices: Floats, benchmark: Floats) -> Floats:
    """(1 + R) ÷ (1 + R_b) − 1."""
    return quotient(1 + cumulative_return(prices), 1 + cumulative_return(benchmark)) - 1


def excess_return_ratio(prices: Floats, benchmark: Floats) -> Floats:
    """R ÷ R_b; NaN where R_b ≤ 0, where "times as much" means nothing."""
    return quotient(cumulative_return(prices), cumulative_return(benchmark))


def beta(returns: Floats, benchmark: Floats) -> Floats:
    """cov(r, b) ÷ var(b) of (n, …) paired returns; NaN for n < 2 or a benchmark that does not move."""
    if len(returns) < 2:
        return unknown_like(returns)
    moves = benchmark - benchmark.mean(axis=0)
    return quotient((returns * moves).sum(axis=0), where_known(~is_constant(benchmark), (moves**2).sum(axis=0)))


def beta_standard_error(returns: Floats, benchmark: Floats) -> Floats:
    """The standard error of beta by ordinary least squares; n ≥ 3."""
    if len(returns) < 3:
        return unknown_like(returns)
    moves = ((benchmark - benchmark.mean(axis=0)) ** 2).sum(axis=0)
    error: Floats = np.sqrt(quotient(_residual_variance(returns, benchmark), moves))
    return error


def alpha_jensen(returns: Floats, benchmark: Floats, rate: Floats) -> Floats:
    """252 · (mean(r − rf) − β · mean(b − rf)): Jensen's alpha, annualised by addition; as beta."""
    return _alpha_a_session(returns, benchmark, rate) * SESSIONS_A_YEAR


def alpha_compounded(returns: Floats, benchmark: Floats, rate: Floats) -> Floats:
    """(1 + α a session)^252 − 1: the same alpha, annualised by compounding; as beta."""
    alpha: Floats = (1 + _alpha_a_session(returns, benchmark, rate)) ** SESSIONS_A_YEAR - 1
    return alpha


def alpha_jensen_standard_error(returns: Floats, benchmark: Floats, rate: Floats) -> Floats:
    """252 · the standard error of the intercept of r − rf on b − rf by ordinary least squares; n ≥ 3."""
    if len(returns) < 3:
        return unknown_like(returns)
    excess = benchmark - rate
    moves = ((excess - excess.mean(axis=0)) ** 2).sum(axis=0)
    spread = 1 / len(returns) + quotient(excess.mean(axis=0) ** 2, moves)
    error: Floats = np.sqrt(_residual_variance(returns, benchmark) * spread) * SESSIONS_A_YEAR
    return error


def correlation(returns: Floats, others: Floats) -> Floats:
    """Pearson's, of (n, …) paired returns; NaN for n < 3 or where either does not move."""
    if len(returns) < 3:
        return unknown_like(returns)
    x, y = returns - returns.mean(axis=0), others - others.mean(axis=0)
    norms = np.sqrt((x**2).sum(axis=0) * (y**2).sum(axis=0))
    moving = ~(is_constant(returns) | is_constant(others))
    ratio: Floats = np.clip(quotient((x * y).sum(axis=0), where_known(moving, norms)), -1, 1)
    return ratio


def tracking_error(returns: Floats, benchmark: Floats) -> Floats:
    """The standard deviation of r − b, ddof 1, × √252; n ≥ 2."""
    if len(returns) < 2:
        return unknown_like(returns)
    error: Floats = (returns - benchmark).std(axis=0, ddof=1) * SESSIONS_A_YEAR**0.5
    return error


def information_ratio(returns: Floats, benchmark: Floats) -> Floats:
    """√252 · mean(r − b) ÷ s(r − b), ddof 1; n ≥ 2, and NaN where the two move alike."""
    ratio: Floats = _information_ratio_a_session(returns, benchmark) * SESSIONS_A_YEAR**0.5
    return ratio


def information_ratio_standard_error(returns: Floats, benchmark: Floats) -> Floats:
    """As the Sharpe ratio's, of r − b (Lo 2002)."""
    return lo_standard_error(_information_ratio_a_session(returns, benchmark), len(returns))


def up_capture(returns: Floats, benchmark: Floats) -> Floats:
    """Mean geometric return a session ÷ the benchmark's, over the sessions with b > 0 (Morningstar's style); n ≥ 20."""
    return _captured(returns, benchmark, benchmark > 0)


def down_capture(returns: Floats, benchmark: Floats) -> Floats:
    """As up_capture, over the sessions with b < 0."""
    return _captured(returns, benchmark, benchmark < 0)


def up_capture_arithmetic(returns: Floats, benchmark: Floats) -> Floats:
    """Mean arithmetic return ÷ the benchmark's, over the sessions with b > 0 (Bacon's); n ≥ 20."""
    return _ratio_of_means(returns, benchmark, benchmark > 0)


def down_capture_arithmetic(returns: Floats, benchmark: Floats) -> Floats:
    """As up_capture_arithmetic, over the sessions with b < 0."""
    return _ratio_of_means(returns, benchmark, benchmark < 0)


def _alpha_a_session(returns: Floats, benchmark: Floats, rate: Floats) -> Floats:
    if len(returns) < 2:
        return unknown_like(returns)
    alpha: Floats = (returns - rate).mean(axis=0) - beta(returns, benchmark) * (benchmark - rate).mean(axis=0)
    return alpha


def _information_ratio_a_session(returns: Floats, benchmark: Floats) -> Floats:
    if len(returns) < 2:
        return unknown_like(returns)
    excess = returns - benchmark
    return quotient(excess.mean(axis=0), where_known(~is_constant(excess), excess.std(axis=0, ddof=1)))


def _residual_variance(returns: Floats, benchmark: Floats) -> Floats:
    """Of the least squares line of r on b, with n − 2 degrees of freedom."""
    errors = returns - beta(returns, benchmark) * benchmark
    variance: Floats = errors.var(axis=0) * len(errors) / (len(errors) - 2)
    return variance


def _captured(returns: Floats, benchmark: Floats, chosen: Flags) -> Floats:
    if len(returns) < FEWEST_FOR_CAPTURE:
        return unknown_like(returns)
    count = chosen.sum(axis=0).astype(np.float64)
    mine, theirs = (
        np.expm1(quotient(np.where(chosen, np.log1p(values), 0).sum(axis=0), count)) for values in (returns, benchmark)
    )
    return _signed(mine, theirs)


def _ratio_of_means(returns: Floats, benchmark: Floats, chosen: Flags) -> Floats:
    if len(returns) < FEWEST_FOR_CAPTURE:
        return unknown_like(returns)
    mine, theirs = (np.where(chosen, values, 0).sum(axis=0) for values in (returns, benchmark))
    return _signed(mine, theirs)


def _signed(mine: Floats, theirs: Floats) -> Floats:
    """mine ÷ theirs, whose sign is that of the sessions chosen; NaN where there is none."""
    return quotient(mine * np.sign(theirs), np.abs(theirs))
