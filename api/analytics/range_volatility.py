"""Volatility estimators from daily bars: (n, …) opens, highs, lows and closes, all positive; log moves, annualised.

Parkinson, Garman-Klass and Rogers-Satchell use the session alone and leave out the overnight gap. Their level is below
close-to-close volatility and must not be compared with it.
"""

import numpy as np

from api.analytics.arrays import SESSIONS_PER_YEAR, Floats, nan_like

_ALPHA = 1.34  # Yang and Zhang's recommended value. Some implementations use 1, which gives another k.


def log_ranges(highs: Floats, lows: Floats) -> Floats:
    """ln(H ÷ L), never negative."""
    ranges: Floats = np.log(highs / lows)
    return ranges


def parkinson(highs: Floats, lows: Floats) -> Floats:
    """√(252 ÷ (4 n ln 2) · Σ ln²(H ÷ L)) (Parkinson 1980), which assumes no drift; NaN for n = 0."""
    return _annualised(log_ranges(highs, lows) ** 2 / (4 * np.log(2)))


def garman_klass(opens: Floats, highs: Floats, lows: Floats, closes: Floats) -> Floats:
    """√(252 ÷ n · Σ [½ ln²(H ÷ L) − (2 ln 2 − 1) ln²(C ÷ O)]) (Garman and Klass 1980), without drift; NaN for n = 0."""
    return _annualised(log_ranges(highs, lows) ** 2 / 2 - (2 * np.log(2) - 1) * np.log(closes / opens) ** 2)


def rogers_satchell(opens: Floats, highs: Floats, lows: Floats, closes: Floats) -> Floats:
    """√(252 ÷ n · Σ [ln(H ÷ C) ln(H ÷ O) + ln(L ÷ C) ln(L ÷ O)]) (Rogers and Satchell 1991); NaN for n = 0.

    Independent of drift.
    """
    return _annualised(_rogers_satchell_terms(opens, highs, lows, closes))


def yang_zhang(opens: Floats, highs: Floats, lows: Floats, closes: Floats, previous_closes: Floats) -> Floats:
    """√(252 · (σ²_o + k σ²_c + (1 − k) σ²_rs)), k = 0.34 ÷ (1.34 + (n + 1) ÷ (n − 1)) (Yang and Zhang 2000).

    σ²_o is the variance of ln(O ÷ previous close) and σ²_c that of ln(C ÷ O), not of close to close; both have ddof 1.
    σ²_rs is the mean of the Rogers-Satchell terms. As R's TTR computes it. Callers leave out bars without a close of
    the session before; NaN for n < 2.
    """
    if len(opens) < 2:
        return nan_like(opens)
    overnight, session = np.log(opens / previous_closes), np.log(closes / opens)
    # Both variances subtract the mean: that is what makes the estimator independent of drift.
    variance = _yang_zhang_variance(
        overnight.var(axis=0, ddof=1),
        session.var(axis=0, ddof=1),
        _rogers_satchell_terms(opens, highs, lows, closes).mean(axis=0),
        len(opens),
    )
    return _annual_root(variance)


def _yang_zhang_variance(overnight: Floats, session: Floats, rogers_satchell: Floats, count: int) -> Floats:
    k = (_ALPHA - 1) / (_ALPHA + (count + 1) / (count - 1))
    return overnight + k * session + (1 - k) * rogers_satchell


def _rogers_satchell_terms(opens: Floats, highs: Floats, lows: Floats, closes: Floats) -> Floats:
    terms: Floats = np.log(highs / closes) * np.log(highs / opens) + np.log(lows / closes) * np.log(lows / opens)
    return terms


def _annualised(variances: Floats) -> Floats:
    return _annual_root(variances.mean(axis=0)) if len(variances) else nan_like(variances)


def _annual_root(variance: Floats) -> Floats:
    """The annual volatility of a daily variance; one that rounding left below zero counts as zero."""
    root: Floats = np.sqrt(np.maximum(variance, 0) * SESSIONS_PER_YEAR)
    return root
