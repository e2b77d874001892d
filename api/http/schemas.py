"""Schemas that several answers share. Every field says its unit, its convention, and what null means."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.json_schema import SkipJsonSchema

from api.analytics.registry import REGISTRY
from api.panel.intervals import Interval
from api.panel.panel import Basis


def metric_field(slug: str) -> Any:
    """A field described by the registry of metrics."""
    return Field(description=REGISTRY[slug].description)


class OnRequest:
    """Marks a table of an answer that JSON has only where `part` names it, as it would double most answers."""


class Model(BaseModel):
    """What the answers share."""

    model_config = ConfigDict(frozen=True, defer_build=True)  # built at its first answer: no cold start waits


def time_field(what: str, example: str = "2026-11-20T00:00:00Z") -> Any:
    """A moment as text, so that seconds and a Z are always written: Grafana's plugins need both."""
    return Field(description=what, examples=[example], json_schema_extra={"format": "date-time"})


TIME: Any = time_field("The session, as midnight UTC of its day")
TICKER: Any = Field(description="The ticker", examples=["NVDA"])
WARNINGS: Any = Field(description="What to know before using the figures, in words")
NO_DIVIDENDS = "null on the total basis while the ticker's dividends are unknown"


def _require_keys(schema: dict[str, Any]) -> None:
    # `fields` leaves out the others; without it every row has every column.
    schema["required"] = [name for name in schema["required"] if name in {"time", "ticker"}]


class SessionRow(Model):
    """What one session of one ticker begins with."""

    model_config = ConfigDict(json_schema_extra=_require_keys)

    time: str = TIME
    ticker: str = TICKER


def price_field(what: str) -> Any:
    return Field(description=f"{what}, USD a share, on the chosen basis; {NO_DIVIDENDS}")


class HoleMeta(Model):
    """Sessions that the lake lacks between two that it has."""

    first: date = Field(description="The first of them")
    last: date = Field(description="The last of them")
    sessions: int = Field(description="Number of them")


class CoverageMeta(Model):
    """How much of the window the lake has of one ticker."""

    ticker: str = TICKER
    expected: int = Field(description="NYSE sessions since the later of the window's start and the ticker's listing")
    found: int = Field(description="How many of them the lake has")
    ratio: float | None = Field(description="found ÷ expected; null where no session is expected")
    first: date | None = Field(description="First session found in the window; null without one")
    last: date | None = Field(description="Last session found in the window; null without one")
    holes: list[HoleMeta] = Field(
        default=[],
        description="The window's holes of more than five sessions; no daily return spans one, and growth runs over it",
    )
    frozen: str | None = Field(
        default=None,
        description="The quality rule by which data of the ticker is held back, see /health; null if none is",
    )
    incomplete_periods: list[date] = Field(
        default=[],
        description="With `interval`, the periods of which the ticker lacks a session, each by its last session; their "
        "rows are of the sessions it has; empty with interval=1d",
    )


class WindowMeta(Model):
    """The window as it was understood."""

    first: date = Field(serialization_alias="from", description="First day of the window")
    to: date = Field(description="Last day of the window; not after as_of, unless the window begins after it")
    base: date | None = Field(
        description="The session before the window, from whose close cumulative figures run, whether or not the lake "
        "has it; null where the calendar knows none"
    )
    sessions: int = Field(description="NYSE sessions in the window; the base is not one of them")


class SnapshotMeta(Model):
    """What the answer was made from."""

    snapshot: str = Field(description="Id of the published snapshot: its UTC time", examples=["20261121T013005Z"])
    origin: str = Field(description="simulated, recorded or live")
    simulated: bool = Field(description="Whether the prices are invented")
    sources: list[str] = Field(description="Who the records came from")
    as_of: date = Field(description="Newest session in the snapshot")
    stale: bool = Field(
        description="Whether something newer is known to be published that cannot be read just now, or the lake cannot "
        "be asked: the answer is then the last good one"
    )


class WindowedMeta(SnapshotMeta):
    """What an answer of some days was made from."""

    window: WindowMeta


class Meta(WindowedMeta):
    """What the question was understood as, and how far the lake can answer it."""

    basis: Basis = Field(description="Which adjustment the prices carry")
    benchmark: str | None = Field(description="What the tickers are held against; null where nothing is")
    rf: float | None = Field(
        description="The risk-free rate that the figures use, a fraction a year; null where none does"
    )
    interval: Interval = Field(description="What each row is of; summary figures are of daily data, whatever it is")
    coverage: list[CoverageMeta] = Field(description="One entry a ticker, the benchmark's last")


def _never_null(schema: dict[str, Any]) -> None:
    del schema["default"]


def _member(description: str) -> Any:
    """A member of a problem body that is absent, and never null, where it says nothing."""
    return Field(default=None, description=description, json_schema_extra=_never_null)


class Problem(Model):
    """A refusal: RFC 9457, and `message` for Grafana's JSON API plugin."""

    type: str = Field(description="Which problem it is, as a URN", examples=["urn:bellwether:problem:bad-parameter"])
    title: str = Field(description="The problem in general")
    status: int = Field(description="The HTTP status")
    detail: str = Field(description="This very problem, in a sentence")
    message: str = Field(description="The same sentence as detail")
    parameter: str | SkipJsonSchema[None] = _member("The parameter at fault; absent where it is none")
    value: str | SkipJsonSchema[None] = _member("What it was, shortened; absent with parameter")
    bound: str | SkipJsonSchema[None] = _member("What it may be; absent with parameter")
    sessions: int | SkipJsonSchema[None] = _member("Sessions at hand; absent unless they are too few")
    needed: int | SkipJsonSchema[None] = _member("Sessions that an answer needs; absent with sessions")
