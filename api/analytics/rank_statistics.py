"""Statistics of ranks: Spearman's correlation with its bootstrap interval, and the Kruskal-Wallis test."""

from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from api.analytics.arrays import NAN, Floats, Integers, quotient
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


def spearman(values: Floats, others: Floats) -> float:
    """Spearman's ρ of (n,) pairs: Pearson's of the average ranks.

    NaN for n < 3, or where one of the two is constant.
    """
    return _spearman(RankedSeries(values), RankedSeries(others)) if len(values) >= 3 else NAN


def spearman_interval(values: Floats, others: Floats) -> tuple[float, float]:
    """The 95 % interval of `spearman` of (n,) pairs, ranked anew in each draw; NaN for n < 20."""
    return _interval(RankedSeries(values), RankedSeries(others)) if len(values) >= MIN_RETURNS else (NAN, NAN)


class RankedSeries:
    """(n,) `ranks` less their mean, and the same in every draw of the bootstrap, (n, draws), computed when asked for.

    `weighted_draws`: the ranks of a draw as often as it has each value. `square`, () and `squares`, (draws,): the sums
    of their squares.
    """

    def __init__(self, values: Floats) -> None:
        count = len(values)
        self._order = np.argsort(values, kind="stable")
        ordered = values[self._order]
        differs = ordered[1:] != ordered[:-1]
        # Equal values are a group. `_ends`: the place in the order of the last value of each.
        self._ends = np.flatnonzero(np.append(differs, True)[:count])
        self._groups = np.empty(count, dtype=np.intp)
        self._groups[self._order] = np.concatenate(([0], np.cumsum(differs)))[:count]
        self._sizes = np.diff(self._ends, prepend=-1)
        self.ranks = (self._ends + 1 - (self._sizes - 1) / 2)[self._groups] - (count + 1) / 2
        self.square = float(self.ranks @ self.ranks)

    @property
    def draws(self) -> Counts:
        return self._drawn[0]

    @cached_property
    def weighted_draws(self) -> Counts:
        weighted: Counts = resampled_counts(len(self._groups)) * self.draws
        return weighted

    @property
    def squares(self) -> Floats:
        return self._drawn[1]

    @cached_property
    def _drawn(self) -> tuple[Counts, Floats]:
        # A draw is described by how often it has each value: ranks follow from cumulative counts, without sorting a
        # thousand draws. float32 halves the time and holds ranks of any window exactly.
        count = len(self._groups)
        counts = resampled_counts(count)
        if len(self._ends) == count:
            ranks = cumulative_rows(counts, self._order, self._groups)
            ranks -= _centres(count)
            return ranks, _squares(_cubes(count), count)
        upto = cumulative_rows(counts, self._order, self._ends)
        # Twice the rank less the mean is how many values are up to a tied one, and how many are before it, less n.
        ranks = upto.copy()
        ranks[1:] += upto[:-1]
        ranks -= np.float32(count)
        ranks *= np.float32(0.5)
        return ranks.take(self._groups, axis=0), _squares(self._tied_cubes(counts, upto), count)

    def _tied_cubes(self, counts: Counts, upto: Counts) -> Floats:
        """(draws,) the sums of the cubes of how often a draw has each group, of which `upto` has the running totals."""
        if len(self._ends) < len(counts) / 2:
            return _cube_sums(np.diff(upto, axis=0, prepend=np.float32(0)))
        # Few ties: what is known of values that all differ, corrected.
        tied = np.flatnonzero(self._sizes > 1)
        groups = upto[tied]
        groups[tied > 0] -= upto[tied[tied > 0] - 1]
        return _cubes(len(counts)) - _cube_sums(counts[self._sizes[self._groups] > 1]) + _cube_sums(groups)


