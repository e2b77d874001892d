"""The shapes of the answers about prices. Every field says its unit, its convention, and what null means."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.analytics.registry import REGISTRY
from api.panel import Basis


def metric(slug: str) -> Any:
    """A field described by the registry of metrics."""
    return Field(description=REGISTRY[slug].description)


class Model(BaseModel):
    """What the answers share."""

    model_config = ConfigDict(frozen=True)


_TIME: Any = Field(description="The session, as midnight UTC of its day", examples=["2026-11-20T00:00:00Z"])
_TICKER: Any = Field(description="The ticker", examples=["NVDA"])
_NO_DIVIDENDS = "null on the total basis while the ticker's dividends are unknown"


def _price(what: str) -> Any:
    return Field(description=f"{what}, USD a share, on the chosen basis; {_NO_DIVIDENDS}")


class CoverageMeta(Model):
    """How much of the window the lake has of one ticker."""

    ticker: str = _TICKER
    expected: int = Field(description="NYSE sessions since the later of the window's start and the ticker's listing")
    found: int = Field(description="How many of them the lake has")
    ratio: float | None = Field(description="found ÷ expected; null where no session is expected")
    first: date | None = Field(description="First session found in the window; null without one")
    last: date | None = Field(description="Last session found in the window; null without one")


class WindowMeta(Model):
    """The window as it was understood."""

    first: date = Field(serialization_alias="from", description="First day of the window")
    to: date = Field(description="Last day of the window; never after as_of")
    base: date | None = Field(
        description="The session before the window, from whose close cumulative figures run, whether or not the lake "
        "has it; null where the calendar knows none"
    )
    sessions: int = Field(description="NYSE sessions in the window; the base is not one of them")


class SnapshotMeta(Model):
    """What the answer was made from."""

    snapshot: str = Field(description="Id of the published snapshot: its UTC time", examples=["20261120T223005Z"])
    origin: str = Field(description="simulated, recorded or live")
    simulated: bool = Field(description="Whether the prices are invented")
    sources: list[str] = Field(description="Who the records came from")
    as_of: date = Field(description="Newest session in the snapshot")


class Meta(SnapshotMeta):
    """What the question was understood as, and how far the lake can answer it."""

    window: WindowMeta
    basis: Basis = Field(description="Which adjustment the prices carry")
    benchmark: str | None = Field(description="What the tickers are held against; null where nothing is")
    coverage: list[CoverageMeta] = Field(description="One entry a ticker, the benchmark's last")


class PriceRow(Model):
    """One session of one ticker."""

    time: str = _TIME
    ticker: str = _TICKER
    open: float | None = _price("First price")
    high: float | None = _price("Highest price")
    low: float | None = _price("Lowest price")
    close: float | None = _price("Last price")
    volume: float | None = Field(
        description="Shares traded: of today's number of shares, on the raw basis as traded; null where unknown"
    )
    change: float | None = Field(description="close − the close of the session before, USD; null if that is not held")
    change_ratio: float | None = Field(
        description="close ÷ the close of the session before − 1, a fraction; null if that is not held"
    )
    range: float | None = Field(description="high − low, USD; null as the prices are")
    range_ratio: float | None = Field(description="(high − low) ÷ open, a fraction; null as the prices are")
    gap: float | None = Field(
        description="open ÷ the close of the session before − 1, a fraction; null if that is not held"
    )
    intraday: float | None = Field(description="close ÷ open − 1, a fraction; null as the prices are")


class PriceSummary(Model):
    """One ticker over the window."""

    ticker: str = _TICKER
    sessions: int = Field(description="Sessions of the window that the lake has")
    last_session: date | None = Field(description="The newest of them; null without one")
    last_close: float | None = _price("Its close")
    average_volume: float | None = Field(description="Arithmetic mean of the known volumes, shares; null without one")
    average_range_ratio: float | None = Field(
        description="Arithmetic mean of range_ratio, a fraction; null without one"
    )


class CompareRow(Model):
    """One session of one ticker; the first row of each is the base, at growth 0."""

    time: str = _TIME
    ticker: str = _TICKER
    close: float | None = _price("Last price")
    growth: float | None = Field(
        description="close ÷ the base's close − 1, a fraction; null where the tickers share no base"
    )
    drawdown: float | None = Field(
        description="close ÷ the highest close since the base − 1, a fraction, never positive; null as growth is"
    )


class CompareSummary(Model):
    """One ticker over the sessions that all compared tickers have."""

    ticker: str = _TICKER
    sessions: int = Field(description="Sessions of the window that the figures use, n")
    returns: int = Field(description="Daily returns known among them: n, or one fewer without a base")
    cumulative_return: float | None = metric("cumulative_return")
    cumulative_total_return: float | None = metric("cumulative_total_return")
    average_daily_return: float | None = metric("average_daily_return")
    volatility: float | None = metric("volatility")
    max_drawdown: float | None = metric("max_drawdown")
    best_day: float | None = metric("best_day")
    worst_day: float | None = metric("worst_day")
    trend_slope: float | None = metric("trend_slope")
    trend_standard_error: float | None = metric("trend_standard_error")
    trend_r_squared: float | None = metric("trend_r_squared")
    excess_return: float | None = metric("excess_return")
    beta: float | None = metric("beta")
    correlation_to_benchmark: float | None = metric("correlation_to_benchmark")


class CorrelationPair(Model):
    """Two tickers of the comparison."""

    ticker: str = _TICKER
    other: str = Field(description="The other ticker")
    correlation: float | None = Field(
        description="Pearson correlation of their simple daily returns; null with fewer than three, or where one of "
        "the two does not move"
    )
    sessions: int = Field(description="Daily returns it is made of")


class PricesResponse(Model):
    """Daily bars, ascending in time, then ticker."""

    meta: Meta
    summary: list[PriceSummary]
    rows: list[PriceRow]
    warnings: list[str] = Field(description="What to know before using the figures, in words")


class CompareResponse(Model):
    """A comparison on shared sessions; rows ascending in time, then ticker."""

    meta: Meta
    summary: list[CompareSummary]
    correlation: list[CorrelationPair] = Field(description="Each pair of the tickers once")
    rows: list[CompareRow]
    warnings: list[str] = Field(description="What to know before using the figures, in words")
