"""Which splits and dividends to request."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from math import ceil
from typing import Literal

from ingest.alpha_vantage.plans import VendorPlan
from ingest.plan.known import KnownTicker, KnownTickers, new_york_day
from ingest.plan.requests import PlannedRequest
from lake import calendar

EventFunction = Literal["SPLITS", "DIVIDENDS"]
EVENTS: tuple[EventFunction, ...] = ("SPLITS", "DIVIDENDS")
WEEK = 7  # days between two requests; splits and dividends are declared weeks ahead
_RUNS_A_WEEK = 5  # sessions


@dataclass(frozen=True)
class _EventState:
    """`seen`: the New York day of the last answer with a ticker's events; None while there was none."""

    function: EventFunction
    ticker: str
    seen: date | None

    def request(self, why: str) -> PlannedRequest:
        return PlannedRequest(self.function, self.ticker, why)


def history(known: KnownTickers, now: datetime) -> list[PlannedRequest]:
    """Splits and dividends of every ticker, but for those that today's runs have already delivered."""
    today = now.astimezone(calendar.NEW_YORK).date()
    return [
        PlannedRequest(function, ticker, "comes with the history")
        for function in EVENTS
        for ticker, one in known.items()
        if not (
            (at := one.delivered.splits if function == "SPLITS" else one.delivered.dividends)
            and new_york_day(at) >= today
        )
    ]


def splits_of_new_bar(ticker: str, session: date) -> PlannedRequest:
    """The splits of a ticker whose new bar moves like one: without them the bar would be quarantined for a day."""
    return PlannedRequest("SPLITS", ticker, f"the bar of {session} moves like a split")


def urgent(known: KnownTickers, with_bars: Collection[str]) -> Iterator[PlannedRequest]:
    """The splits without which bars cannot be published. `with_bars`: tickers whose bars are requested now."""
    for ticker, one in known.items():
        why = _urgency(one, ticker in with_bars)
        if why:
            yield PlannedRequest("SPLITS", ticker, why)


def due(known: KnownTickers, with_bars: Collection[str], now: datetime, vendor: VendorPlan) -> list[PlannedRequest]:
    """The requests that are not urgent: unknown dividends, then events last seen a week ago or more, oldest first.

    With a daily limit, a fifth of all tickers' events is requested each session as well, so that they never fall due
    all on one day. Without a limit, a ticker's events are requested with each of its new bars.
    """
    today = now.astimezone(calendar.NEW_YORK).date()
    states = [
        _EventState(function, ticker, _seen(function, one))
        for function in EVENTS
        for ticker, one in known.items()
        if function == "DIVIDENDS" or not _urgency(one, ticker in with_bars)
    ]
    first = [state.request("none known yet") for state in states if state.seen is None]
    later = sorted((state for state in states if state.seen), key=lambda state: state.seen or today)
    if vendor.per_day is None:
        return first + [request for state in later if (request := _weekly(state, today, state.ticker in with_bars))]
    done_today = sum(state.seen >= today for state in later if state.seen)
    share = ceil(len(EVENTS) * len(known) / _RUNS_A_WEEK) - done_today
    return first + list(_in_rotation(later, today, share))


def _urgency(one: KnownTicker, with_bars: bool) -> str | None:
    if one.splits_seen is None:
        return "none known yet"
    if one.waits_for_splits:
        return "its bars wait for an answer about its splits"
    # The quality rules refuse a bar that moves like a split until a split explains it.
    if with_bars and one.refused:
        return "a refused bar may be a split that is not known yet"
    return None


def _weekly(state: _EventState, today: date, with_bars: bool) -> PlannedRequest | None:
    if _age(state, today) >= WEEK:
        return state.request(f"last seen on {state.seen}")
    return state.request("comes with the bars: the plan has no daily limit") if with_bars else None


def _in_rotation(states: list[_EventState], today: date, share: int) -> Iterator[PlannedRequest]:
    for place, state in enumerate(states):
        if _age(state, today) >= WEEK:
            yield state.request(f"last seen on {state.seen}")
        elif place < share and _age(state, today) > 0:
            yield state.request(f"its turn this week: last seen on {state.seen}")


def _age(state: _EventState, today: date) -> int:
    return (today - state.seen).days if state.seen else WEEK


def _seen(function: EventFunction, one: KnownTicker) -> date | None:
    seen = one.splits_seen if function == "SPLITS" else one.dividends_seen
    return new_york_day(seen) if seen else None
