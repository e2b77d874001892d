"""Which bars to ask for. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ingest.alpha_vantage.plans import VendorPlan
from ingest.alpha_vantage.protocol import COMPACT_SESSIONS, OutputSize
from ingest.plan.requests import Held, PlannedRequest
from lake import calendar
from lake.snapshot import TickerManifest


def due(held: Held, now: datetime, vendor: VendorPlan) -> list[PlannedRequest]:
    """A request for each ticker that lacks a closed session, had one refused, or holds a provisional volume."""
    return [request for ticker, entry in held.items() if (request := _due(ticker, entry, now, vendor))]


def history(held: Held, vendor: VendorPlan) -> list[PlannedRequest]:
    """Everything that the vendor gives of every ticker, whatever is held."""
    return [_everything(ticker, "history asked in depth", vendor) for ticker in held]


def unreachable(held: Held, now: datetime, vendor: VendorPlan) -> tuple[str, ...]:
    """The missing sessions that lie beyond what the vendor gives, a sentence a ticker."""
    if vendor.full_history:
        return ()
    found = {ticker: _gaps(entry, now) - _recent(now) for ticker, entry in held.items() if entry}
    return tuple(f"{ticker}: only an import can fill {_span(days)}" for ticker, days in found.items() if days)


def new_york_day(moment: str) -> date:
    """The day in New York of an ISO time."""
    return datetime.fromisoformat(moment).astimezone(calendar.NEW_YORK).date()


def _everything(ticker: str, why: str, vendor: VendorPlan) -> PlannedRequest:
    depth = "the full history" if vendor.full_history else f"the last {COMPACT_SESSIONS} sessions"
    size: OutputSize = "full" if vendor.full_history else "compact"
    return PlannedRequest("TIME_SERIES_DAILY", ticker, f"{why}: {depth}", size)


def _due(ticker: str, entry: TickerManifest | None, now: datetime, vendor: VendorPlan) -> PlannedRequest | None:
    if entry is None:
        return _everything(ticker, "nothing is held", vendor)
    wanted, recent = _asked_for(entry, now), _recent(now)
    if not vendor.full_history:
        wanted &= recent
    reasons = list(_reasons(wanted, entry))
    if _is_provisional(entry, now) and (vendor.full_history or entry.last in recent):
        reasons.append(f"the volume of {entry.last} was provisional")
        wanted = wanted | {entry.last}
    if not wanted:
        return None
    size: OutputSize = "compact" if wanted <= recent else "full"
    return PlannedRequest("TIME_SERIES_DAILY", ticker, "; ".join(reasons), size, frozenset(wanted))


def _recent(now: datetime) -> set[date]:
    """The sessions of a compact answer."""
    return set(calendar.sessions_back(calendar.last_closed(now), COMPACT_SESSIONS))


def _new(entry: TickerManifest, now: datetime) -> set[date]:
    return set(calendar.sessions(entry.last + timedelta(days=1), calendar.last_closed(now)))


def _gaps(entry: TickerManifest, now: datetime) -> set[date]:
    return _new(entry, now) | {*entry.missing, *entry.refused}


def _asked_for(entry: TickerManifest, now: datetime) -> set[date]:
    """Closed sessions that are not held, so far as they are worth a request now.

    Those after the last one are asked for until they come, at any time. Holes and refused ones once on each day that
    is a session: the vendor has just given what it has, and on other days has nothing new.
    """
    today = now.astimezone(calendar.NEW_YORK).date()
    is_done = new_york_day(entry.fetched_at) >= today or not calendar.is_session(today)
    return _new(entry, now) if is_done else _gaps(entry, now)


def _reasons(wanted: set[date], entry: TickerManifest) -> Iterator[str]:
    refused = wanted & set(entry.refused)
    if wanted - refused:
        yield f"missing {_span(wanted - refused)}"
    if refused:
        yield f"refused {_span(refused)}"


def _span(days: set[date]) -> str:
    if len(days) == 1:
        return f"1 session, {min(days)}"
    return f"{len(days)} sessions, {min(days)} to {max(days)}"


def _is_provisional(entry: TickerManifest, now: datetime) -> bool:
    """Whether the newest bar was fetched on its own New York day, and another day with a session has come."""
    today = now.astimezone(calendar.NEW_YORK).date()
    return new_york_day(entry.fetched_at) == entry.last < today and calendar.is_session(today)
