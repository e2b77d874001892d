"""The response model of `/snapshots`."""

from datetime import date

from pydantic import Field

from api.http.schemas import WARNINGS, Model, SnapshotMeta, time_field
from api.resources.health.schemas import Finding, FrozenTicker, Refusal


class SnapshotRow(Model):
    """One snapshot that is kept."""

    time: str = time_field("When it was published, UTC", "2026-11-21T01:30:05Z")
    snapshot: str = Field(description="Its id", examples=["20261120T223005Z"])
    served: bool = Field(description="Whether answers are made from it")
    held: bool = Field(description="Whether a rollback holds the lake at it")
    run: str = Field(description="The run that published it")
    as_of: date | None = Field(description="Newest session in it; null where it has none")
    tickers: int = Field(description="Tickers in it")
    bars: int = Field(description="Daily bars in it")
    missing: int = Field(description="Sessions between a ticker's first and last without a bar, over all tickers")
    sources: list[str] = Field(description="Who the records came from")
    frozen: list[FrozenTicker] = Field(description="Tickers of which something is held back, and why")
    findings: list[Finding] = Field(description="What the quality rules found in the rows of its run")


class FindingRow(Model):
    """One finding of the served snapshot: a flagged bar, a record held back, or what a rule found in the run."""

    snapshot: str = Field(description="The snapshot", examples=["20261120T223005Z"])
    ticker: str | None = Field(description="The ticker; null where the finding is of no one ticker")
    date: str | None = Field(description="Session, ex-date, or day of the answer; null where the finding is of none")
    rule: str = Field(description="The rule's name", examples=["odd_volume"])
    severity: str = Field(
        description="warn: published with a flag; freeze: held back; quarantine: not used; block: nothing is published"
    )
    count: int = Field(description="How many records")
    detail: str | None = Field(description="What was found, in words; null where the rule says it all")


class SnapshotsSummary(Model):
    """All kept snapshots together."""

    snapshots: int = Field(description="Snapshots that are kept")
    served: str | None = Field(description="The one that is served; null where none is")
    held: bool = Field(description="Whether a rollback holds it, so that nothing is published before it is released")


class SnapshotsResponse(Model):
    """The snapshots that are kept, and all findings of the served one; both the newest first."""

    meta: SnapshotMeta | None = Field(description="The served snapshot; null where none is")
    summary: list[SnapshotsSummary]
    snapshots: list[SnapshotRow] = Field(description="One entry a snapshot, the newest first")
    rows: list[FindingRow]
    last_refusal: Refusal | None = Field(
        description="The last run that the quality rules did not let publish; null if none was"
    )
    warnings: list[str] = WARNINGS
