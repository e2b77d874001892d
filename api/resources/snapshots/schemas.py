"""The response model of `/snapshots`."""

from datetime import date

from pydantic import Field

from api.http.schemas import WARNINGS, Model, SnapshotMeta, time_field
from api.resources.health.schemas import Finding, Refusal


class SnapshotRow(Model):
    """One snapshot that is kept."""

    time: str = time_field("When it was published, UTC", "2026-11-21T01:30:05Z")
    snapshot: str = Field(description="Its id", examples=["20261120T223005Z"])
    served: bool = Field(description="Whether answers are made from it")
    run: str = Field(description="The run that published it")
    as_of: date | None = Field(description="Newest session in it; null where it has none")
    tickers: int = Field(description="Tickers in it")
    bars: int = Field(description="Daily bars in it")
    missing: int = Field(description="Sessions between a ticker's first and last without a bar, over all tickers")
    sources: list[str] = Field(description="Who the records came from")
    findings: list[Finding] = Field(description="What the quality rules found in the rows of its run")


class SnapshotsSummary(Model):
    """All kept snapshots together."""

    snapshots: int = Field(description="Snapshots that are kept")
    served: str | None = Field(description="The one that is served; null where none is")
    held: bool = Field(description="Whether a rollback holds it, so that nothing is published before it is released")


class SnapshotsResponse(Model):
    """The snapshots that are kept, the newest last."""

    meta: SnapshotMeta | None = Field(description="The served snapshot; null where none is")
    summary: list[SnapshotsSummary]
    rows: list[SnapshotRow]
    last_refusal: Refusal | None = Field(
        description="The last run that the quality rules did not let publish; null if none was"
    )
    warnings: list[str] = WARNINGS
