"""Which requests to make now, and why, from what the published snapshot holds. Pure: the time comes in.

Most urgent first, because a plan with a daily limit is cut off at its end: bars; the splits that bars cannot be
published without; then splits and dividends in rotation; then news, those of the newest sessions first.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from ingest.alpha_vantage.plans import VendorPlan
from ingest.delivery.news_log import Span
from ingest.plan import bars as plan_bars
from ingest.plan import events as plan_events
from ingest.plan import news as plan_news
from ingest.plan.requests import Held, Plan, PlannedRequest, Task
from lake import calendar
from lake.snapshot import Manifest
from lake.universe import Instrument


def plan(
    manifest: Manifest | None,
    universe: Mapping[str, Instrument],
    now: datetime,
    vendor: VendorPlan,
    *,
    task: Task = "daily",
    spent: int = 0,
    news: Mapping[str, Span] | None = None,
) -> Plan:
    """What is missing or old at `now`, the feed's clock. Nothing is, once an evening's run was published.

    `spent`: requests that the day has seen. `news`: the sessions whose news were asked for already.
    """
    held: Held = {ticker: manifest.tickers.get(ticker) if manifest else None for ticker in universe}
    if task == "history":
        return _cut(plan_bars.history(held, vendor) + plan_events.history(held), vendor, spent)
    requests = _due(held, universe, now, vendor, task=task, news=news or {})
    unreachable = () if task == "events" else plan_bars.unreachable(held, now, vendor)
    return replace(_cut(requests, vendor, spent), unreachable=unreachable, warnings=_warnings(now))


def _due(
    held: Held,
    universe: Mapping[str, Instrument],
    now: datetime,
    vendor: VendorPlan,
    *,
    task: Task,
    news: Mapping[str, Span],
) -> list[PlannedRequest]:
    bars = plan_bars.due(held, now, vendor)
    with_bars = frozenset(request.ticker for request in bars)
    requests = [] if task == "events" else [*bars, *plan_events.urgent(held, with_bars)]
    if task == "bars":
        return requests
    stocks = [ticker for ticker, instrument in universe.items() if instrument.kind == "stock"]
    events = plan_events.due(held, with_bars, now, vendor)
    return requests + events + plan_news.due(stocks, held, news, now, vendor)


def _cut(due: list[PlannedRequest], vendor: VendorPlan, spent: int) -> Plan:
    if vendor.per_day is None:
        return Plan(tuple(due))
    budget = max(0, vendor.per_day - spent)
    return Plan(tuple(due[:budget]), tuple(due[budget:]))


def _warnings(now: datetime) -> tuple[str, ...]:
    warning = calendar.warning_of(now.astimezone(calendar.NEW_YORK).date())
    return (warning,) if warning else ()
