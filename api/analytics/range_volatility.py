"""Volatility from daily bars: (n, …) opens, highs, lows and closes, all positive; annualised, zero-drift log moves.

Parkinson, Garman-Klass and Rogers-Satchell see the session alone and leave out the night: their level is below
close-to-close volatility and is not to be compared with it.
"""

import numpy as np

from api.analytics.arrays import SESSIONS_A_YEAR, Floats, unknown_like

_ALPHA = 1.34  # Yang and Zhang's choice: the expected fourth moment of the day's moves


def log_ranges(highs: Floats, lows: Floats) -> Floats:
    """ln(H ÷ L), never negative."""
    ranges: Floats = np.log(highs / lows)
    return ranges


def parkinson(highs: Floats, lows: Floats) -> Floats:
    """√(252 ÷ (4 n ln 2) · Σ ln²(H ÷ L)) (Parkinson 1980); n ≥ 1."""
    return _annual(log_ranges(highs, lows) ** 2 / (4 * np.log(2)))


def garman_klass(opens: Floats, highs: Floats, lows: Floats, closes: Floats) -> Floats:
    """√(252 ÷ n · Σ [½ ln²(H ÷ L) − (2 ln 2 − 1) ln²(C ÷ O)]) (Garman and Klass 1980); n ≥ 1."""
    return _annual(log_ranges(highs, lows) ** 2 / 2 - (2 * np.log(2) - 1) * np.log(closes / opens) ** 2)


def rogers_satchell(opens: Floats, highs: Floats, lows: Floats, closes: Floats) -> Floats:
    """√(252 ÷ n · Σ [ln(H ÷ C) ln(H ÷ O) + ln(L ÷ C) ln(L ÷ O)]) (Rogers and Satchell 1991), free of drift; n ≥ 1."""
    return _annual(_rogers_satchell_terms(opens, highs, lows, closes))


def yang_zhang(opens: Floats, highs: Floats, lows: Floats, closes: Floats, befores: Floats) -> Floats:
    """√(252 · (σ²_o + k σ²_c + (1 − k) σ²_rs)), k = 0.34 ÷ (1.34 + (n + 1) ÷ (n − 1)) (Yang and Zhang 2000, as TTR).

    σ²_o and σ²_c: the variances, ddof 1, of ln(O ÷ close before) and ln(C ÷ O); `befores`: the closes before. A first
    session without one is left out; n ≥ 2.
    """
    if len(befores) and np.isnan(befores[0]).all():
        opens, highs, lows, closes, befores = (values[1:] for values in (opens, highs, lows, closes, befores))
    if len(opens) < 2:
        return unknown_like(opens)
    overnight, session = np.log(opens / befores), np.log(closes / opens)
    variance = _yang_zhang_variance(
        overnight.var(axis=0, ddof=1),
        session.var(axis=0, ddof=1),
        _rogers_satchell_terms(opens, highs, lows, closes).mean(axis=0),
        len(opens),
    )
    return _root(variance)


def _yang_zhang_variance(overnight: Floats, session: Floats, drift_free: Floats, count: int) -> Floats:
    k = (_ALPHA - 1) / (_ALPHA + (count + 1) / (count - 1))
    return overnight + k * session + (1 - k) * drift_free


def _rogers_satchell_terms(opens: Floats, highs: Floats, lows: Floats, closes: Floats) -> Floats:
    terms: Floats = np.log(highs / closes) * np.log(highs / opens) + np.log(lows / closes) * np.log(lows / opens)
    return terms


def _annual(variances: Floats) -> Floats:
    return _root(variances.mean(axis=0)) if len(variances) else unknown_like(variances)


def _root(variance: Floats) -> Floats:
    """The annual volatility of a variance a session; below zero by rounding alone is zero."""
    root: Floats = np.sqrt(np.maximum(variance, 0) * SESSIONS_A_YEAR)
    return root
