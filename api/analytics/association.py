"""How a ticker's moves go with something else: rank correlation, and how uncertain it is."""

from typing import NamedTuple

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats, quotient
from api.analytics.ranks import codes_of, spearman, spearman_interval

MEAN_SESSIONS = 20


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


def share_above_mean(closes: Floats, sessions: int = MEAN_SESSIONS) -> Floats:
    """Breadth: of (n, N) closes, the share above the mean of their own last `sessions`, at each of (n,) sessions.

    A column whose close or mean is not known at a session does not count there; NaN before `sessions` of them.
    """
    shares = np.full(len(closes), UNKNOWN)
    if len(closes) >= sessions:
        means = np.lib.stride_tricks.sliding_window_view(closes, sessions, axis=0).mean(axis=-1)
        shares[sessions - 1 :] = _share(closes[sessions - 1 :], means)
    return shares


def share_rising(closes: Floats) -> Floats:
    """Breadth: of (n, N) closes, the share above the close before, at each of (n,) sessions; NaN at the first."""
    return np.concatenate(([UNKNOWN], _share(closes[1:], closes[:-1]))) if len(closes) else np.empty(0)


def _share(values: Floats, bounds: Floats) -> Floats:
    known = np.isfinite(values) & np.isfinite(bounds)
    return quotient(((values > bounds) & known).sum(axis=1), known.sum(axis=1))
