"""NYSE sessions and early closes, from the generated table `nyse.json` (see tools/calendar_table.py).

Days on which it stays shut at short notice are in `closures.toml`, by hand, until the table knows them.

A session is a day on which the exchange trades; it is closed once its closing bell has rung, 16:00 in New York or
earlier on a half day.
"""

import json
import tomllib
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache
from importlib import resources
from typing import Any
from zoneinfo import ZoneInfo

NEW_YORK = ZoneInfo("America/New_York")
_REGULAR_CLOSE = time(16)
_SHORT_NOTICE = 90  # days: the table is to be written anew before fewer are left
_EVENING = time(20)  # the vendor had a session's bars by then (seen 20:49), and every correction of the day's trades


@dataclass(frozen=True)
class _Table:
    sessions: tuple[date, ...]
    early_closes: dict[date, time]


@cache
def _table() -> _Table:
    return _table_of(json.loads(_text("nyse.json")), closures())


def _table_of(raw: dict[str, Any], closures: Mapping[date, str]) -> _Table:
    """The table of the generated file, without the days that stayed shut at short notice."""
    first, last = date.fromisoformat(raw["first"]), date.fromisoformat(raw["last"])
    closed = {date.fromisoformat(day) for day in raw["closed"]} | closures.keys()
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return _Table(
        sessions=tuple(day for day in days if day.weekday() < 5 and day not in closed),
        early_closes={date.fromisoformat(day): time.fromisoformat(at) for day, at in raw["early_closes"].items()},
    )


def closures() -> Mapping[date, str]:
    """The days that `closures.toml` names, each with its reason."""
    return {date.fromisoformat(day): reason for day, reason in tomllib.loads(_text("closures.toml")).items()}


def warning_of(today: date) -> str | None:
    """A sentence while the table ends in fewer than 90 days; None before."""
    last = all_sessions()[-1]
    left = (last - today).days
    if left >= _SHORT_NOTICE:
        return None
    return f"the calendar's last session is {last}, in {left} days: write its table anew with `make calendar`"


def all_sessions() -> Sequence[date]:
    """Every session of the table, ascending: 1990 to the last year it knows."""
    return _table().sessions


def sessions(first: date, last: date) -> Sequence[date]:
    """The sessions from `first` to `last`, both inclusive, ascending; none where `first` is after `last`."""
    days = all_sessions()
    return days[bisect_left(days, first) : bisect_right(days, last)]


def is_session(day: date) -> bool:
    """Whether the exchange trades on that day."""
    return bool(sessions(day, day))


def session_on_or_before(day: date) -> date | None:
    """The last session not after `day`; None before the table begins."""
    days = all_sessions()
    place = bisect_right(days, day)
    return days[place - 1] if place else None


def sessions_back(day: date, count: int) -> Sequence[date]:
    """The last `count` sessions not after `day`, ascending; fewer where the table begins."""
    days = all_sessions()
    place = bisect_right(days, day)
    return days[max(0, place - count) : place]


def session_of(moment: datetime) -> date:
    """The session that `moment`, an aware time, belongs to: the first whose closing bell had not rung before it."""
    today = moment.astimezone(NEW_YORK).date()
    place = bisect_left(all_sessions(), today)
    for session in all_sessions()[place : place + 2]:
        if moment <= close_of(session):
            return session
    raise ValueError(f"{moment.isoformat()}: the calendar ends on {all_sessions()[-1]}")


def close_of(session: date) -> datetime:
    """The closing bell of a session, New York time."""
    return datetime.combine(session, _table().early_closes.get(session, _REGULAR_CLOSE), NEW_YORK)


def evening_of(session: date) -> datetime:
    """20:00 in New York: the session is closed and its bar is out. The clock of a recorded lake stands here."""
    return datetime.combine(session, _EVENING, NEW_YORK)


def last_closed(now: datetime) -> date:
    """The last session whose closing bell rang at or before `now`, an aware time."""
    today = now.astimezone(NEW_YORK).date()
    latest = sessions_back(today, 2)
    if not latest:
        raise ValueError(f"now={now.isoformat()}: the calendar begins on {all_sessions()[0]}")
    return latest[-1] if close_of(latest[-1]) <= now else latest[0]


def sessions_behind(held: date, now: datetime) -> float:
    """How many sessions have closed since `held` did, and which part of the way to the next closing bell has passed.

    Just over 1 on the evening of a session that is not held yet, and more than 1.5 on the morning after.
    """
    last = last_closed(now)
    following = sessions(last + timedelta(days=1), last + timedelta(days=14))[0]
    passed = (now - close_of(last)) / (close_of(following) - close_of(last))
    return len(sessions(held + timedelta(days=1), last)) + passed


def _text(name: str) -> str:
    return resources.files("lake").joinpath(name).read_text(encoding="utf-8")
