"""Ranks, equal values sharing the mean of theirs, and what is made of them without a table of critical values."""

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import UNKNOWN, Floats
from api.analytics.benchmark import correlation

Codes = npt.NDArray[np.intp]


def codes_of(values: Floats) -> Codes:
    """(n,) values as whole numbers from 0 that are ordered and equal as they are."""
    return np.unique(values, return_inverse=True)[1].astype(np.intp)


def ranks_of(codes: Codes) -> Floats:
    """The ranks from 1 in each column of (n, …) codes, equal ones sharing their mean."""
    columns = codes.reshape(len(codes), -1)
    kinds = int(columns.max(initial=0)) + 1
    cells = columns + kinds * np.arange(columns.shape[1])
    counts = np.bincount(cells.ravel(), minlength=kinds * columns.shape[1]).reshape(-1, kinds)
    ranks = counts.cumsum(axis=1) - (counts - 1) / 2
    shared: Floats = ranks.ravel()[cells].reshape(codes.shape)
    return shared


def spearman(codes: Codes, others: Codes) -> Floats:
    """Pearson's correlation of the ranks of (n, …) paired codes; NaN for n < 3 or where either does not move."""
    return correlation(ranks_of(codes), ranks_of(others))


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
