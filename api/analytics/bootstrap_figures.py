"""Figures of every draw of the block bootstrap at once, from how often a draw has each session.

Laying out each draw and computing its figure takes ten times as long. Means become one matrix product for all columns,
and of a tail only the lowest returns are looked at. A test holds each against its function on the draws laid out.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType

import numpy as np

from api.analytics import benchmark, ratios, risk
from api.analytics.arrays import SESSIONS_PER_YEAR, Flags, Floats, quotient
from api.analytics.bootstrap_interval import Counts, resampled_counts
from api.analytics.rank_statistics import cumulative_rows

DrawnFigures = Callable[..., Floats]  # (n, N) series, n ≥ 20, and (N,) constants → (draws, N)


def _volatility(returns: Floats) -> Floats:
    # Less their mean, so that the difference of the two moments below keeps its digits.
    centred, count = returns - returns.mean(axis=0), len(returns)
    variance = (_means(centred**2) - _means(centred) ** 2) * count / (count - 1)
    figures: Floats = np.sqrt(np.maximum(variance, 0) * SESSIONS_PER_YEAR)
    return figures


def _sortino(returns: Floats, rate: Floats) -> Floats:
    excess = returns - rate
    figures: Floats = quotient(_means(excess), np.sqrt(_means(np.minimum(excess, 0) ** 2))) * SESSIONS_PER_YEAR**0.5
    return figures


def _up_capture(returns: Floats, other: Floats) -> Floats:
    return _capture(returns, other, other > 0)


def _down_capture(returns: Floats, other: Floats) -> Floats:
    return _capture(returns, other, other < 0)


def _value_at_risk(returns: Floats) -> Floats:
    position = (len(returns) - 1) * risk.TAIL
    below = int(position)
    return _by_column(returns, below + 2, lambda values, upto: _quantile(values, upto, below, position - below))


def _conditional_value_at_risk(returns: Floats) -> Floats:
    size = int((len(returns) - 1) * risk.TAIL) + 1
    return _by_column(returns, size, lambda values, upto: _mean_of_lowest(values, upto, size))


DRAWN: Mapping[Callable[..., Floats], DrawnFigures] = MappingProxyType(
    {
        risk.volatility: _volatility,
        risk.value_at_risk: _value_at_risk,
        risk.conditional_value_at_risk: _conditional_value_at_risk,
        ratios.sortino: _sortino,
        benchmark.up_capture: _up_capture,
        benchmark.down_capture: _down_capture,
    }
)


def _means(values: Floats) -> Floats:
    """(draws, N) means of (n, N) values."""
    means: Floats = resampled_counts(len(values)).T.astype(np.float64) @ values / len(values)
    return means


def _capture(returns: Floats, other: Floats, chosen: Flags) -> Floats:
    share = _means(chosen.astype(np.float64))
    own, others = (
        np.expm1(quotient(_means(np.where(chosen, np.log1p(values), 0)), share)) for values in (returns, other)
    )
    return quotient(own * np.sign(others), np.abs(others))


def _by_column(returns: Floats, size: int, figure: Callable[[Floats, Counts], Floats]) -> Floats:
    """`figure` of each column's lowest returns, ascending, and of how many of them, up to each, a draw has."""
    return np.column_stack([figure(*_lowest(values, size)) for values in returns.T])


def _lowest(values: Floats, size: int) -> tuple[Floats, Counts]:
    """As many of the lowest (n,) values that every draw has `size` of them, and (k, draws) cumulative counts."""
    order, reach = np.argsort(values), 4 * size
    while True:
        lowest = order[:reach]
        upto = cumulative_rows(resampled_counts(len(values)), lowest, np.arange(len(lowest)))
        if reach >= len(values) or upto[-1].min() >= size:
            return values[lowest], upto
        reach *= 2


def _quantile(values: Floats, upto: Counts, below: int, fraction: float) -> Floats:
    # The value at a place of a draw is the first of which the draw has more than that up to it.
    lower, upper = (values[(upto <= place).sum(axis=0)] for place in (below, below + 1))
    quantile: Floats = lower + fraction * (upper - lower)
    return quantile


def _mean_of_lowest(values: Floats, upto: Counts, size: int) -> Floats:
    taken = np.diff(np.minimum(upto, size), axis=0, prepend=0)
    mean: Floats = values @ taken.astype(np.float64) / size
    return mean
