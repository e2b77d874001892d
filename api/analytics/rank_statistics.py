"""Ranks, equal values sharing the mean of theirs, and what is made of them without a table of critical values."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import UNKNOWN, Floats, quotient
from api.analytics.benchmark import correlation
from api.analytics.bootstrap_interval import FEWEST, Counts, percentile_interval, resampled_counts

Codes = npt.NDArray[np.intp]


def codes_of(values: Floats) -> Codes:
    """(n,) values as whole numbers from 0 that are ordered and equal as they are."""
    return np.unique(values, return_inverse=True)[1].astype(np.intp)


def ranks_of(codes: Codes) -> Floats:
    """The ranks of (n,) codes from 1, equal ones sharing their mean."""
    counts = np.bincount(codes)
    ranks: Floats = (counts.cumsum() - (counts - 1) / 2)[codes]
    return ranks


def spearman(codes: Codes, others: Codes) -> float:
    """Pearson's correlation of the ranks of (n,) paired codes; NaN for n < 3 or where either does not move."""
    return float(correlation(ranks_of(codes), ranks_of(others)))


def spearman_interval(codes: Codes, others: Codes) -> tuple[float, float]:
    """The 95 % interval of spearman of (n,) paired codes, ranked anew in each draw; NaN for n < 20.

    By how often a draw has each pair, which is quicker than to draw; in float32, which holds ranks exactly.
    """
    if len(codes) < FEWEST:
        return UNKNOWN, UNKNOWN
    counts = resampled_counts(len(codes))
    x, y = _centred_ranks(codes, counts), _centred_ranks(others, counts)
    product, square, other = (np.einsum("dn,dn->d", counts * one, two) for one, two in ((x, y), (x, x), (y, y)))
    norm = np.sqrt(square * other)
    return percentile_interval(quotient(product, norm))


class Association(NamedTuple):
    """Spearman's ρ of `n` sessions and its 95 % interval by blocks; NaN where it is not known."""

    rho: float
    low: float
    high: float
    n: int


def associate(moves: Floats, others: Floats, lag: int) -> Association:
    """moves[t] with others[t + lag], of (n,) series on the same sessions: lag −1, the session before. Without NaN."""
    ends = len(moves) - lag if lag > 0 else len(moves)
    left, right = moves[max(-lag, 0) : ends], others[max(lag, 0) : len(others) + min(lag, 0)]
    known = np.isfinite(left) & np.isfinite(right)
    count = int(known.sum())
    if count < 3:
        return Association(UNKNOWN, UNKNOWN, UNKNOWN, count)
    codes, other_codes = codes_of(left[known]), codes_of(right[known])
    return Association(spearman(codes, other_codes), *spearman_interval(codes, other_codes), count)


def kruskal_wallis(values: Floats, groups: Codes) -> float:
    """H of (n,) values in groups numbered from 0 without a gap, corrected for ties; NaN where all are equal.

    Kruskal and Wallis 1952. Of chi-square's law with groups − 1 degrees of freedom, if the groups are alike.
    """
    codes = codes_of(values)
    n, ranks = len(values), ranks_of(codes)
    sums, sizes = np.bincount(groups, weights=ranks), np.bincount(groups)
    ties = np.bincount(codes).astype(np.float64)
    correction = 1 - float((ties**3 - ties).sum()) / (n**3 - n) if n > 1 else 0
    if correction <= 0:
        return UNKNOWN
    return float((12 / (n * (n + 1)) * (sums**2 / sizes).sum() - 3 * (n + 1)) / correction)


def _centred_ranks(codes: Codes, counts: Counts) -> Counts:
    """(draws, n) ranks less their mean, of each of (n,) codes in draws that have it `counts` times."""
    order = np.argsort(codes)
    starts = np.flatnonzero(np.diff(codes[order], prepend=-1))
    sizes = np.add.reduceat(counts[:, order], starts, axis=1)
    ranks = sizes.cumsum(axis=1) - (sizes - 1) / 2
    return (ranks - (len(codes) + 1) / 2)[:, codes].astype(np.float32)
