"""The shapes of the answers about the service itself: tickers, limits, health."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from api.http.schemas import Model, SnapshotMeta


class TickerRow(Model):
    """One ticker: what it is, and what the lake has of it."""

    text: str = Field(description="For a picker: what to show")
    value: str = Field(description="For a picker: what to ask with; the ticker")
    name: str | None = Field(description="Its name; null outside the universe")
    kind: Literal["etf", "stock"] | None = Field(description="etf or stock; null outside the universe")
    tracks: str | None = Field(description="The index an ETF follows; null for a stock")
    listed: date | None = Field(description="First session on an exchange; null outside the universe")
    published: bool = Field(description="Whether the snapshot has it")
    reason: str | None = Field(description="Why it is not published; null if it is")
    first: date | None = Field(description="First session in the snapshot; null if not published")
    last: date | None = Field(description="Last session in the snapshot; null if not published")
    sessions: int = Field(description="Sessions in the snapshot")


class TickerSummary(Model):
    """How many tickers there are of one kind."""

    kind: str = Field(description="etf or stock; other outside the universe")
    tickers: int = Field(description="Tickers of the kind")
    published: int = Field(description="How many of them the snapshot has")


class TickersResponse(Model):
    """Every ticker that can be asked for."""

    meta: SnapshotMeta
    summary: list[TickerSummary]
    rows: list[TickerRow]
    warnings: list[str] = Field(description="What to know before using the list, in words")


class LimitRow(Model):
    """The most of something that one question may ask for."""

    name: str = Field(description="What is limited")
    most: int = Field(description="The greatest number that is answered; one more is 400")
    unit: str = Field(description="What is counted")
    parameter: str = Field(description="The parameter that a refusal names")
    reason: str = Field(description="Why there is a limit")


class LimitsResponse(Model):
    """Every limit. They hold whether or not anything is published."""

    meta: SnapshotMeta | None = Field(description="The served snapshot; null where none can be read")
    summary: list[LimitRow] = Field(default=[], description="Always empty: a limit is its own summary")
    rows: list[LimitRow]
    warnings: list[str] = Field(description="What every answer of the snapshot says first, in words")


class FindingExample(Model):
    """A record that a rule found wrong."""

    ticker: str | None = Field(default=None, description="The ticker; null where the finding is of no one ticker")
    date: str | None = Field(default=None, description="The session; null where the finding is of no one session")
    detail: str | None = Field(default=None, description="What was found; null where the rule says it all")


class Finding(Model):
    """What one quality rule found."""

    rule: str = Field(description="The rule's name")
    severity: str = Field(description="Whether it blocks or warns")
    count: int = Field(description="How many records")
    sentence: str = Field(description="The finding in words")
    examples: list[FindingExample] = Field(default=[], description="Some of the records")


class Refusal(Model):
    """The last run that the quality rules did not let publish."""

    run: str = Field(description="The run's id")
    at: str = Field(description="When, UTC")
    findings: list[Finding] = Field(description="What the rules found")


class HealthResponse(Model):
    """Whether the service can answer, and how fresh its data is."""

    status: Literal["ok", "empty", "unavailable"] = Field(
        description="ok; empty: nothing is published; unavailable: see problem"
    )
    snapshot: str | None = Field(default=None, description="The served snapshot; null without one")
    published_at: datetime | None = Field(default=None, description="When it was published, UTC; null without one")
    origin: str | None = Field(default=None, description="simulated, recorded or live; null without a snapshot")
    simulated: bool | None = Field(default=None, description="Whether the prices are invented; null without a snapshot")
    as_of: date | None = Field(default=None, description="Newest session in it; null without one")
    sessions_behind: int | None = Field(
        default=None,
        description="NYSE sessions that have closed since as_of; a recorded lake's clock stands at the evening of its "
        "last session; null without a snapshot",
    )
    last_refusal: Refusal | None = Field(default=None, description="The last run that was refused; null if none was")
    problem: str | None = Field(default=None, description="What is wrong, in words; null if nothing is")
