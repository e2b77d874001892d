"""The response model of `/limits`."""

from pydantic import Field

from api.http.schemas import Model, SnapshotMeta


class LimitRow(Model):
    """One limit: the most of something that a request may ask for."""

    name: str = Field(description="What is limited")
    most: int = Field(description="The largest number that is answered; one more gives 400")
    unit: str = Field(description="What is counted")
    parameter: str = Field(description="The parameter that a refusal names")
    reason: str = Field(description="Why there is a limit")


class LimitsResponse(Model):
    """Every limit. They hold whether or not anything is published."""

    meta: SnapshotMeta | None = Field(description="The served snapshot; null where none can be read")
    # Every answer with rows has a summary, so that clients can read all of them alike.
    summary: list[LimitRow] = Field(default=[], description="Always empty: a limit is its own summary")
    rows: list[LimitRow]
    warnings: list[str] = Field(description="What to know about the snapshot, in words")
