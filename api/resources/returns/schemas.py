"""The response model of `/returns`."""

from datetime import date
from typing import Any

from pydantic import Field

from api.analytics.rolling import QUARTER_SESSIONS
from api.http.metric_fields import high_field, low_field
from api.http.rows import Rows
from api.http.schemas import TICKER, WARNINGS, Meta, Model, SessionRow, metric_field, price_field

_NO_PAIR = "null where either has no close before the window, or the benchmark lacks the session"
_BEFORE = "which may lie before the window; null with fewer"
_ROLLING = f"of the last {QUARTER_SESSIONS} daily returns that the ticker has, {_BEFORE}"
_PAIRED = f"of the last {QUARTER_SESSIONS} daily returns that the ticker and the benchmark share, {_BEFORE}"


def _date(what: str) -> Any:
    return Field(description=f"{what}; null where there is none, or it is not known")


class ReturnsRow(SessionRow):
    """One session of one ticker; the first row of each is the base, at growth 0."""

    close: float | None = price_field("Last price")
    daily_return: float | None = Field(
        description="close ÷ the close of the session before − 1, a fraction; null where the lake lacks that session"
    )
    growth: float | None = Field(
        description="close ÷ the base's close − 1, a fraction; null where the lake lacks the base"
    )
    benchmark_growth: float | None = Field(description=f"The benchmark's growth, a fraction; {_NO_PAIR}")
    excess_growth: float | None = Field(description=f"growth − benchmark_growth, in points; {_NO_PAIR}")
    drawdown: float | None = Field(
        description="close ÷ the highest close since the base − 1, a fraction, never positive; null as growth is"
    )
    rolling_volatility: float | None = Field(description=f"Volatility, a fraction a year, {_ROLLING}")
    rolling_sharpe: float | None = Field(
        description=f"Sharpe ratio a year over rf, {_ROLLING}, or where the close never moves"
    )
    rolling_correlation: float | None = Field(description=f"Pearson correlation {_PAIRED}")
    rolling_beta: float | None = Field(description=f"Beta {_PAIRED}")


class ReturnsSummary(Model):
    """One ticker over its own sessions; against the benchmark, over those that both have."""

    ticker: str = TICKER
    sessions: int = Field(description="Sessions of the window that the lake has of it, n")
    first_session: date | None = _date("The first of them")
    last_session: date | None = _date("The last of them, to which cumulative figures run")
    returns: int = Field(description="Daily returns known among them: n, fewer without a base or with a hole")
    paired_returns: int = Field(description="Daily returns that it shares with the benchmark, on which beta rests")
    cumulative_return: float | None = metric_field("cumulative_return")
    cumulative_total_return: float | None = metric_field("cumulative_total_return")
    cagr: float | None = metric_field("cagr")
    average_daily_return: float | None = metric_field("average_daily_return")
    average_daily_return_standard_error: float | None = metric_field("average_daily_return_standard_error")
    geometric_daily_return: float | None = metric_field("geometric_daily_return")
    best_day: float | None = metric_field("best_day")
    best_day_on: date | None = _date("The session of best_day")
    worst_day: float | None = metric_field("worst_day")
    worst_day_on: date | None = _date("The session of worst_day")
    positive_share: float | None = metric_field("positive_share")
    max_drawdown: float | None = metric_field("max_drawdown")
    drawdown_peak: date | None = _date("The last session, or the base, at the highest close before max_drawdown")
    drawdown_trough: date | None = _date("The session of max_drawdown")
    drawdown_recovery: date | None = _date("The first session after it whose close is the peak's or above")
    volatility: float | None = metric_field("volatility")
    volatility_low: float | None = low_field("volatility")
    volatility_high: float | None = high_field("volatility")
    skew: float | None = metric_field("skew")
    excess_kurtosis: float | None = metric_field("excess_kurtosis")
    value_at_risk: float | None = metric_field("value_at_risk")
    value_at_risk_low: float | None = low_field("value_at_risk")
    value_at_risk_high: float | None = high_field("value_at_risk")
    conditional_value_at_risk: float | None = metric_field("conditional_value_at_risk")
    conditional_value_at_risk_low: float | None = low_field("conditional_value_at_risk")
    conditional_value_at_risk_high: float | None = high_field("conditional_value_at_risk")
    sharpe: float | None = metric_field("sharpe")
    sharpe_standard_error: float | None = metric_field("sharpe_standard_error")
    sortino: float | None = metric_field("sortino")
    sortino_low: float | None = low_field("sortino")
    sortino_high: float | None = high_field("sortino")
    calmar: float | None = metric_field("calmar")
    trend_slope: float | None = metric_field("trend_slope")
    trend_standard_error: float | None = metric_field("trend_standard_error")
    trend_r_squared: float | None = metric_field("trend_r_squared")
    excess_return: float | None = metric_field("excess_return")
    excess_return_geometric: float | None = metric_field("excess_return_geometric")
    excess_return_ratio: float | None = metric_field("excess_return_ratio")
    beta: float | None = metric_field("beta")
    beta_standard_error: float | None = metric_field("beta_standard_error")
    alpha_jensen: float | None = metric_field("alpha_jensen")
    alpha_jensen_standard_error: float | None = metric_field("alpha_jensen_standard_error")
    alpha_compounded: float | None = metric_field("alpha_compounded")
    correlation_to_benchmark: float | None = metric_field("correlation_to_benchmark")
    tracking_error: float | None = metric_field("tracking_error")
    information_ratio: float | None = metric_field("information_ratio")
    information_ratio_standard_error: float | None = metric_field("information_ratio_standard_error")
    up_capture: float | None = metric_field("up_capture")
    up_capture_low: float | None = low_field("up_capture")
    up_capture_high: float | None = high_field("up_capture")
    down_capture: float | None = metric_field("down_capture")
    down_capture_low: float | None = low_field("down_capture")
    down_capture_high: float | None = high_field("down_capture")
    up_capture_arithmetic: float | None = metric_field("up_capture_arithmetic")
    down_capture_arithmetic: float | None = metric_field("down_capture_arithmetic")


class ReturnsResponse(Model):
    """Return and risk of each ticker; rows ascending in time, then ticker."""

    meta: Meta
    summary: list[ReturnsSummary]
    rows: Rows[ReturnsRow]
    warnings: list[str] = WARNINGS
