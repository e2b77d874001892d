"""Market breadth: the share of a universe's stocks that are strong at each session."""

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats, quotient

MEAN_SESSIONS = 20


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
