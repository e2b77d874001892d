"""NYSE sessions and early closes, from 1962 on.

They come from `nyse.json`, which tools/calendar_table.py generates: the library it uses needs pandas, which is too
large for the Lambdas. Closures at short notice are added to `closures.toml` by hand until the generated table has them.

A session is a day on which the exchange trades. It is closed after its closing bell, at 16:00 in New York or earlier on
a half day.
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

from lake.errors import CalendarError

NEW_YORK = ZoneInfo("America/New_York")
_REGULAR_CLOSE = time(16)  # until 1974 it was 15:30, which is of no consequence: nothing old is waited for
WARNING_DAYS = 365  # before the end of the table each run says so
ERROR_DAYS = 180  # and from then on counts as failed, so that alarms ring while everything still works
_ADVICE = "update Bellwether, or write the calendar anew with `make calendar`"
_EVENING = time(20)  # the extended hours have ended; the vendor has a session's bars soon after (seen at 20:49)


@dataclass(frozen=True)
class _Table:
    """`last`: the last day, session or not, of which the table knows whether the exchange trades."""

    sessions: tuple[date, ...]
    early_closes: dict[date, time]
    last: date


@cache
def _table() -> _Table:
    return _table_of(json.loads(_text("nyse.json")), closures())


def _table_of(raw: dict[str, Any], closures: Mapping[date, str]) -> _Table:
    """The sessions of the generated table, without the closures at short notice."""
    first, last = date.fromisoformat(raw["first"]), date.fromisoformat(raw["last"])
    closed = {date.fromisoformat(day) for day in raw["closed"]} | closures.keys()
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return _Table(
        sessions=tuple(day for day in days if day.weekday() < 5 and day not in closed),
        early_closes={date.fromisoformat(day): time.fromisoformat(at) for day, at in raw["early_closes"].items()},
        last=last,
    )


def closures() -> Mapping[date, str]:
    """The closures of `closures.toml`, with their reasons."""
    return {date.fromisoformat(day): reason for day, reason in tomllib.loads(_text("closures.toml")).items()}


def days_left(today: date) -> int:
    """How many days after `today` the table still knows; negative where it ended before."""
    return (_table().last - today).days


def warning_of(today: date) -> str | None:
    """A warning if the table ends in less than a year, else None."""
    left = days_left(today)
    if left < 0:
        return f"{_ended()}: nothing can be fetched until you {_ADVICE}"
    if left >= WARNING_DAYS:
        return None
    return f"{_ended()}, in {left} days: {_ADVICE} before then, because no run works after it"


def _ended() -> str:
    return f"the calendar of NYSE sessions ends on {_table().last}"


def _require(day: date) -> None:
    """CalendarError for a day after the end of the table, on which its last session would pass for the newest one."""
    if day > _table().last:
        raise CalendarError(f"{day} is not known yet, because {_ended()}: {_ADVICE}")


def all_sessions() -> Sequence[date]:
    """Every session of the table, ascending, from 1962 on."""
    return _table().sessions


def sessions(first: date, last: date) -> Sequence[date]:
    """The sessions from `first` to `last`, both inclusive, ascending; empty where `first` is after `last`."""
    days = all_sessions()
    return days[bisect_left(days, first) : bisect_right(days, last)]


def is_session(day: date) -> bool:
    """Whether the exchange trades on `day`."""
    return bool(sessions(day, day))


def session_on_or_before(day: date) -> date | None:
    """The last session not after `day`; None before the start of the table."""
    days = all_sessions()
    place = bisect_right(days, day)
    return days[place - 1] if place else None


def sessions_back(day: date, count: int) -> Sequence[date]:
    """The last `count` sessions not after `day`, ascending; fewer near the start of the table."""
    days = all_sessions()
    place = bisect_right(days, day)
    return days[max(0, place - count) : place]


def session_of(moment: datetime) -> date:
    """The session to which `moment`, an aware time, belongs: the first whose closing bell is not before it.

    CalendarError after the last one.
    """
    today = moment.astimezone(NEW_YORK).date()
    place = bisect_left(all_sessions(), today)
    for session in all_sessions()[place : place + 2]:
        if moment <= close_of(session):
            return session
    raise CalendarError(f"{moment.isoformat()} belongs to no known session, because {_ended()}: {_ADVICE}")


def close_of(session: date) -> datetime:
    """The closing bell of a session, in New York time."""
    return datetime.combine(session, _table().early_closes.get(session, _REGULAR_CLOSE), NEW_YORK)


def half_days() -> Sequence[date]:
    """The sessions that end early, ascending."""
    return sorted(_table().early_closes)


def evening_of(session: date) -> datetime:
    """20:00 in New York, after the end of a session. It is the current time of a recorded lake."""
    return datetime.combine(session, _EVENING, NEW_YORK)


def last_closed(now: datetime) -> date:
    """The last session whose closing bell is not after `now`, an aware time; CalendarError outside the table."""
    today = now.astimezone(NEW_YORK).date()
    _require(today)
    latest = sessions_back(today, 2)
    if not latest:
        raise CalendarError(
            f"the time is {now.isoformat()}, but the calendar begins on {all_sessions()[0]}: set the clock"
        )
    return latest[-1] if close_of(latest[-1]) <= now else latest[0]


def sessions_behind(held: date, now: datetime) -> float:
    """The number of sessions closed after `held`, plus the elapsed fraction of the time to the next closing bell.

    Just over 1 on the evening of a session that is not held yet, more than 1.5 on the next morning.
    """
    last = last_closed(now)
    following = next(iter(sessions(last + timedelta(days=1), last + timedelta(days=14))), None)
    if following is None:
        raise CalendarError(f"no session after {last} is known, because {_ended()}: {_ADVICE}")
    passed = (now - close_of(last)) / (close_of(following) - close_of(last))
    return len(sessions(held + timedelta(days=1), last)) + passed


def _text(name: str) -> str:
    return resources.files("lake").joinpath(name).read_text(encoding="utf-8")
