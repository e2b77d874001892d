"""Which requests to make now, and why, given the published snapshot and what waits in raw/ to be published.

The most urgent come first, because a plan with a daily limit is cut at its end: bars; splits without which those bars
cannot be published; then splits and dividends in rotation; then news, the newest sessions first. Where a day's requests
do not even reach all bars and their splits, tickers come in turns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from ingest.alpha_vantage.plans import VendorPlan
from ingest.plan import bars as plan_bars
from ingest.plan import events as plan_events
from ingest.plan import news as plan_news
from ingest.plan import turns
from ingest.plan.known import DeliveredTicker, KnownTickers, known_tickers, waiting_text
from ingest.plan.requests import Plan, PlannedRequest, SessionRange, Task
from lake import calendar
from lake.snapshot import Manifest
from lake.universe import Instrument

_BARS_AND_SPLITS = ("TIME_SERIES_DAILY", "SPLITS")


def plan(
    manifest: Manifest | None,
    universe: Mapping[str, Instrument],
    now: datetime,
    vendor: VendorPlan,
    *,
    task: Task = "daily",
    spent: int = 0,
    news: Mapping[str, SessionRange] | None = None,
    delivered: Mapping[str, DeliveredTicker] | None = None,
) -> Plan:
    """What is missing or old at `now`, the feed's clock. Once an evening's run is delivered, nothing is.

    `spent`: requests that the day has seen. `news`: the sessions whose news has been requested. `delivered`: by ticker
    what is not published yet.
    """
    known = known_tickers(manifest, universe, delivered or {})
    if task == "history":
        requests = plan_bars.history(known, now, vendor) + plan_events.history(known, now)
    else:
        requests = _due(known, universe, now, vendor, task=task, news=news or {})
    made = replace(_within_budget(requests, known, vendor, spent, now), waiting=waiting_text(delivered or {}))
    if task in ("daily", "bars"):
        made = replace(made, unreachable=plan_bars.unreachable(known, now, vendor))
    return _with_calendar(made, now)


def _due(
    known: KnownTickers,
    universe: Mapping[str, Instrument],
    now: datetime,
    vendor: VendorPlan,
    *,
    task: Task,
    news: Mapping[str, SessionRange],
) -> list[PlannedRequest]:
    bars = plan_bars.due(known, now, vendor)
    with_bars = frozenset(request.ticker for request in bars)
    requests = [] if task == "events" else [*bars, *plan_events.urgent(known, with_bars)]
    if task == "bars" and not _needs_turns(requests, vendor):
        return requests
    stocks = [ticker for ticker, instrument in universe.items() if instrument.kind == "stock"]
    events = plan_events.due(known, with_bars, now, vendor)
    return requests + events + plan_news.due(stocks, known, news, now, vendor)


def _needs_turns(due: Sequence[PlannedRequest], vendor: VendorPlan) -> bool:
    """Whether a whole day's budget does not reach the bars and the splits without which they cannot be published."""
    return vendor.per_day is not None and sum(one.function in _BARS_AND_SPLITS for one in due) > vendor.per_day


def _within_budget(
    due: list[PlannedRequest], known: KnownTickers, vendor: VendorPlan, spent: int, now: datetime
) -> Plan:
    if vendor.per_day is None:
        return Plan(tuple(due), budget=turns.minutes_text(due, vendor) or None)
    # Not below zero: the count may exceed the plan's, after a change to a smaller plan on the same day.
    budget = max(0, vendor.per_day - spent)
    if _needs_turns(due, vendor):
        due = turns.in_turns(due, known, now)
        takes = turns.turns_text(due, len(known), vendor.per_day, budget, now)
    else:
        takes = turns.days_text(due, vendor.per_day, budget)
    said = "; ".join(filter(None, (f"{budget} of {vendor.per_day} requests are left today", takes)))
    return Plan(tuple(due[:budget]), tuple(due[budget:]), budget=said)


def _with_calendar(made: Plan, now: datetime) -> Plan:
    """The plan, and that the calendar ends: as a warning for half a year, then as an error."""
    today = now.astimezone(calendar.NEW_YORK).date()
    said = calendar.warning_of(today)
    if said is None:
        return made
    return (
        replace(made, errors=(said,))
        if calendar.days_left(today) < calendar.ERROR_DAYS
        else replace(made, warnings=(said,))
    )
