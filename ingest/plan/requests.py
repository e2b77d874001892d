"""What a plan is made of: requests, each with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from ingest.alpha_vantage.protocol import Function, NewsOrder, Options, OutputSize, daily_options, news_options
from lake import calendar
from lake.snapshot import TickerManifest

# daily is bars and events; the two parts are functions of their own on AWS, and never ask for the same.
Task = Literal["history", "daily", "bars", "events"]
Held = Mapping[str, TickerManifest | None]  # by ticker of the universe; None where nothing of it is published


@dataclass(frozen=True)
class PlannedRequest:
    """One request and its reason in words.

    `wanted` sessions: of an answer with bars they are delivered, and the last few again; all of it where it is None.
    An answer with news is of these sessions. `outputsize` is for bars, `order` for news.
    """

    function: Function
    ticker: str
    why: str
    outputsize: OutputSize | None = None
    wanted: frozenset[date] | None = None
    order: NewsOrder | None = None

    def __str__(self) -> str:
        return f"{self.function} of {self.ticker}"

    def options(self) -> Options:
        """What the request says beside its function and ticker."""
        if self.outputsize:
            return daily_options(self.outputsize)
        if self.order and self.wanted:
            before = calendar.sessions_back(min(self.wanted), 2)[0]
            return news_options(calendar.close_of(before), calendar.close_of(max(self.wanted)), self.order)
        return {}


@dataclass(frozen=True)
class Plan:
    """What is asked now, and what the daily limit leaves for another day, both in order.

    `unreachable`: a sentence a ticker, on the sessions that only an import can fill. `warnings`: what somebody should
    look after in time.
    """

    requests: tuple[PlannedRequest, ...]
    left: tuple[PlannedRequest, ...] = ()
    unreachable: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
