"""Which bars to request."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from ingest.alpha_vantage.plans import VendorPlan
from ingest.alpha_vantage.protocol import COMPACT_SESSIONS, OutputSize
from ingest.plan.known import DeliveredTicker, KnownTicker, KnownTickers, new_york_day
from ingest.plan.requests import PlannedRequest
from lake import calendar

_MOST_NAMED = 30  # tickers with sentences of their own


def due(known: KnownTickers, now: datetime, vendor: VendorPlan) -> list[PlannedRequest]:
    """A request for each ticker that lacks a closed session, had one refused, or has a provisional volume."""
    return [request for ticker, one in known.items() if (request := _due(ticker, one, now, vendor))]


def history(known: KnownTickers, now: datetime, vendor: VendorPlan) -> list[PlannedRequest]:
    """Everything that the vendor gives for every ticker, but for what today's runs have already delivered of it."""
    return [
        _everything(ticker, "history was requested", vendor)
        for ticker, one in known.items()
        if not _is_whole(one.delivered, now, vendor)
    ]


def unreachable(known: KnownTickers, now: datetime, vendor: VendorPlan) -> tuple[str, ...]:
    """A sentence for each ticker with missing sessions that are older than the vendor's answers."""
    if vendor.full_history:
        return ()
    found = {ticker: _gaps(one, now) - _recent(now) for ticker, one in known.items()}
    said = [f"{ticker}: only an import can fill {_range_text(days)}" for ticker, days in found.items() if days]
    if len(said) <= _MOST_NAMED:
        return tuple(said)
    return (*said[:_MOST_NAMED], f"and so it is of {len(said) - _MOST_NAMED} more tickers")


def _everything(ticker: str, why: str, vendor: VendorPlan) -> PlannedRequest:
    depth = "the full history" if vendor.full_history else f"the last {COMPACT_SESSIONS} sessions"
    size: OutputSize = "full" if vendor.full_history else "compact"
    return PlannedRequest("TIME_SERIES_DAILY", ticker, f"{why}: {depth}", size)


def _is_whole(delivered: DeliveredTicker, now: datetime, vendor: VendorPlan) -> bool:
    """Whether an answer with everything was fetched today, and waits to be published."""
    today = now.astimezone(calendar.NEW_YORK).date()
    fetched = sum(new_york_day(at) >= today for at in delivered.bars.values())
    return fetched > COMPACT_SESSIONS if vendor.full_history else fetched >= COMPACT_SESSIONS


def _due(ticker: str, one: KnownTicker, now: datetime, vendor: VendorPlan) -> PlannedRequest | None:
    if one.last is None:
        return _everything(ticker, "nothing is published yet", vendor)
    wanted, recent = _worth_requesting(one, now), _recent(now)
    # What the plan cannot reach is not requested: the request would be spent, day after day, and fill nothing.
    if not vendor.full_history:
        wanted &= recent
    reasons = list(_reasons(wanted, one))
    if _is_provisional(one, now) and (vendor.full_history or one.last in recent):
        reasons.append(f"the volume of {one.last} was provisional")
        wanted = wanted | {one.last}
    if not wanted:
        return None
    # A full answer of 20 years is 50 times as large, so it is only requested for what a compact one lacks.
    size: OutputSize = "compact" if wanted <= recent else "full"
    return PlannedRequest("TIME_SERIES_DAILY", ticker, "; ".join(reasons), size, frozenset(wanted))


def _recent(now: datetime) -> set[date]:
    """The sessions of a compact answer."""
    return set(calendar.sessions_back(calendar.last_closed(now), COMPACT_SESSIONS))


def _new(one: KnownTicker, now: datetime) -> set[date]:
    return set(calendar.sessions(one.last + timedelta(days=1), calendar.last_closed(now))) if one.last else set()


def _gaps(one: KnownTicker, now: datetime) -> set[date]:
    return _new(one, now) | one.missing | one.refused


def _worth_requesting(one: KnownTicker, now: datetime) -> set[date]:
    """The missing closed sessions that are worth a request now.

    Sessions after the last known one are requested until they come. Gaps and refused sessions are requested once a day,
    and only on sessions: the vendor has just given all that it has, and on other days it has nothing new.
    """
    today = now.astimezone(calendar.NEW_YORK).date()
    # A recorded feed's today is long past, and its records carry the time at which they really came: after today.
    is_of_today = one.fetched_at is not None and new_york_day(one.fetched_at) == today
    return _new(one, now) if is_of_today or not calendar.is_session(today) else _gaps(one, now)


def _reasons(wanted: set[date], one: KnownTicker) -> Iterator[str]:
    refused = wanted & one.refused
    if wanted - refused:
        yield f"missing {_range_text(wanted - refused)}"
    if refused:
        yield f"refused {_range_text(refused)}"


def _range_text(days: set[date]) -> str:
    if len(days) == 1:
        return f"1 session, {min(days)}"
    return f"{len(days)} sessions, {min(days)} to {max(days)}"


def _is_provisional(one: KnownTicker, now: datetime) -> bool:
    """Whether the newest bar was fetched on its own day, and a later session has begun.

    A volume that was fetched in the evening is provisional, so the bar is requested once more.
    """
    if one.last is None or one.fetched_at is None:
        return False
    today = now.astimezone(calendar.NEW_YORK).date()
    return new_york_day(one.fetched_at) == one.last < today and calendar.is_session(today)
