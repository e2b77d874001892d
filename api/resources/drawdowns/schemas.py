"""The response model of `/returns/drawdowns`."""

from datetime import date
from typing import Any

from pydantic import Field

from api.http.schemas import TICKER, WARNINGS, Meta, Model

_DEPTH: Any = Field(description="The trough's close ÷ the peak's − 1, a fraction, never positive")
_PEAK: Any = Field(
    description="The last session at the highest close before it; the base, or a young ticker's first close, counts"
)


class DrawdownSummary(Model):
    """How far a ticker is below its highest close since the base, or since its first close where it has no base."""

    ticker: str = TICKER
    drawdowns: int = Field(description="Number of drawdowns in the window, small ones included")
    max_drawdown: float | None = Field(
        description="Depth of the deepest, a fraction, 0 without any; null with fewer than two known closes"
    )
    current_drawdown: float | None = Field(
        description="Last close ÷ the highest since the base − 1, a fraction, 0 at the highest; null as max_drawdown is"
    )
    peak: date | None = Field(description="The session of that highest close; null as max_drawdown is")
    sessions_below_peak: int | None = Field(
        description="Sessions since it, of the calendar; 0 at the highest; null as max_drawdown is"
    )


class DrawdownRow(Model):
    """One drawdown; none shares a session below its peak with another."""

    ticker: str = TICKER
    rank: int = Field(description="1 for the deepest; a number among all drawdowns of the window")
    depth: float = _DEPTH
    peak: date = _PEAK
    trough: date = Field(description="The first session at the lowest close")
    recovery: date | None = Field(
        description="The first session after the trough whose close is the peak's or above; null for one that is not "
        "over, the current one"
    )
    current: bool = Field(description="Whether it is not over")
    sessions_down: int = Field(description="Sessions from peak to trough, of the calendar")
    sessions_up: int | None = Field(description="Sessions from trough to recovery; null for the current one")
    sessions: int = Field(description="Sessions from peak to recovery, or to the last session held")


class DrawdownsResponse(Model):
    """The deepest drawdowns of each ticker and always the current one, tickers as asked for, the deepest first."""

    meta: Meta
    summary: list[DrawdownSummary]
    rows: list[DrawdownRow]
    warnings: list[str] = WARNINGS
