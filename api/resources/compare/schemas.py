"""The response model of `/compare`."""

from datetime import date

from pydantic import Field

from api.http.rows import Rows
from api.http.schemas import TICKER, WARNINGS, Meta, Model, SessionRow, metric_field, price_field


class CompareRow(SessionRow):
    """One session of one ticker; the first row of each is the base, at growth 0."""

    close: float | None = price_field("Last price")
    daily_return: float | None = Field(
        description="close ÷ the close of the session before − 1, a fraction; null where that session is not shared"
    )
    growth: float | None = Field(
        description="close ÷ the base's close − 1, a fraction; null where the tickers share no base"
    )
    drawdown: float | None = Field(
        description="close ÷ the highest close since the base − 1, a fraction, never positive; null as growth is"
    )


class CompareSummary(Model):
    """One ticker over the sessions that all compared tickers have."""

    ticker: str = TICKER
    sessions: int = Field(description="Sessions of the window that the figures use, n")
    first_session: date | None = Field(description="The first of them; null without one")
    last_session: date | None = Field(description="The last of them, to which cumulative figures run; null without one")
    returns: int = Field(description="Daily returns known among them: n, fewer without a base or with a hole")
    paired_returns: int = Field(description="Daily returns shared with the benchmark, on which beta rests")
    cumulative_return: float | None = metric_field("cumulative_return")
    cumulative_total_return: float | None = metric_field("cumulative_total_return")
    average_daily_return: float | None = metric_field("average_daily_return")
    average_daily_return_standard_error: float | None = metric_field("average_daily_return_standard_error")
    geometric_daily_return: float | None = metric_field("geometric_daily_return")
    positive_share: float | None = metric_field("positive_share")
    volatility: float | None = metric_field("volatility")
    sharpe: float | None = metric_field("sharpe")
    sharpe_standard_error: float | None = metric_field("sharpe_standard_error")
    max_drawdown: float | None = metric_field("max_drawdown")
    best_day: float | None = metric_field("best_day")
    worst_day: float | None = metric_field("worst_day")
    trend_slope: float | None = metric_field("trend_slope")
    trend_standard_error: float | None = metric_field("trend_standard_error")
    trend_r_squared: float | None = metric_field("trend_r_squared")
    excess_return: float | None = metric_field("excess_return")
    excess_return_geometric: float | None = metric_field("excess_return_geometric")
    excess_return_ratio: float | None = metric_field("excess_return_ratio")
    beta: float | None = metric_field("beta")
    correlation_to_benchmark: float | None = metric_field("correlation_to_benchmark")


class CorrelationPair(Model):
    """Two tickers of the comparison."""

    ticker: str = TICKER
    other: str = Field(description="The other ticker")
    correlation: float | None = Field(
        description="Pearson correlation of their simple daily returns; null with fewer than three, or where one of "
        "the two does not move"
    )
    sessions: int = Field(description="Number of daily returns that it is computed from")


class Diversification(Model):
    """How much holding all compared tickers, in equal parts rebalanced daily, lowers volatility."""

    tickers: list[str] = Field(description="The tickers of the mix: those compared that have a daily return")
    returns: int = Field(description="Number of daily returns that it is computed from")
    mix_volatility: float | None = Field(
        description="Volatility of the mix, as `volatility`, a fraction a year; null with fewer than two returns"
    )
    mean_volatility: float | None = Field(
        description="Mean of the tickers' own volatilities, a fraction a year; null as mix_volatility is"
    )
    ratio: float | None = Field(
        description="mix_volatility ÷ mean_volatility: 1 where they move as one and mixing lowers nothing; null as "
        "mix_volatility is, and for one ticker"
    )


class CompareResponse(Model):
    """A comparison on shared sessions; rows ascending in time, then ticker."""

    meta: Meta
    summary: list[CompareSummary]
    correlation: list[CorrelationPair] = Field(description="Each pair of the tickers once")
    diversification: Diversification = Field(description="Volatility of the equal mix against the mean of its parts")
    rows: Rows[CompareRow]
    warnings: list[str] = WARNINGS
