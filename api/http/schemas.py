"""Schemas that several answers share. Every field says its unit, its convention, and what null means."""

from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from api.analytics.registry import REGISTRY
from api.panel.panel import Basis


def metric_field(slug: str) -> Any:
    """A field described by the registry of metrics."""
    return Field(description=REGISTRY[slug].description)


class Model(BaseModel):
    """What the answers share."""

    model_config = ConfigDict(frozen=True, defer_build=True)  # built at its first answer: no cold start waits


TIME: Any = Field(description="The session, as midnight UTC of its day", examples=["2026-11-20T00:00:00Z"])
TICKER: Any = Field(description="The ticker", examples=["NVDA"])
WARNINGS: Any = Field(description="What to know before using the figures, in words")
NO_DIVIDENDS = "null on the total basis while the ticker's dividends are unknown"


class SessionRow(Model):
    """What one session of one ticker begins with."""

    time: str = TIME
    ticker: str = TICKER


def price_field(what: str) -> Any:
    return Field(description=f"{what}, USD a share, on the chosen basis; {NO_DIVIDENDS}")


class CoverageMeta(Model):
    """How much of the window the lake has of one ticker."""

    ticker: str = TICKER
    expected: int = Field(description="NYSE sessions since the later of the window's start and the ticker's listing")
    found: int = Field(description="How many of them the lake has")
    ratio: float | None = Field(description="found ÷ expected; null where no session is expected")
    first: date | None = Field(description="First session found in the window; null without one")
    last: date | None = Field(description="Last session found in the window; null without one")
    frozen: str | None = Field(
        default=None,
        description="The quality rule by which data of the ticker is held back, see /health; null if none is",
    )


class WindowMeta(Model):
    """The window as it was understood."""

    first: date = Field(serialization_alias="from", description="First day of the window")
    to: date = Field(description="Last day of the window; never after as_of")
    base: date | None = Field(
        description="The session before the window, from whose close cumulative figures run, whether or not the lake "
        "has it; null where the calendar knows none"
    )
    sessions: int = Field(description="NYSE sessions in the window; the base is not one of them")


class SnapshotMeta(Model):
    """What the answer was made from."""

    snapshot: str = Field(description="Id of the published snapshot: its UTC time", examples=["20261120T223005Z"])
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
    coverage: list[CoverageMeta] = Field(description="One entry a ticker, the benchmark's last")


class Problem(Model):
    """A refusal: RFC 9457, and `message` for Grafana's JSON API plugin."""

    type: str = Field(description="Which problem it is, as a URN", examples=["urn:bellwether:problem:bad-parameter"])
    title: str = Field(description="The problem in general")
    status: int = Field(description="The HTTP status")
    detail: str = Field(description="This very problem, in a sentence")
    message: str = Field(description="The same sentence as detail")
    parameter: str | None = Field(default=None, description="The parameter at fault; absent where it is none")
    value: str | None = Field(default=None, description="What it was, shortened; absent with parameter")
    bound: str | None = Field(default=None, description="What it may be; absent with parameter")
    sessions: int | None = Field(default=None, description="Sessions at hand; absent unless they are too few")
    needed: int | None = Field(default=None, description="Sessions that an answer needs; absent with sessions")
