"""Statistics of ranks: Spearman's correlation with its bootstrap interval, and the Kruskal-Wallis test."""

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

import numpy as np

from api.analytics.arrays import NAN, Floats, Integers, quotient
from api.analytics.bootstrap_interval import MIN_RETURNS, Counts, percentile_intervals, resampled_counts

_MIN_PAIRS = 3


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
    return _spearman(RankedSeries(values), RankedSeries(others))


def spearman_interval(values: Floats, others: Floats) -> tuple[float, float]:
    """The 95 % interval of `spearman` of (n,) pairs, ranked anew in each draw; NaN for n < 20."""
    if len(values) < MIN_RETURNS:
        return NAN, NAN
    return _intervals([(RankedSeries(values), RankedSeries(others))])[0]


class RankedSeries:
    """(n,) `ranks` less their mean, and the same in every draw of the bootstrap, (n, draws), computed when asked for.

    `draws` are twice the ranks less their mean, which are whole numbers. `square`, () and `squares`, (draws,): the sums
    of the squares of the ranks.
    """

    def __init__(self, values: Floats) -> None:
        count = len(values)
        self._order = np.argsort(values)
        ordered = values[self._order]
        differs = ordered[1:] != ordered[:-1]
        # Equal values are a group. `_ends`: the place in the order of the last value of each.
        self._ends = np.append(np.flatnonzero(differs), count - 1)[:count]
        self._groups = np.empty(count, dtype=np.intp)
        self._groups[self._order] = np.concatenate(([0], np.cumsum(differs)))[:count]
        self._sizes = np.diff(self._ends, prepend=-1)
        self.ranks = (self._ends + 1 - (self._sizes - 1) / 2)[self._groups] - (count + 1) / 2
        self.square = float(self.ranks @ self.ranks)

    def __len__(self) -> int:
        return len(self.ranks)

    @property
    def draws(self) -> Counts:
        return self._drawn[0]

    @property
    def squares(self) -> Floats:
        return self._drawn[1]

    def products(self, others: Sequence["RankedSeries"]) -> Floats:
        """(N, draws): in each draw, the sums of the products of its ranks and those of each of N other series."""
        # float32 halves the time and holds ranks of any window exactly. It is made here and not kept: fresh memory for
        # every series would cost more than the products. In place takes half the time of a product into a third array.
        weighted = resampled_counts(len(self)).astype(np.float32)
        weighted *= self.draws
        sums = [np.einsum("nd,nd->d", weighted, other.draws.astype(np.float32)) for other in others]
        return np.array(sums, dtype=np.float64) / 4

    @cached_property
    def _drawn(self) -> tuple[Counts, Floats]:
        # A draw is described by how often it has each value: ranks follow from cumulative counts, without sorting a
        # thousand draws.
        count = len(self._groups)
        counts = resampled_counts(count)
        if len(self._ends) == count:
            ranks = cumulative_rows(counts, self._order, self._groups)
            ranks += ranks
            ranks -= _centres(count)
            return ranks, _squares(_cubes(count), count)
        upto = cumulative_rows(counts, self._order, self._ends)
        # Twice the rank less the mean is how many values are up to a tied one, and how many are before it, less n.
        ranks = upto.copy()
        ranks[1:] += upto[:-1]
        ranks -= upto.dtype.type(count)
        return ranks.take(self._groups, axis=0), _squares(self._tied_cubes(counts, upto), count)

    def _tied_cubes(self, counts: Counts, upto: Counts) -> Floats:
        """(draws,) the sums of the cubes of how often a draw has each group, of which `upto` has the running totals."""
        if len(self._ends) < len(counts) / 2:
            return _cube_sums(np.diff(upto, axis=0, prepend=upto.dtype.type(0)))
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


class Lagged(NamedTuple):
    """(n,) `values`, `lag` sessions after the series that they are paired with; at −1 those of the session before.

    `ranking` remembers their ranks for further correlations.
    """

    values: Floats
    lag: int
    ranking: Ranking


def lagged_spearman(values: Floats, others: Floats, lag: int) -> RankCorrelation:
    """Spearman's ρ of values[t] and others[t + lag], (n,) series on the same sessions: see `lagged_spearmans`."""
    return lagged_spearmans(values, [Lagged(others, lag, Ranking())], Ranking())[0]


def lagged_spearmans(values: Floats, others: Sequence[Lagged], ranking: Ranking) -> list[RankCorrelation]:
    """Spearman's ρ of (n,) `values` with each other series, on the same sessions; pairs with a NaN are left out.

    ρ is NaN with fewer than three pairs, its interval with fewer than 20. `ranking` remembers the ranks of `values`.
    """
    pairs = [_ranked(values, other, ranking) for other in others]
    long_enough = [(one, other) for one, other in pairs if len(one) >= MIN_RETURNS]
    intervals = iter(_intervals(long_enough))
    return [
        RankCorrelation(_spearman(one, other), *(next(intervals) if len(one) >= MIN_RETURNS else (NAN, NAN)), len(one))
        for one, other in pairs
    ]


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


def _ranked(values: Floats, other: Lagged, ranking: Ranking) -> tuple[RankedSeries, RankedSeries]:
    """The values of which the other series has one `lag` sessions later, and those."""
    lag = other.lag
    end = len(values) - lag if lag > 0 else len(values)
    left, right = values[max(-lag, 0) : end], other.values[max(lag, 0) : len(other.values) + min(lag, 0)]
    known = np.isfinite(left) & np.isfinite(right)
    return ranking.of(left[known]), other.ranking.of(right[known])


def _spearman(one: RankedSeries, other: RankedSeries) -> float:
    # Ranks are halves and integers, so the squares of a constant series are exactly 0.
    norm = (one.square * other.square) ** 0.5 if len(one) >= _MIN_PAIRS else 0
    return max(-1.0, min(1.0, float(one.ranks @ other.ranks) / norm)) if norm > 0 else NAN


def _intervals(pairs: Sequence[tuple[RankedSeries, RankedSeries]]) -> list[tuple[float, float]]:
    """The interval of each pair, in their order."""
    others: dict[RankedSeries, list[RankedSeries]] = defaultdict(list)
    for one, other in pairs:
        others[one].append(other)
    found: dict[tuple[RankedSeries, RankedSeries], tuple[float, float]] = {}
    for one, with_it in others.items():
        norms = np.sqrt(one.squares * np.array([other.squares for other in with_it]))
        correlations = quotient(one.products(with_it), norms)
        found |= {(one, other): ends for other, ends in zip(with_it, percentile_intervals(correlations), strict=True)}
    return [found[pair] for pair in pairs]


# Four lengths, as the draws themselves.
@lru_cache(maxsize=4)
def _centres(count: int) -> Counts:
    """(n, draws) what to take from twice a value's last rank in a draw for twice its average rank less the mean."""
    counts = resampled_counts(count)
    return counts + counts.dtype.type(count)


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
    blocks[:, 1:] += blocks[-1, :-1].cumsum(axis=0, dtype=values.dtype)
    run, place_in_run = np.divmod(at, length)
    rows: Counts = blocks.reshape(length * runs, -1).take(place_in_run * runs + run, axis=0)
    return rows
