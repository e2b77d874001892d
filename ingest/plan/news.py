"""Which news to ask for. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from ingest.alpha_vantage.plans import VendorPlan
from ingest.alpha_vantage.protocol import NewsOrder
from ingest.delivery.news_log import Span
from ingest.plan.requests import Held, PlannedRequest
from lake import calendar
from lake.snapshot import TickerManifest

NEWS_SESSIONS = 252  # a year: so far back go the news


def due(
    stocks: Sequence[str], held: Held, asked: Mapping[str, Span], now: datetime, vendor: VendorPlan
) -> list[PlannedRequest]:
    """News of closed sessions that were not asked for: the newest of every stock, then older ones."""
    if not vendor.news:
        return []
    last = calendar.last_closed(now)
    horizon = calendar.sessions_back(last, NEWS_SESSIONS)[0]
    first = [_first(ticker, horizon, last) for ticker in stocks if ticker not in asked]
    newer = [_newer(ticker, held[ticker], asked[ticker], last) for ticker in stocks if ticker in asked]
    older = [_older(ticker, asked[ticker], horizon) for ticker in stocks if ticker in asked]
    return first + [request for request in newer + older if request]


def _first(ticker: str, horizon: date, last: date) -> PlannedRequest:
    return _asked(ticker, "none were asked for yet", horizon, last, "LATEST")


def _newer(ticker: str, entry: TickerManifest | None, asked: Span, last: date) -> PlannedRequest | None:
    """The sessions since the last one asked for, and that one again: articles come late too.

    From further back where the snapshot last saw news of the ticker earlier: what was delivered may have been dropped.
    """
    if asked.last >= last:
        return None
    seen = entry.sentiment_seen if entry else None
    held_to = calendar.last_closed(datetime.fromisoformat(seen)) if seen else asked.last
    return _asked(ticker, f"asked for up to {asked.last}", min(asked.last, held_to), last, "EARLIEST")


def _older(ticker: str, asked: Span, horizon: date) -> PlannedRequest | None:
    days = calendar.sessions(horizon, asked.first - timedelta(days=1))
    if not days:
        return None
    return _asked(ticker, f"spare requests go back in time, from {asked.first}", days[0], days[-1], "LATEST")


def _asked(ticker: str, why: str, first: date, last: date, order: NewsOrder) -> PlannedRequest:
    wanted = frozenset(calendar.sessions(first, last))
    return PlannedRequest("NEWS_SENTIMENT", ticker, why, wanted=wanted, order=order)
