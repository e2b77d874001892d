"""The response model of `/prices`."""

from datetime import date

from pydantic import Field

from api.http.rows import Rows
from api.http.schemas import TICKER, WARNINGS, Meta, Model, SessionRow, price_field


class PriceRow(SessionRow):
    """One session of one ticker."""

    open: float | None = price_field("First price")
    high: float | None = price_field("Highest price")
    low: float | None = price_field("Lowest price")
    close: float | None = price_field("Last price")
    volume: int | None = Field(
        description="Shares traded, adjusted for later splits; on the raw basis as traded; null where unknown"
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

    ticker: str = TICKER
    sessions: int = Field(description="Sessions of the window that the lake has")
    last_session: date | None = Field(description="The newest of them; null without one")
    last_close: float | None = price_field("Its close")
    average_volume: float | None = Field(description="Arithmetic mean of the known volumes, shares; null without one")
    average_range_ratio: float | None = Field(
        description="Arithmetic mean of range_ratio, a fraction; null without one"
    )


class PricesResponse(Model):
    """Daily bars, ascending in time, then ticker."""

    meta: Meta
    summary: list[PriceSummary]
    rows: Rows[PriceRow]
    warnings: list[str] = WARNINGS
