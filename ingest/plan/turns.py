"""The order of requests where a day's budget cannot serve every ticker, and in words how long they take.

Without turns, the first tickers of a large universe would take the whole budget every day with their newest bars, and
the others, and the splits without which no bars are published, would never be requested.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from math import ceil

from ingest.alpha_vantage.plans import VendorPlan
from ingest.alpha_vantage.protocol import COMPACT_SESSIONS
from ingest.plan.known import KnownTicker, KnownTickers
from ingest.plan.requests import PlannedRequest
from lake import calendar

# A ticker's turn: what makes its figures complete. News comes after the last turn.
_IN_TURN = ("TIME_SERIES_DAILY", "SPLITS", "DIVIDENDS")
# Sessions after which a ticker comes first: after COMPACT_SESSIONS a free key cannot fill what it lacks any more.
_URGENT = COMPACT_SESSIONS - 25
_SESSIONS_A_WEEK = 5
_WORTH_A_WORD = 60  # seconds that a paced plan takes


def in_turns(due: Sequence[PlannedRequest], known: KnownTickers, now: datetime) -> list[PlannedRequest]:
    """The requests ticker by ticker, each with its bars, splits and dividends, and news last.

    First come tickers whose gap would soon be too old to fill, then those that only lack splits, then those without
    any bar in the order of the universe, then the others, the oldest first.
    """
    recent = calendar.sessions_back(calendar.last_closed(now), _URGENT)[0]
    places = {ticker: place for place, ticker in enumerate(known)}
    own = [request for request in due if request.function in _IN_TURN]
    own.sort(key=lambda request: (*_rank(known[request.ticker], recent), places[request.ticker]))
    return own + [request for request in due if request.function not in _IN_TURN]


def _rank(one: KnownTicker, recent: date) -> tuple[int, date]:
    if one.last and one.last < recent:
        return 0, one.last
    if one.last and (one.waits_for_splits or one.splits_seen is None):
        return 1, date.min
    return (2, date.min) if one.last is None else (3, one.last)


def days_text(due: Sequence[PlannedRequest], per_day: int, left: int) -> str:
    """In words how many more days the requests take, `left` of a day's being left today; empty if none."""
    more = _days(len(due), left, per_day) - 1
    return f"the {len(due):,} requests take {more} more day{_s(more)}, at {per_day} a day" if more else ""


def turns_text(due: Sequence[PlannedRequest], tickers: int, per_day: int, left: int, now: datetime) -> str:
    """In words how many days it takes until each ticker has had its turn, and what comes then. `tickers`: of all."""
    own = [request for request in due if request.function in _IN_TURN]
    days = _days(len(own), left, per_day)
    last = now.astimezone(calendar.NEW_YORK).date() + timedelta(days=days - 1)
    return (
        f"bars, splits and dividends of {len({one.ticker for one in own})} tickers are {len(own):,} requests: at "
        f"{per_day} a day they take {days} day{_s(days)}, until {last}; each ticker gets all three in its turn, those "
        f"without bars first, in the order of the universe; after that {_afterwards(tickers, per_day)}"
    )


def _afterwards(tickers: int, per_day: int) -> str:
    """What a day's requests do once every ticker has had its turn."""
    if tickers + ceil(2 * tickers / _SESSIONS_A_WEEK) <= per_day:
        return "every ticker is requested each session"
    cycle = ceil(tickers * len(_IN_TURN) / per_day)
    if cycle * _SESSIONS_A_WEEK / 7 <= COMPACT_SESSIONS:
        return (
            f"a ticker's turn comes about every {cycle} days, and news is not reached; a premium key has no such limit"
        )
    return (
        f"a ticker's turn comes about every {cycle} days, and an answer has the last {COMPACT_SESSIONS} sessions: gaps "
        "remain that only an import or a premium key fills"
    )


def minutes_text(due: Sequence[PlannedRequest], vendor: VendorPlan) -> str:
    """In words how long the requests take at the plan's pace; empty if that is not worth a word."""
    if vendor.per_second is None or vendor.per_day is not None or len(due) / vendor.per_second < _WORTH_A_WORD:
        return ""
    minutes = ceil(len(due) / vendor.per_second / 60)
    return f"{len(due):,} requests at {vendor.per_second * 60:.0f} a minute take {minutes} minutes at least"


def _s(count: int) -> str:
    return "" if count == 1 else "s"


def _days(requests: int, left: int, per_day: int) -> int:
    """How many days, today included."""
    return 1 + ceil(max(0, requests - left) / per_day)
