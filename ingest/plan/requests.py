"""Plans: requests in order, each with its reason."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Literal

from ingest.alpha_vantage.protocol import Function, NewsOrder, Options, OutputSize, daily_options, news_options
from lake import calendar

# `bars` and `events` are the two halves of `daily`, and share no request. On AWS they have schedules of their own, so
# that the bars come first and the events take what the day's budget has left.
Task = Literal["history", "daily", "bars", "events"]


@dataclass(frozen=True)
class SessionRange:
    """Consecutive sessions, both ends inclusive."""

    first: date
    last: date

    def union(self, other: "SessionRange | None") -> "SessionRange":
        """Both ranges as one. There is never a gap between them, because a request starts where the last one ended."""
        return SessionRange(min(self.first, other.first), max(self.last, other.last)) if other else self


@dataclass(frozen=True)
class PlannedRequest:
    """One request and its reason in words.

    `wanted`: the sessions that the request is made for. Of bars these and an overlap are delivered, all where it is
    None; news is requested for exactly these. `outputsize` is for bars, `order` for news.
    """

    function: Function
    ticker: str
    why: str
    outputsize: OutputSize | None = None
    wanted: frozenset[date] | None = None
    order: NewsOrder | None = None

    def __str__(self) -> str:
        return f"{self.function} of {self.ticker}"

    def to_dict(self) -> dict[str, Any]:
        """The request as plain JSON."""
        wanted = sorted(day.isoformat() for day in self.wanted) if self.wanted is not None else None
        return {**asdict(self), "wanted": wanted}

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> "PlannedRequest":
        """The request that `to_dict` wrote. TypeError or ValueError for anything else."""
        days = fields.get("wanted")
        return cls(**{**fields, "wanted": frozenset(map(date.fromisoformat, days)) if days is not None else None})

    def options(self) -> Options:
        """The request's parameters besides its function and ticker."""
        if self.outputsize:
            return daily_options(self.outputsize)
        if self.order and self.wanted:
            before = calendar.sessions_back(min(self.wanted), 2)[0]
            return news_options(calendar.close_of(before), calendar.close_of(max(self.wanted)), self.order)
        return {}


@dataclass(frozen=True)
class Plan:
    """The requests to make now, and those that the daily limit defers, both in order.

    `waiting`: a sentence about answers that are delivered and not published. `unreachable`: a sentence for each ticker
    with sessions that only an import can fill. `warnings`: what needs attention before long; `errors`: what needs it
    now, although the requests can be made. `budget`: a sentence about the day's requests, where they are limited.
    """

    requests: tuple[PlannedRequest, ...]
    deferred: tuple[PlannedRequest, ...] = ()
    waiting: str | None = None
    unreachable: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()
    budget: str | None = None
