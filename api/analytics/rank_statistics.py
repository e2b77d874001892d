"""Statistics of ranks: Spearman's correlation with its bootstrap interval, and the Kruskal-Wallis test."""

from typing import NamedTuple

import numpy as np

from api.analytics.arrays import NAN, Floats, Integers, quotient
from api.analytics.benchmark import correlation
from api.analytics.bootstrap_interval import MIN_RETURNS, Counts, percentile_interval, resampled_counts


class RankCorrelation(NamedTuple):
    """Spearman's ρ of `n` pairs with its 95 % block bootstrap interval; NaN where it is not known."""

    rho: float
    low: float
    high: float
    n: int


def dense_ranks(values: Floats) -> Integers:
    """The dense ranks of (n,) values, from 0: equal values share one, and the next greater value has the next."""
    return np.unique(values, return_inverse=True)[1].astype(np.intp)


def average_ranks(ranks: Integers) -> Floats:
    """The ranks from 1 of (n,) values given by their dense ranks; ties share the mean of their ranks."""
    counts = np.bincount(ranks)
    averages: Floats = (counts.cumsum() - (counts - 1) / 2)[ranks]
    return averages


def spearman(ranks: Integers, others: Integers) -> float:
    """Spearman's ρ of (n,) paired dense ranks: Pearson's of the average ranks.

    NaN for n < 3, or where one of the two is constant.
    """
    return float(correlation(average_ranks(ranks), average_ranks(others)))


def spearman_interval(ranks: Integers, others: Integers) -> tuple[float, float]:
    """The 95 % interval of `spearman` of (n,) paired dense ranks, ranked anew in each draw; NaN for n < 20."""
    if len(ranks) < MIN_RETURNS:
        return NAN, NAN
    # A draw is described by how often it has each pair: ranks then follow from cumulative counts, without sorting a
    # thousand draws. float32 halves the time and holds ranks of any window exactly.
    counts = resampled_counts(len(ranks))
    x, y = _centred_ranks(ranks, counts), _centred_ranks(others, counts)
    xy, xx, yy = (np.einsum("dn,dn->d", counts * one, two) for one, two in ((x, y), (x, x), (y, y)))
    return percentile_interval(quotient(xy, np.sqrt(xx * yy)))


def lagged_spearman(values: Floats, others: Floats, lag: int) -> RankCorrelation:
    """Spearman's ρ of values[t] and others[t + lag], (n,) series on the same sessions; pairs with a NaN are left out.

    With lag −1 `others` is that of the session before. ρ is NaN with fewer than three pairs.
    """
    end = len(values) - lag if lag > 0 else len(values)
    left, right = values[max(-lag, 0) : end], others[max(lag, 0) : len(others) + min(lag, 0)]
    known = np.isfinite(left) & np.isfinite(right)
    count = int(known.sum())
    if count < 3:
        return RankCorrelation(NAN, NAN, NAN, count)
    ranks, other_ranks = dense_ranks(left[known]), dense_ranks(right[known])
    return RankCorrelation(spearman(ranks, other_ranks), *spearman_interval(ranks, other_ranks), count)


def kruskal_wallis(values: Floats, groups: Integers) -> float:
    """H of (n,) values in groups numbered from 0 without a gap, corrected for ties (Kruskal and Wallis 1952).

    If the groups are alike, H follows a chi-square distribution with (groups − 1) degrees of freedom. NaN where all
    values are equal.
    """
    dense = dense_ranks(values)
    n, ranks = len(values), average_ranks(dense)
    sums, sizes = np.bincount(groups, weights=ranks), np.bincount(groups)
    ties = np.bincount(dense).astype(np.float64)
    correction = 1 - float((ties**3 - ties).sum()) / (n**3 - n) if n > 1 else 0
    # Without a correction above 0 all values are equal, and H would be 0 ÷ 0.
    if correction <= 0:
        return NAN
    return float((12 / (n * (n + 1)) * (sums**2 / sizes).sum() - 3 * (n + 1)) / correction)


def _centred_ranks(ranks: Integers, counts: Counts) -> Counts:
    """(draws, n) average ranks less their mean, of the values with (n,) dense ranks that a draw has `counts` times."""
    order = np.argsort(ranks)
    starts = np.flatnonzero(np.diff(ranks[order], prepend=-1))
    sizes = np.add.reduceat(counts[:, order], starts, axis=1)
    averages = sizes.cumsum(axis=1) - (sizes - 1) / 2
    return (averages - (len(ranks) + 1) / 2)[:, ranks].astype(np.float32)
