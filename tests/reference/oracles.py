"""Every registered metric of the golden window, computed by empyrical, TA-Lib, scipy, pandas or by hand."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import empyrical
import numpy as np
import pandas as pd
import talib
from scipy import stats

from tests.reference import golden


@dataclass(frozen=True)
class Window:
    """A stock over a window, in pandas. `closes` begins with the base; `past` holds all bars up to the window's end."""

    bars: pd.DataFrame
    past: pd.DataFrame
    closes: pd.Series
    total: pd.Series
    returns: pd.Series
    paired: pd.DataFrame
    paired_closes: pd.DataFrame

    @property
    def rate(self) -> float:
        return float((1 + golden.RATE) ** (1 / 252) - 1)


def window_of(count: int = golden.COUNT) -> Window:
    """The last `count` sessions of the golden market."""
    stock, benchmark = golden.frames()
    paid = pd.Series(0.0, index=stock.index)
    paid[pd.Timestamp(golden.DIVIDEND_DAY)] = golden.DIVIDEND
    previous = stock["close"].shift(1)
    total = ((stock["close"] + paid) / previous).fillna(1).cumprod()
    both = pd.concat({"stock": stock["close"], "benchmark": benchmark["close"]}, axis=1)
    both = both.loc[stock.index[-count - 1] :]
    closes = stock["close"].iloc[-count - 1 :]
    return Window(
        bars=stock.assign(previous_close=previous).iloc[-count:],
        past=stock.assign(previous_close=previous),
        closes=closes,
        total=total.iloc[-count - 1 :],
        returns=closes.pct_change().iloc[1:],
        # Of sessions that follow each other: none across the session that the benchmark lacks.
        paired=both.pct_change(fill_method=None).dropna(),
        paired_closes=both.dropna(),
    )


def _line(window: Window) -> Any:
    closes = window.closes.iloc[1:]
    return stats.linregress(np.arange(1.0, len(closes) + 1), np.log(closes))


def _market_line(window: Window) -> Any:
    """The regression of the stock's excess returns on the benchmark's."""
    return stats.linregress(window.paired["benchmark"] - window.rate, window.paired["stock"] - window.rate)


def _lo(ratio: float, count: int) -> float:
    """The standard error of an annual ratio (Lo 2002); the published value has its own test."""
    return math.sqrt((1 + (ratio / math.sqrt(252)) ** 2 / 2) / count * 252)


def _cumulative(closes: pd.Series) -> float:
    return float(closes.iloc[-1] / closes.iloc[0] - 1)


def _capture(window: Window, mean: Callable[[pd.Series], float], sign: int) -> float:
    chosen = window.paired[np.sign(window.paired["benchmark"]) == sign]
    return mean(chosen["stock"]) / mean(chosen["benchmark"])


def _geometric(returns: pd.Series) -> float:
    return float(stats.gmean(1 + returns) - 1)


def _arithmetic(returns: pd.Series) -> float:
    return float(returns.mean())


def _rogers_satchell_variance(bars: pd.DataFrame) -> float:
    up = np.log(bars["high"] / bars["close"]) * np.log(bars["high"] / bars["open"])
    down = np.log(bars["low"] / bars["close"]) * np.log(bars["low"] / bars["open"])
    return float((up + down).mean())


def _yang_zhang(window: Window) -> float:
    """R's TTR, volatility(calc = "yang.zhang"), line by line, with N = 252 and n the whole window."""
    bars, n = window.bars, len(window.bars)
    k = (1.34 - 1) / (1.34 + (n + 1) / (n - 1))
    s2o = 252 * float(np.log(bars["open"] / bars["previous_close"]).var())
    s2c = 252 * float(np.log(bars["close"] / bars["open"]).var())
    s2rs = 252 * _rogers_satchell_variance(bars)
    return math.sqrt(s2o + k * s2c + (1 - k) * s2rs)


def _past_returns(window: Window) -> pd.Series:
    return window.past["close"].pct_change().iloc[1:]


def _ewma(window: Window) -> float:
    """The daily standard deviation expected after the window: the recursion of RiskMetrics, by pandas."""
    return math.sqrt((_past_returns(window) ** 2).ewm(alpha=0.06, adjust=False).mean().iloc[-1])


def _atr(window: Window) -> float:
    high, low, close = (window.past[name].to_numpy() for name in ("high", "low", "close"))
    return float(talib.ATR(high, low, close, 14)[-1])


def _percentile(window: Window) -> float:
    rolled = _past_returns(window).rolling(20).std().dropna()
    return float(stats.percentileofscore(rolled, rolled.iloc[-1], kind="mean") / 100)


def _log_squares(upper: pd.Series, lower: pd.Series) -> pd.Series:
    return np.log(upper / lower) ** 2


