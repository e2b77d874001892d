"""The response model of `/tickers`."""

from datetime import date
from typing import Literal

from pydantic import Field

from api.http.schemas import Model, SnapshotMeta


class TickerRow(Model):
    """One ticker: what it is, and what the lake has of it."""

    text: str = Field(description="Label for a picker")
    value: str = Field(description="Value for a picker: the ticker")
    name: str | None = Field(description="Its name; null outside the universe")
    kind: Literal["etf", "stock"] | None = Field(description="etf or stock; null outside the universe")
    sector: str | None = Field(description="Its sector (GICS); null where the universe names none")
    tracks: str | None = Field(description="The index an ETF follows; null for a stock")
    listed: date | None = Field(description="First session on an exchange; null outside the universe")
    published: bool = Field(description="Whether the snapshot has it")
    reason: str | None = Field(description="Why it, or something of it, is not published; null if all of it is")
    frozen: str | None = Field(description="The quality rule by which something of it is held back; null if nothing is")
    frozen_since: str | None = Field(
        description="The day of the first session, event or answer that is held back; null if nothing is"
    )
    first: date | None = Field(description="First session in the snapshot; null if not published")
    last: date | None = Field(description="Last session in the snapshot; null if not published")
    sessions: int = Field(description="Sessions in the snapshot")


class TickerSummary(Model):
    """How many tickers there are of one kind."""

    kind: str = Field(description="etf or stock; other outside the universe")
    tickers: int = Field(description="Tickers of the kind")
    published: int = Field(description="How many of them the snapshot has")


class TickersResponse(Model):
    """The tickers that can be asked for, or those of them that a question chooses."""

    meta: SnapshotMeta
    total: int = Field(description="Number of tickers chosen, of which rows may be a page")
    summary: list[TickerSummary] = Field(description="The tickers chosen, on every page")
    rows: list[TickerRow]
    warnings: list[str] = Field(description="What to know before using the list, in words")
