"""The response model of `/health`, and the findings of quality rules that `/snapshots` also gives."""

from datetime import date, datetime
from typing import Literal

from pydantic import Field

from api.http.schemas import Model


class FindingExample(Model):
    """A record that a rule found wrong."""

    ticker: str | None = Field(default=None, description="The ticker; null where the finding is of no one ticker")
    date: str | None = Field(default=None, description="The session; null where the finding is of no one session")
    detail: str | None = Field(default=None, description="What was found; null where the rule says it all")


class Finding(Model):
    """What one quality rule found in a run."""

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


class FrozenTicker(Model):
    """A ticker of which something is held back: it keeps its published rows, and all others go on."""

    ticker: str = Field(description="The ticker", examples=["NVDA"])
    rule: str = Field(description="The quality rule", examples=["restated"])
    since: str = Field(description="The day of the first session, event or answer that is held back")
    message: str = Field(description="What is wrong, in words")
    advice: str = Field(description="What to do about it")


class HealthResponse(Model):
    """Whether the service can answer, and how fresh its data is."""

    status: Literal["ok", "degraded", "empty", "unavailable"] = Field(
        description="ok; degraded: it answers, and something needs attention: see frozen, held and last_refusal; "
        "empty: nothing is published; unavailable: see problem"
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
    frozen: list[FrozenTicker] = Field(
        default=[], description="Tickers of which something is held back, why, since when, and what to do"
    )
    held: bool = Field(
        default=False, description="Whether a rollback holds the lake, so that nothing is published before a release"
    )
    last_refusal: Refusal | None = Field(default=None, description="The last run that was refused; null if none was")
    problem: str | None = Field(default=None, description="What is wrong, in words; null if nothing is")
