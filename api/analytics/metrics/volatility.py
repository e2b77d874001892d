"""Metrics of volatility: from the window's daily bars, and at its end from the ticker's whole history."""

from api.analytics import cone, ewma_atr, range_volatility
from api.analytics.metric import Metric

_NO_BAR = "the window has no bar of it, or its dividends are unknown on the total basis"
_INTRADAY = "Without the overnight gap: below close-to-close volatility, not to be compared with its level"
_NO_ATR = "fewer than 14 bars of it with the close of the session before are known"
_NO_HISTORY = "no daily return of it is known"
_BARS = ("opens", "highs", "lows", "closes")
_LINKED_BARS = ("linked_opens", "linked_highs", "linked_lows", "linked_closes", "linked_previous_closes")
_TRUE_RANGE = ("history_linked_highs", "history_linked_lows", "history_linked_previous_closes")

METRICS = (
    Metric(
        "parkinson",
        "fraction a year",
        f"Intraday volatility from high and low: √(252 ÷ (4 n ln 2) · Σ ln²(H ÷ L)). {_INTRADAY}",
        _NO_BAR,
        ("highs", "lows"),
        range_volatility.parkinson,
        "Parkinson 1980",
        "hand value, and written out in pandas",
    ),
    Metric(
        "garman_klass",
        "fraction a year",
        f"Intraday volatility: √(252 ÷ n · Σ [½ ln²(H ÷ L) − (2 ln 2 − 1) ln²(C ÷ O)]). {_INTRADAY}",
        _NO_BAR,
        _BARS,
        range_volatility.garman_klass,
        "Garman and Klass 1980",
        "hand value, and written out in pandas",
    ),
    Metric(
        "rogers_satchell",
        "fraction a year",
        "Intraday volatility, independent of drift: √(252 ÷ n · Σ [ln(H ÷ C) ln(H ÷ O) + ln(L ÷ C) ln(L ÷ O)]). "
        f"{_INTRADAY}",
        _NO_BAR,
        _BARS,
        range_volatility.rogers_satchell,
        "Rogers and Satchell 1991",
        "hand value, and written out in pandas",
    ),
    Metric(
        "yang_zhang",
        "fraction a year",
        "Volatility of gap and session from open, high, low and close, independent of drift, k = 0.34 ÷ (1.34 + "
        "(n + 1) ÷ (n − 1)); comparable with close-to-close volatility, with less sampling error",
        "the window has fewer than two bars of it with the close of the session before",
        _LINKED_BARS,
        range_volatility.yang_zhang,
        "Yang and Zhang 2000, as R's TTR computes it",
        "R's TTR, written out in pandas",
    ),
    Metric(
        "ewma_volatility",
        "fraction a year",
        "Volatility expected of the session after the window: σ² = 0.94 σ² + 0.06 r², seeded at the ticker's first "
        "session, × 252",
        _NO_HISTORY,
        ("history_returns",),
        ewma_atr.ewma_volatility,
        "RiskMetrics 1996",
        "pandas ewm(alpha=0.06, adjust=False) of the squares",
    ),
    Metric(
        "atr",
        "USD a share",
        "Average true range of 14 sessions, Wilder's smoothing from the ticker's first session, at the window's end",
        _NO_ATR,
        _TRUE_RANGE,
        ewma_atr.average_true_range,
        "Wilder 1978",
        "talib.ATR",
    ),
    Metric(
        "atr_ratio",
        "fraction",
        "atr ÷ the window's last close",
        _NO_ATR,
        (*_TRUE_RANGE, "history_closes"),
        ewma_atr.average_true_range_ratio,
        "Wilder 1978",
        "talib.ATR ÷ close",
    ),
    Metric(
        "cone_percentile",
        "fraction",
        "Share of the ticker's 20-session volatilities up to the window's end that are below the latest, ties half",
        f"fewer than {cone.MIN_RETURNS_FOR_PERCENTILE} daily returns of it are known: too few to compare with",
        ("history_returns",),
        cone.cone_percentile,
        "definition",
        "scipy.stats.percentileofscore, kind mean",
    ),
    Metric(
        "regime_percentile",
        "fraction",
        "As cone_percentile: what regime is read from",
        "fewer than 252 daily returns of it are known: too short a history to compare with",
        ("history_returns",),
        cone.regime_percentile,
        "definition",
        "scipy.stats.percentileofscore, kind mean",
    ),
    Metric(
        "expected_range_1d",
        "fraction",
        "One standard deviation of the next session's move, by ewma_volatility: two sessions in three stay within it "
        "if moves are normal",
        _NO_HISTORY,
        ("history_returns",),
        ewma_atr.expected_range_1d,
        "RiskMetrics 1996",
        "pandas ewm(alpha=0.06, adjust=False) of the squares",
    ),
    Metric(
        "expected_range_5d",
        "fraction",
        "As expected_range_1d × √5: the next five sessions, if independent",
        _NO_HISTORY,
        ("history_returns",),
        ewma_atr.expected_range_5d,
        "RiskMetrics 1996",
        "pandas ewm(alpha=0.06, adjust=False) of the squares",
    ),
)
