"""The response model of `/volatility`."""

from datetime import date
from typing import Any, Literal

from pydantic import ConfigDict, Field

from api.analytics.cone import MIN_VALUES_FOR_PERCENTILE, Regime
from api.analytics.rolling import VOLATILITY_SESSIONS
from api.http.rows import Rows
from api.http.schemas import TICKER, WARNINGS, Meta, Model, SessionRow, metric_field

_LAST = f"of the last {VOLATILITY_SESSIONS} sessions with a daily return, which may lie before the window"


def _annual(what: str) -> Any:
    return Field(description=f"{what}, a fraction a year; null with fewer sessions before it")


def _price(what: str) -> Any:
    return Field(description=f"{what}, USD a share, on the chosen basis; null as the range is")


class VolatilityRow(SessionRow):
    """One session of one ticker."""

    daily_return: float | None = Field(
        description="close ÷ the close of the session before − 1, a fraction; null where the lake lacks that session"
    )
    log_range: float | None = Field(
        description="ln(high ÷ low), never negative; null while its dividends are unknown on the total basis"
    )
    volume: int | None = Field(description="Shares traded, adjusted for later splits; null where unknown")
    rolling_volatility: float | None = _annual(f"Close-to-close volatility {_LAST}")
    rolling_yang_zhang: float | None = _annual(f"Yang-Zhang volatility {_LAST}")
    ewma_volatility: float | None = _annual("EWMA volatility, expected of the session after")
    atr: float | None = Field(
        description="Average true range of 14 sessions, Wilder's, USD a share; null for a ticker's first 14 sessions"
    )
    atr_ratio: float | None = Field(description="atr ÷ close, a fraction; null as atr is")


class VolatilitySummary(Model):
    """One ticker: its volatility over the window, and its state at the window's end."""

    ticker: str = TICKER
    sessions: int = Field(description="Sessions of the window that the lake has of it, n")
    first_session: date | None = Field(description="The first of them; null without one")
    last_session: date | None = Field(description="The last of them; null without one")
    returns: int = Field(description="Daily returns known among them: n, fewer without a base or with a hole")
    volatility: float | None = metric_field("volatility")
    parkinson: float | None = metric_field("parkinson")
    garman_klass: float | None = metric_field("garman_klass")
    rogers_satchell: float | None = metric_field("rogers_satchell")
    yang_zhang: float | None = metric_field("yang_zhang")
    ewma_volatility: float | None = metric_field("ewma_volatility")
    atr: float | None = metric_field("atr")
    atr_ratio: float | None = metric_field("atr_ratio")
    regime: Regime | None = Field(
        description="Of regime_percentile: calm below 25 %, elevated above 75 %, stressed above 95 %, else usual; null "
        "as it is"
    )
    regime_percentile: float | None = metric_field("regime_percentile")
    expected_range_1d: float | None = metric_field("expected_range_1d")
    expected_range_1d_low: float | None = _price("The window's last close × (1 − expected_range_1d)")
    expected_range_1d_high: float | None = _price("The window's last close × (1 + expected_range_1d)")
    expected_range_5d: float | None = metric_field("expected_range_5d")
    expected_range_5d_low: float | None = _price("The window's last close × (1 − expected_range_5d)")
    expected_range_5d_high: float | None = _price("The window's last close × (1 + expected_range_5d)")
    cone_percentile: float | None = metric_field("cone_percentile")


class ConeSlice(Model):
    """One window of one ticker's volatility cone, over its whole history up to the window's end."""

    ticker: str = TICKER
    window: int = Field(description="Sessions of each rolling volatility; neighbours overlap")
    minimum: float | None = _annual("Lowest of the rolling close-to-close volatilities")
    lower_quartile: float | None = _annual("Their lower quartile")
    median: float | None = _annual("Their median")
    upper_quartile: float | None = _annual("Their upper quartile")
    maximum: float | None = _annual("Highest of them")
    current: float | None = _annual("The latest of them")
    percentile: float | None = Field(
        description="Share of them below the latest, ties counted half, a fraction; null with fewer than "
        f"{MIN_VALUES_FOR_PERCENTILE} of them"
    )


class AssociationRow(Model):
    """Rank correlation of one ticker's daily moves with another series."""

    # `with` is a keyword of Python, so the field `other` has it as alias.
    model_config = ConfigDict(frozen=True, populate_by_name=True)

    ticker: str = TICKER
    move: Literal["change", "absolute_change", "range"] = Field(
        description="change: the daily return; absolute_change: its absolute value; range: ln(high ÷ low)"
    )
    other: Literal["volume", "sentiment", "breadth_above_mean", "breadth_rising", "market_change", "market_range"] = (
        Field(
            alias="with",
            description="volume: the ticker's own; sentiment: its news'; without sentiment, in its place: "
            "breadth_above_mean, the share of the universe's stocks above their own 20-session mean; breadth_rising, "
            "the share that rose; market_change and market_range, VOO's daily return and ln(high ÷ low)",
        )
    )
    lag: int = Field(
        description="Sessions from the move to the other series: −1 is the session before, known beforehand"
    )
    rho: float | None = Field(description="Spearman's rank correlation, from −1 to 1; null with fewer than three pairs")
    low: float | None = Field(
        description="Low end of its 95 % interval, by the circular block bootstrap, from −1 to 1; null with fewer than "
        "20 pairs"
    )
    high: float | None = Field(description="High end of it, from −1 to 1; null as low is")
    n: int = Field(description="Pairs of sessions it is computed from; with 100 of them, |rho| below 0.2 is noise")


class VolatilityResponse(Model):
    """Volatility of each ticker; rows ascending in time, then ticker."""

    meta: Meta
    summary: list[VolatilitySummary]
    cone: list[ConeSlice] = Field(description="Four windows a ticker")
    associations: list[AssociationRow] = Field(
        description="Rank correlations of daily moves with volume and with sentiment, or its market proxies, each with "
        "an interval"
    )
    rows: Rows[VolatilityRow]
    warnings: list[str] = WARNINGS