class Ranking:
    """Ranks series, and remembers them: a series takes part in many correlations."""

    def __init__(self) -> None:
        self._known: dict[bytes, RankedSeries] = {}

    def of(self, values: Floats) -> RankedSeries:
        """(n,) values without NaN, ranked."""
        key = values.tobytes()
        if key not in self._known:
            self._known[key] = RankedSeries(values)
        return self._known[key]


def lagged_spearman(
    values: Floats, others: Floats, lag: int, ranking: Ranking | None = None, other_ranking: Ranking | None = None
) -> RankCorrelation:
    """Spearman's ρ of values[t] and others[t + lag], (n,) series on the same sessions; pairs with a NaN are left out.

    With lag −1 `others` is that of the session before. ρ is NaN with fewer than three pairs. `ranking` and
    `other_ranking` remember the ranks of the two for further correlations of them.
    """
    end = len(values) - lag if lag > 0 else len(values)
    left, right = values[max(-lag, 0) : end], others[max(lag, 0) : len(others) + min(lag, 0)]
    known = np.isfinite(left) & np.isfinite(right)
    count = int(known.sum())
    if count < 3:
        return RankCorrelation(NAN, NAN, NAN, count)
    x, y = (ranking or Ranking()).of(left[known]), (other_ranking or Ranking()).of(right[known])
    low, high = _interval(x, y) if count >= MIN_RETURNS else (NAN, NAN)
    return RankCorrelation(_spearman(x, y), low, high, count)


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


def _spearman(one: RankedSeries, other: RankedSeries) -> float:
    # Ranks are halves and integers, so the squares of a constant series are exactly 0.
    norm = (one.square * other.square) ** 0.5
    return max(-1.0, min(1.0, float(one.ranks @ other.ranks) / norm)) if norm > 0 else NAN


def _interval(one: RankedSeries, other: RankedSeries) -> tuple[float, float]:
    products = np.einsum("nd,nd->d", one.weighted_draws, other.draws)
    return percentile_interval(quotient(products, np.sqrt(one.squares * other.squares)))


# Four lengths, as the draws themselves.
@lru_cache(maxsize=4)
def _centres(count: int) -> Counts:
    """(n, draws) what to take from a value's last rank in a draw for its average rank less the mean."""
    return (resampled_counts(count) + np.float32(count)) * np.float32(0.5)


@lru_cache(maxsize=4)
def _cubes(count: int) -> Floats:
    """(draws,) the sums of the cubes of how often a draw has each value."""
    return _cube_sums(resampled_counts(count))


def _cube_sums(counts: Counts) -> Floats:
    exact = counts.astype(np.float64)
    sums: Floats = (exact * exact * exact).sum(axis=0)
    return sums


def _squares(cubes: Floats, count: int) -> Floats:
    """(draws,) the sums of the squares of centred ranks: t equal values lack (t³ − t) ÷ 12, and Σt is n."""
    squares: Floats = (float(count) ** 3 - cubes) / 12
    return squares


def cumulative_rows(values: Counts, order: Integers, at: Integers) -> Counts:
    """`values[order].cumsum(axis=0)[at]` of (n, draws) values, several times as fast.

    Whole rows are added: first within runs of about √n rows, all runs at once, then the runs' totals. Rows of the same
    place in their runs lie side by side, so that every addition is of two contiguous blocks.
    """
    count = len(order)
    length = int(np.ceil(count**0.5))
    runs = -(-count // length)
    padded = np.full(runs * length, order[-1])  # rows after the last, which nothing reads
    padded[:count] = order
    blocks = values.take(padded.reshape(runs, length).T.ravel(), axis=0).reshape(length, runs, -1)
    for place in range(1, length):
        np.add(blocks[place], blocks[place - 1], out=blocks[place])
    blocks[:, 1:] += blocks[-1, :-1].cumsum(axis=0)
    run, place_in_run = np.divmod(at, length)
    rows: Counts = blocks.reshape(length * runs, -1).take(place_in_run * runs + run, axis=0)
    return rows
