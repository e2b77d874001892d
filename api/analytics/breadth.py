"""Market breadth: the share of a universe's stocks that are strong at each session.

A proxy for sentiment where the lake has no news.
"""

import numpy as np

from api.analytics.arrays import NAN, Floats, quotient

MEAN_SESSIONS = 20


def share_above_mean(closes: Floats, sessions: int = MEAN_SESSIONS) -> Floats:
    """(n,) share of N stocks whose close is above its own mean of the last `sessions`, from (n, N) closes.

    A stock whose close or mean is unknown at a session is left out there. NaN for the first `sessions` − 1 sessions.
    """
    shares = np.full(len(closes), NAN)
    if len(closes) >= sessions:
        # One NaN makes a mean NaN, which leaves the stock out instead of comparing it with a shorter mean.
        means = np.lib.stride_tricks.sliding_window_view(closes, sessions, axis=0).mean(axis=-1)
        shares[sessions - 1 :] = _share_above(closes[sessions - 1 :], means)
    return shares


def share_rising(closes: Floats) -> Floats:
    """(n,) share of N stocks whose close is above the previous one, from (n, N) closes; NaN at the first session."""
    return np.concatenate(([NAN], _share_above(closes[1:], closes[:-1]))) if len(closes) else np.empty(0)


def _share_above(values: Floats, bounds: Floats) -> Floats:
    known = np.isfinite(values) & np.isfinite(bounds)
    return quotient(((values > bounds) & known).sum(axis=1), known.sum(axis=1))
