"""Which splits and dividends to ask for. Pure."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Literal

from ingest.alpha_vantage.plans import VendorPlan
from ingest.plan.bars import new_york_day
from ingest.plan.requests import Held, PlannedRequest
from lake import calendar
from lake.snapshot import TickerManifest

EventFunction = Literal["SPLITS", "DIVIDENDS"]
EVENTS: tuple[EventFunction, ...] = ("SPLITS", "DIVIDENDS")
WEEK = 7  # days; splits and dividends are declared weeks ahead
_RUNS_A_WEEK = 5


@dataclass(frozen=True)
class _Sight:
    """When a ticker's events were last answered, as a day in New York; None while they are unknown."""

    function: EventFunction
    ticker: str
    seen: date | None

    def asked(self, why: str) -> PlannedRequest:
        return PlannedRequest(self.function, self.ticker, why)


def history(held: Held) -> list[PlannedRequest]:
    """All of both, whatever is held."""
    return [PlannedRequest(function, ticker, "comes with the history") for function in EVENTS for ticker in held]


def at_once(ticker: str, session: date) -> PlannedRequest:
    """What a new bar asks for that moves like a split: else it would be set aside for another day."""
    return PlannedRequest("SPLITS", ticker, f"the bar of {session} moves like a split")


def urgent(held: Held, with_bars: Collection[str]) -> Iterator[PlannedRequest]:
    """The splits that bars cannot be published without."""
    for ticker, entry in held.items():
        why = _urgency(entry, ticker in with_bars)
        if why:
            yield PlannedRequest("SPLITS", ticker, why)


def due(held: Held, with_bars: Collection[str], now: datetime, vendor: VendorPlan) -> list[PlannedRequest]:
    """Beside the urgent ones: dividends that are unknown, then, seen longest ago first, what a week has passed by.

    Where requests are limited, also as many more as bring every ticker round in a week of sessions, so that its
    events never fall due all at once; where they are not, both with every new bar.
    """
    today = now.astimezone(calendar.NEW_YORK).date()
    sights = [
        _Sight(function, ticker, _seen(function, entry))
        for function in EVENTS
        for ticker, entry in held.items()
        if function == "DIVIDENDS" or not _urgency(entry, ticker in with_bars)
    ]
    unknown = [sight.asked("none known yet") for sight in sights if sight.seen is None]
    known = sorted((sight for sight in sights if sight.seen), key=lambda sight: sight.seen or today)
    if vendor.per_day is None:
        return unknown + [request for sight in known if (request := _weekly(sight, today, sight.ticker in with_bars))]
    share = ceil(len(EVENTS) * len(held) / _RUNS_A_WEEK) - sum(sight.seen >= today for sight in known if sight.seen)
    return unknown + list(_in_rotation(known, today, share))


def _urgency(entry: TickerManifest | None, with_bars: bool) -> str | None:
    if entry is None:
        return "none known yet"
    if with_bars and entry.refused:
        return "a refused bar may be a split that is not known yet"
    return None


def _weekly(sight: _Sight, today: date, with_bars: bool) -> PlannedRequest | None:
    if _age(sight, today) >= WEEK:
        return sight.asked(f"last seen on {sight.seen}")
    return sight.asked("comes with the bars: the plan has no daily limit") if with_bars else None


def _in_rotation(known: list[_Sight], today: date, share: int) -> Iterator[PlannedRequest]:
    for place, sight in enumerate(known):
        if _age(sight, today) >= WEEK:
            yield sight.asked(f"last seen on {sight.seen}")
        elif place < share and _age(sight, today) > 0:
            yield sight.asked(f"its turn this week: last seen on {sight.seen}")


def _age(sight: _Sight, today: date) -> int:
    return (today - sight.seen).days if sight.seen else WEEK


def _seen(function: EventFunction, entry: TickerManifest | None) -> date | None:
    seen = entry and (entry.splits_seen if function == "SPLITS" else entry.dividends_seen)
    return new_york_day(seen) if seen else None
