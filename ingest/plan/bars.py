"""Which bars to request."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ingest.alpha_vantage.plans import VendorPlan
from ingest.alpha_vantage.protocol import COMPACT_SESSIONS, OutputSize
from ingest.plan.requests import PlannedRequest, PublishedTickers
from lake import calendar
from lake.snapshot import TickerManifest


def due(published: PublishedTickers, now: datetime, vendor: VendorPlan) -> list[PlannedRequest]:
    """A request for each ticker that lacks a closed session, had one refused, or has a provisional volume."""
    return [request for ticker, entry in published.items() if (request := _due(ticker, entry, now, vendor))]


def history(published: PublishedTickers, vendor: VendorPlan) -> list[PlannedRequest]:
    """Everything that the vendor gives for every ticker, whatever is published."""
    return [_everything(ticker, "history was requested", vendor) for ticker in published]


def unreachable(published: PublishedTickers, now: datetime, vendor: VendorPlan) -> tuple[str, ...]:
    """A sentence for each ticker with missing sessions that are older than the vendor's answers."""
    if vendor.full_history:
        return ()
    found = {ticker: _gaps(entry, now) - _recent(now) for ticker, entry in published.items() if entry}
    return tuple(f"{ticker}: only an import can fill {_range_text(days)}" for ticker, days in found.items() if days)


def new_york_day(moment: str) -> date:
    """The day in New York of an ISO time."""
    return datetime.fromisoformat(moment).astimezone(calendar.NEW_YORK).date()


def _everything(ticker: str, why: str, vendor: VendorPlan) -> PlannedRequest:
    depth = "the full history" if vendor.full_history else f"the last {COMPACT_SESSIONS} sessions"
    size: OutputSize = "full" if vendor.full_history else "compact"
    return PlannedRequest("TIME_SERIES_DAILY", ticker, f"{why}: {depth}", size)


def _due(ticker: str, entry: TickerManifest | None, now: datetime, vendor: VendorPlan) -> PlannedRequest | None:
    if entry is None:
        return _everything(ticker, "nothing is published yet", vendor)
    wanted, recent = _worth_requesting(entry, now), _recent(now)
    # What the plan cannot reach is not requested: the request would be spent, day after day, and fill nothing.
    if not vendor.full_history:
        wanted &= recent
    reasons = list(_reasons(wanted, entry))
    if _is_provisional(entry, now) and (vendor.full_history or entry.last in recent):
        reasons.append(f"the volume of {entry.last} was provisional")
        wanted = wanted | {entry.last}
    if not wanted:
        return None
    # A full answer of 20 years is 50 times as large, so it is only requested for what a compact one lacks.
    size: OutputSize = "compact" if wanted <= recent else "full"
    return PlannedRequest("TIME_SERIES_DAILY", ticker, "; ".join(reasons), size, frozenset(wanted))


def _recent(now: datetime) -> set[date]:
    """The sessions of a compact answer."""
    return set(calendar.sessions_back(calendar.last_closed(now), COMPACT_SESSIONS))


def _new(entry: TickerManifest, now: datetime) -> set[date]:
    return set(calendar.sessions(entry.last + timedelta(days=1), calendar.last_closed(now)))


def _gaps(entry: TickerManifest, now: datetime) -> set[date]:
    return _new(entry, now) | {*entry.missing, *entry.refused}


def _worth_requesting(entry: TickerManifest, now: datetime) -> set[date]:
    """The missing closed sessions that are worth a request now.

    Sessions after the last published one are requested until they come. Gaps and refused sessions are requested once a
    day, and only on sessions: the vendor has just given all that it has, and on other days it has nothing new.
    """
    today = now.astimezone(calendar.NEW_YORK).date()
    gaps_can_wait = new_york_day(entry.fetched_at) >= today or not calendar.is_session(today)
    return _new(entry, now) if gaps_can_wait else _gaps(entry, now)


def _reasons(wanted: set[date], entry: TickerManifest) -> Iterator[str]:
    refused = wanted & set(entry.refused)
    if wanted - refused:
        yield f"missing {_range_text(wanted - refused)}"
    if refused:
        yield f"refused {_range_text(refused)}"


def _range_text(days: set[date]) -> str:
    if len(days) == 1:
        return f"1 session, {min(days)}"
    return f"{len(days)} sessions, {min(days)} to {max(days)}"


def _is_provisional(entry: TickerManifest, now: datetime) -> bool:
    """Whether the newest bar was fetched on its own day, and a later session has begun.

    A volume that was fetched in the evening is provisional, so the bar is requested once more.
    """
    today = now.astimezone(calendar.NEW_YORK).date()
    return new_york_day(entry.fetched_at) == entry.last < today and calendar.is_session(today)
