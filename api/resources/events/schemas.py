"""The response model of `/events`."""

from typing import Literal

from pydantic import Field

from api.http.schemas import TICKER, WARNINGS, Model, SessionRow, WindowedMeta

EventKind = Literal["split", "spin_off", "dividend"]


class EventRow(SessionRow):
    """One event, as an annotation of a chart."""

    kind: EventKind = Field(
        description="split (prices and shares), spin_off (prices only) or dividend", examples=["dividend"]
    )
    value: float = Field(
        description="Of a split or spin-off the ratio, new shares for one old; of a dividend USD a share as paid"
    )
    text: str = Field(description="The event in words", examples=["NVDA: split, 10 for 1"])
    title: str = Field(description="Heading: the kind")
    tags: str = Field(description="Ticker and kind, separated by a comma", examples=["NVDA,split"])


class EventSummary(Model):
    """One ticker's events in the window."""

    ticker: str = TICKER
    splits: int = Field(description="Splits in the window")
    spin_offs: int = Field(description="Spin-offs and stock dividends in the window")
    dividends: int = Field(description="Cash dividends in the window")
    paid: float | None = Field(
        description="Their sum, USD a share as paid, not adjusted for splits between; null while the ticker's "
        "dividends are unknown"
    )


class EventsResponse(Model):
    """Splits, spin-offs and dividends, ascending in time, then ticker; each at the day it takes effect."""

    meta: WindowedMeta
    summary: list[EventSummary]
    rows: list[EventRow]
    warnings: list[str] = WARNINGS
