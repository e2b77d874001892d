"""The response model of `/portfolio`."""

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from api.http.rows import Rows
from api.http.schemas import TICKER, WARNINGS, Meta, Model, OnRequest, SessionRow, metric_field
from api.resources.portfolio.request import Rebalance

SERIES: Any = Field(
    description="`portfolio`; `equal_weight`, the same holdings in equal weights; or the benchmark's ticker",
    examples=["portfolio"],
)
_NO_BASE = "null where the holdings share no close before the window"
_WEIGHT = "a fraction of the portfolio's value"


class PortfolioMeta(Meta):
    """What the portfolio was understood as."""

    rebalance: Rebalance = Field(description="How often the target weights are restored, at a period's last close")
    cost_bps: float = Field(description="Cost of a rebalancing, basis points of what is sold and of what is bought")


class Holding(Model):
    """One holding over the sessions that all holdings share."""

    ticker: str = TICKER
    target_weight: float = Field(description=f"The weight asked for, restored at each rebalancing, {_WEIGHT}")
    end_weight: float | None = Field(description=f"Its weight at the last close, {_WEIGHT}; {_NO_BASE}")
    cumulative_return: float | None = Field(description=f"Its own return over the window, a fraction; {_NO_BASE}")
    contribution_to_return: float | None = Field(
        description="Σ (V_(t−1) ÷ V_0) · w_(t−1) · r_t, a fraction: what it added to the portfolio's return. "
        f"All contributions less cost_paid sum to the portfolio's cumulative_return; {_NO_BASE}"
    )
    contribution_to_risk: float | None = Field(
        description="cov(w_(t−1) · r_t, r_p) ÷ var(r_p) of daily returns, a fraction: its share of the portfolio's "
        "variance, negative for one that offsets others. All sum to 1; null with fewer than two daily returns, or "
        "where the portfolio does not move"
    )
    volatility: float | None = Field(
        description="Standard deviation of its daily returns, ddof 1, × √252, a fraction a year; null with fewer than "
        "two"
    )
    correlation_to_portfolio: float | None = Field(
        description="Pearson correlation of its daily returns with the portfolio's; null with fewer than three"
    )


class Rebalancing(Model):
    """One close at which the target weights were restored."""

    session: date = Field(description="The session at whose close it was")
    turnover: float | None = Field(description=f"½ Σ |target − drifted weight|, {_WEIGHT}; null where unknown")
    cost: float | None = Field(
        description="What it cost, a fraction of the portfolio's value at the base; null where unknown"
    )


class PortfolioDiversification(Model):
    """What mixing the holdings does to volatility."""

    returns: int = Field(description="Number of daily returns that it is computed from")
    volatility: float | None = Field(description="The portfolio's, a fraction a year; null with fewer than two returns")
    mean_volatility: float | None = Field(
        description="Mean of the holdings' volatilities by target weight, a fraction a year; null as volatility is"
    )
    ratio: float | None = Field(
        description="volatility ÷ mean_volatility: 1 where mixing lowers nothing; null as volatility is"
    )
    volatility_saved: float | None = Field(
        description="mean_volatility − volatility, a fraction a year; null as volatility is"
    )
    effective_holdings: float = Field(
        description="1 ÷ Σ w² of the target weights: the number of equal holdings that are as concentrated"
    )


class PortfolioSummary(Model):
    """The metrics of the portfolio, of its holdings in equal weights, or of the benchmark, on the same sessions."""

    ticker: str = SERIES
    returns: int = Field(description="Daily returns that the figures are computed from")
    cumulative_return: float | None = metric_field("cumulative_return")
    cumulative_total_return: float | None = metric_field("cumulative_total_return")
    cagr: float | None = metric_field("cagr")
    average_daily_return: float | None = metric_field("average_daily_return")
    average_daily_return_standard_error: float | None = metric_field("average_daily_return_standard_error")
    geometric_daily_return: float | None = metric_field("geometric_daily_return")
    best_day: float | None = metric_field("best_day")
    worst_day: float | None = metric_field("worst_day")
    positive_share: float | None = metric_field("positive_share")
    max_drawdown: float | None = metric_field("max_drawdown")
    volatility: float | None = metric_field("volatility")
    skew: float | None = metric_field("skew")
    excess_kurtosis: float | None = metric_field("excess_kurtosis")
    value_at_risk: float | None = metric_field("value_at_risk")
    conditional_value_at_risk: float | None = metric_field("conditional_value_at_risk")
    sharpe: float | None = metric_field("sharpe")
    sharpe_standard_error: float | None = metric_field("sharpe_standard_error")
    sortino: float | None = metric_field("sortino")
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
    down_capture: float | None = metric_field("down_capture")
    up_capture_arithmetic: float | None = metric_field("up_capture_arithmetic")
    down_capture_arithmetic: float | None = metric_field("down_capture_arithmetic")


class PortfolioRow(SessionRow):
    """One session of one of the three."""

    ticker: str = SERIES
    value: float | None = Field(description=f"Value ÷ the value at the base, after costs; {_NO_BASE}")
    daily_return: float | None = Field(
        description="value ÷ the value of the period before − 1, a fraction; null at the base and across a hole"
    )
    drawdown: float | None = Field(
        description="value ÷ the highest value since the base − 1, a fraction, never positive; null as value is"
    )


class WeightRow(SessionRow):
    """The weight of one holding at one close."""

    weight: float | None = Field(description=f"After any rebalancing at that close, {_WEIGHT}; {_NO_BASE}")


class PortfolioResponse(Model):
    """A portfolio, held against its holdings in equal weights and a benchmark; rows ascending in time, then name."""

    meta: PortfolioMeta
    summary: list[PortfolioSummary] = Field(description="The portfolio, the equal weights, and the benchmark if asked")
    holdings: list[Holding] = Field(description="In the order asked for")
    diversification: PortfolioDiversification = Field(description="The portfolio's volatility against its holdings'")
    turnover: float | None = Field(description=f"Turnover of all rebalancings × 252 ÷ sessions, {_WEIGHT}; {_NO_BASE}")
    cost_paid: float | None = Field(description=f"Sum of all costs, a fraction of the value at the base; {_NO_BASE}")
    rebalances: list[Rebalancing] = Field(description="Each rebalancing, ascending; without the purchase at the base")
    weights: Annotated[Rows[WeightRow], OnRequest] = Field(
        description="The weights at each close; empty unless asked for by part=weights"
    )
    rows: Rows[PortfolioRow]
    warnings: list[str] = WARNINGS
