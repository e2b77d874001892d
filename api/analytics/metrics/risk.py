"""Metrics of risk, and of return for risk."""

from api.analytics import ratios, risk
from api.analytics.metric import Metric
from api.analytics.metrics import FEWER_THAN_TWO, NO_BASE

_FEW_OR_CONSTANT = f"{FEWER_THAN_TWO}, or the close never moves"
_NO_TAIL = "fewer than 20 daily returns are known, of which 5 % is less than one"

METRICS = (
    Metric(
        "volatility",
        "fraction a year",
        "Standard deviation of the simple daily returns, ddof 1, × √252",
        FEWER_THAN_TWO,
        ("returns",),
        risk.volatility,
        "definition",
        "empyrical.annual_volatility",
        resampled=True,
    ),
    Metric(
        "skew",
        "ratio",
        "Unbiased skewness G1 of the daily returns",
        "fewer than three daily returns are known, or the close never moves",
        ("returns",),
        risk.skew,
        "Joanes and Gill 1998",
        "scipy.stats.skew, bias=False",
    ),
    Metric(
        "excess_kurtosis",
        "ratio",
        "Unbiased excess kurtosis G2 of the daily returns; 0 for a normal distribution",
        "fewer than four daily returns are known, or the close never moves",
        ("returns",),
        risk.excess_kurtosis,
        "Joanes and Gill 1998",
        "scipy.stats.kurtosis, bias=False",
    ),
    Metric(
        "value_at_risk",
        "fraction a session: a return, mostly negative",
        "Historical VaR 95 %: the 5 % quantile of the daily returns, interpolated linearly between two of them",
        _NO_TAIL,
        ("returns",),
        risk.value_at_risk,
        "historical simulation",
        "empyrical.value_at_risk",
        resampled=True,
    ),
    Metric(
        "conditional_value_at_risk",
        "fraction a session: a return, never above value_at_risk",
        "CVaR 95 %, or expected shortfall: the mean of the ⌊(n − 1) · 5 %⌋ + 1 lowest daily returns, those at or below "
        "value_at_risk",
        _NO_TAIL,
        ("returns",),
        risk.conditional_value_at_risk,
        "historical simulation",
        "empyrical.conditional_value_at_risk",
        resampled=True,
    ),
    Metric(
        "sharpe",
        "ratio a year",
        "mean(r − rf) ÷ standard deviation(r − rf), ddof 1, × √252; rf a session is (1 + annual)^(1 ÷ 252) − 1",
        _FEW_OR_CONSTANT,
        ("returns", "rate"),
        ratios.sharpe,
        "Sharpe 1994",
        "empyrical.sharpe_ratio",
    ),
    Metric(
        "sharpe_standard_error",
        "ratio a year",
        "√((1 + SR² ÷ 2) ÷ n) · √252, SR the Sharpe ratio a session; the ratio ± twice it is a 95 % interval",
        _FEW_OR_CONSTANT,
        ("returns", "rate"),
        ratios.sharpe_standard_error,
        "Lo 2002, independent returns",
        "published: SR 1.5, n 60 gives 0.188",
    ),
    Metric(
        "sortino",
        "ratio a year",
        "252 · mean(r − rf) ÷ (√(mean(min(r − rf, 0)²)) · √252), the mean over all returns",
        "fewer than 20 daily returns are known, or none is below rf",
        ("returns", "rate"),
        ratios.sortino,
        "Sortino and Price 1994",
        "empyrical.sortino_ratio",
        resampled=True,
    ),
    Metric(
        "calmar",
        "ratio a year",
        "cagr ÷ |max_drawdown|",
        f"{NO_BASE}, fewer than 246 NYSE sessions lie from the base to the last close, or there is no drawdown",
        ("prices", "sessions"),
        ratios.calmar,
        "definition",
        "empyrical.calmar_ratio",
    ),
)
