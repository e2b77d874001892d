"""Which news to request."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from ingest.alpha_vantage.plans import VendorPlan
from ingest.alpha_vantage.protocol import NewsOrder
from ingest.plan.known import KnownTicker, KnownTickers
from ingest.plan.requests import PlannedRequest, SessionRange
from lake import calendar

NEWS_SESSIONS = 252  # a year; older news is never requested


def due(
    stocks: Sequence[str],
    known: KnownTickers,
    covered: Mapping[str, SessionRange],
    now: datetime,
    vendor: VendorPlan,
) -> list[PlannedRequest]:
    """News of the closed sessions that are not covered: the newest of every stock first, then older ones."""
    if not vendor.news:
        return []
    last = calendar.last_closed(now)
    horizon = calendar.sessions_back(last, NEWS_SESSIONS)[0]
    # On a free plan, older news is only requested with what the day's budget has left, so it comes last.
    first = [_first(ticker, horizon, last) for ticker in stocks if ticker not in covered]
    newer = [_newer(ticker, known[ticker], covered[ticker], last) for ticker in stocks if ticker in covered]
    older = [_older(ticker, covered[ticker], horizon) for ticker in stocks if ticker in covered]
    return first + [request for request in newer + older if request]


def _first(ticker: str, horizon: date, last: date) -> PlannedRequest:
    return _request(ticker, "none was requested yet", horizon, last, "LATEST")


def _newer(ticker: str, one: KnownTicker, covered: SessionRange, last: date) -> PlannedRequest | None:
    """The sessions since the last covered one, and that one again, because some articles appear late.

    It starts earlier where the lake's newest news of the ticker is older: delivered records may have been dropped.
    """
    if covered.last >= last:
        return None
    seen = one.sentiment_seen
    held_to = calendar.last_closed(datetime.fromisoformat(seen)) if seen else covered.last
    return _request(ticker, f"requested up to {covered.last}", min(covered.last, held_to), last, "EARLIEST")


def _older(ticker: str, covered: SessionRange, horizon: date) -> PlannedRequest | None:
    days = calendar.sessions(horizon, covered.first - timedelta(days=1))
    if not days:
        return None
    return _request(ticker, f"spare requests go back in time, from {covered.first}", days[0], days[-1], "LATEST")


def _request(ticker: str, why: str, first: date, last: date, order: NewsOrder) -> PlannedRequest:
    wanted = frozenset(calendar.sessions(first, last))
    return PlannedRequest("NEWS_SENTIMENT", ticker, why, wanted=wanted, order=order)