YEAR = 252
_GARMAN_KLASS = 2 * math.log(2) - 1

ORACLES: dict[str, Callable[[Window], float]] = {
    "cumulative_return": lambda w: empyrical.cum_returns_final(w.returns),
    "cumulative_total_return": lambda w: _cumulative(w.total),
    "cagr": lambda w: empyrical.annual_return(w.returns),
    "average_daily_return": lambda w: float(np.mean(w.returns)),
    "average_daily_return_standard_error": lambda w: float(stats.sem(w.returns)),
    "geometric_daily_return": lambda w: _geometric(w.returns),
    "best_day": lambda w: max(w.returns),
    "worst_day": lambda w: min(w.returns),
    "positive_share": lambda w: sum(r > 0 for r in w.returns) / len(w.returns),
    "max_drawdown": lambda w: empyrical.max_drawdown(w.returns),
    "volatility": lambda w: empyrical.annual_volatility(w.returns),
    "skew": lambda w: float(stats.skew(w.returns, bias=False)),
    "excess_kurtosis": lambda w: float(stats.kurtosis(w.returns, bias=False)),
    "value_at_risk": lambda w: empyrical.value_at_risk(w.returns),
    "conditional_value_at_risk": lambda w: empyrical.conditional_value_at_risk(w.returns),
    "sharpe": lambda w: empyrical.sharpe_ratio(w.returns, risk_free=w.rate),
    "sharpe_standard_error": lambda w: _lo(empyrical.sharpe_ratio(w.returns, risk_free=w.rate), len(w.returns)),
    "sortino": lambda w: empyrical.sortino_ratio(w.returns, required_return=w.rate),
    "calmar": lambda w: empyrical.calmar_ratio(w.returns),
    "trend_slope": lambda w: _line(w).slope,
    "trend_standard_error": lambda w: _line(w).stderr,
    "trend_r_squared": lambda w: _line(w).rvalue ** 2,
    "excess_return": lambda w: _cumulative(w.paired_closes["stock"]) - _cumulative(w.paired_closes["benchmark"]),
    "excess_return_geometric": lambda w: _cumulative(w.paired_closes["stock"] / w.paired_closes["benchmark"]),
    "excess_return_ratio": lambda w: _cumulative(w.paired_closes["stock"]) / _cumulative(w.paired_closes["benchmark"]),
    "beta": lambda w: empyrical.beta(w.paired["stock"], w.paired["benchmark"]),
    "beta_standard_error": lambda w: _market_line(w).stderr,
    "alpha_jensen": lambda w: _market_line(w).intercept * 252,
    "alpha_jensen_standard_error": lambda w: _market_line(w).intercept_stderr * 252,
    "alpha_compounded": lambda w: empyrical.alpha(w.paired["stock"], w.paired["benchmark"], risk_free=w.rate),
    "correlation_to_benchmark": lambda w: stats.pearsonr(w.paired["stock"], w.paired["benchmark"]).statistic,
    "tracking_error": lambda w: float(stats.tstd(w.paired["stock"] - w.paired["benchmark"])) * math.sqrt(252),
    "information_ratio": lambda w: empyrical.excess_sharpe(w.paired["stock"], w.paired["benchmark"]) * math.sqrt(252),
    "information_ratio_standard_error": lambda w: _lo(ORACLES["information_ratio"](w), len(w.paired)),
    "up_capture": lambda w: _capture(w, _geometric, 1),
    "down_capture": lambda w: _capture(w, _geometric, -1),
    "up_capture_arithmetic": lambda w: _capture(w, _arithmetic, 1),
    "down_capture_arithmetic": lambda w: _capture(w, _arithmetic, -1),
    "parkinson": lambda w: math.sqrt(
        252 / (4 * len(w.bars) * math.log(2)) * _log_squares(w.bars["high"], w.bars["low"]).sum()
    ),
    "garman_klass": lambda w: math.sqrt(
        252
        / len(w.bars)
        * (
            0.5 * _log_squares(w.bars["high"], w.bars["low"])
            - _GARMAN_KLASS * _log_squares(w.bars["close"], w.bars["open"])
        ).sum()
    ),
    "rogers_satchell": lambda w: math.sqrt(252 * _rogers_satchell_variance(w.bars)),
    "yang_zhang": _yang_zhang,
    "ewma_volatility": lambda w: _ewma(w) * math.sqrt(252),
    "atr": _atr,
    "atr_ratio": lambda w: _atr(w) / float(w.closes.iloc[-1]),
    "cone_percentile": _percentile,
    "regime_percentile": _percentile,
    "expected_range_1d": _ewma,
    "expected_range_5d": lambda w: _ewma(w) * math.sqrt(5),
}
