"""Which requests to make today, from what the published snapshot holds. Pure: the time comes in.

Bars come first, then splits, then dividends, because a plan with a daily limit is cut off at its end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ingest.alpha_vantage import COMPACT_SESSIONS, Function, OutputSize
from ingest.vendor_plan import VendorPlan
from lake import calendar
from lake.snapshot import Manifest, TickerManifest

EVENTS_AGE = timedelta(days=7)  # splits and dividends are declared weeks ahead


@dataclass(frozen=True)
class PlannedRequest:
    """One request and its reason in words.

    `outputsize` and `wanted` are for bars: of the answer, the `wanted` sessions are delivered and the last few again;
    all of it where `wanted` is None.
    """

    function: Function
    ticker: str
    why: str
    outputsize: OutputSize | None = None
    wanted: frozenset[date] | None = None

    def __str__(self) -> str:
        return f"{self.function} of {self.ticker}"


@dataclass(frozen=True)
class Plan:
    """What is asked today, and what the daily limit leaves for another day, both in order."""

    requests: tuple[PlannedRequest, ...]
    left: tuple[PlannedRequest, ...]


def plan(manifest: Manifest | None, universe: Sequence[str], now: datetime, vendor: VendorPlan) -> Plan:
    """What is missing or old at `now`, the feed's clock. Nothing is, once an evening's run was published."""
    held = {ticker: manifest.tickers.get(ticker) if manifest else None for ticker in universe}
    bars = [request for ticker, entry in held.items() if (request := _bars(ticker, entry, now, vendor))]
    with_bars = {request.ticker for request in bars}
    due = [*bars]
    for function in ("SPLITS", "DIVIDENDS"):
        due += _events(function, held, with_bars, now, vendor)
    return _cut(due, vendor)


def plan_history(universe: Sequence[str], vendor: VendorPlan) -> Plan:
    """Everything that the vendor gives of every ticker, whatever is held."""
    due = [_everything(ticker, "history asked in depth", vendor) for ticker in universe]
    for function in ("SPLITS", "DIVIDENDS"):
        due += [PlannedRequest(function, ticker, "comes with the history") for ticker in universe]
    return _cut(due, vendor)


def _cut(due: list[PlannedRequest], vendor: VendorPlan) -> Plan:
    return Plan(tuple(due[: vendor.per_day]), tuple(due[vendor.per_day :]) if vendor.per_day is not None else ())


def _everything(ticker: str, why: str, vendor: VendorPlan) -> PlannedRequest:
    depth = "the full history" if vendor.full_history else f"the last {COMPACT_SESSIONS} sessions"
    size: OutputSize = "full" if vendor.full_history else "compact"
    return PlannedRequest("TIME_SERIES_DAILY", ticker, f"{why}: {depth}", size)


def _bars(ticker: str, entry: TickerManifest | None, now: datetime, vendor: VendorPlan) -> PlannedRequest | None:
    if entry is None:
        return _everything(ticker, "nothing is held", vendor)
    missing = _missing(entry, now)
    recent = set(calendar.sessions_back(calendar.last_closed(now), COMPACT_SESSIONS))
    wanted = missing if vendor.full_history else missing & recent
    reasons = list(_reasons(missing, wanted, entry))
    if _is_provisional(entry, now):
        reasons.append(f"the volume of {entry.last} was provisional")
        wanted = wanted | {entry.last}
    if not wanted:
        return None
    size: OutputSize = "compact" if wanted <= recent else "full"
    return PlannedRequest("TIME_SERIES_DAILY", ticker, "; ".join(reasons), size, frozenset(wanted))


def _missing(entry: TickerManifest, now: datetime) -> set[date]:
    """Closed sessions that are not held.

    Those after the last one are asked for until they come. Holes and refused ones once a New York day: the vendor has
    just given what it has.
    """
    new = set(calendar.sessions(entry.last + timedelta(days=1), calendar.last_closed(now)))
    asked_today = _new_york_day(entry.fetched_at) >= now.astimezone(calendar.NEW_YORK).date()
    return new if asked_today else new | {*entry.missing, *entry.refused}


def _reasons(missing: set[date], wanted: set[date], entry: TickerManifest) -> Iterator[str]:
    refused = wanted & set(entry.refused)
    if wanted - refused:
        yield f"missing {_span(wanted - refused)}"
    if refused:
        yield f"refused {_span(refused)}"
    if missing - wanted:
        yield f"only an import can fill {_span(missing - wanted)}"


def _span(days: set[date]) -> str:
    if len(days) == 1:
        return f"1 session, {min(days)}"
    return f"{len(days)} sessions, {min(days)} to {max(days)}"


def _is_provisional(entry: TickerManifest, now: datetime) -> bool:
    """Whether the newest bar was fetched on its own New York day, and that day is over."""
    return _new_york_day(entry.fetched_at) == entry.last < now.astimezone(calendar.NEW_YORK).date()


def _events(
    function: Function, held: dict[str, TickerManifest | None], with_bars: set[str], now: datetime, vendor: VendorPlan
) -> list[PlannedRequest]:
    """Requests for the events that are due: the unknown ones first, then those seen longest ago."""
    due = []
    for ticker, entry in held.items():
        why = _why_events(function, entry, ticker in with_bars, now, vendor)
        if why:
            due.append((_seen(function, entry) or "", PlannedRequest(function, ticker, why)))
    return [request for _, request in sorted(due, key=lambda pair: pair[0])]


def _why_events(
    function: Function, entry: TickerManifest | None, with_bars: bool, now: datetime, vendor: VendorPlan
) -> str | None:
    seen = _seen(function, entry)
    if entry is None or seen is None:
        return "none known yet"
    if now - datetime.fromisoformat(seen) >= EVENTS_AGE:
        return f"last seen on {_new_york_day(seen)}"
    if with_bars and vendor.per_day is None:
        return "comes with the bars: the plan has no daily limit"
    if function == "SPLITS" and with_bars and entry.refused:
        return "a refused bar may be a split that is not known yet"
    return None


def _seen(function: Function, entry: TickerManifest | None) -> str | None:
    if entry is None:
        return None
    return entry.splits_seen if function == "SPLITS" else entry.dividends_seen


def _new_york_day(moment: str) -> date:
    return datetime.fromisoformat(moment).astimezone(calendar.NEW_YORK).date()
