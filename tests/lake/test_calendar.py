"""The generated table against the library that it is generated from, and against days that people remember."""

import json
from datetime import UTC, date, datetime

import pytest

from lake import calendar
from tools import calendar_table


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # exchange_calendars on today's pandas
def test_the_table_is_what_exchange_calendars_says() -> None:
    assert json.loads(calendar_table.TARGET.read_text(encoding="utf-8")) == calendar_table.build()


def test_sessions_of_remembered_weeks() -> None:
    """11 September 2001, hurricane Sandy, and the day of mourning for President Carter."""
    assert calendar.sessions(date(2001, 9, 10), date(2001, 9, 18)) == (
        date(2001, 9, 10), date(2001, 9, 17), date(2001, 9, 18),
    )  # fmt: skip
    assert not calendar.is_session(date(2012, 10, 29))
    assert not calendar.is_session(date(2025, 1, 9))
    assert calendar.is_session(date(2026, 11, 27))


def test_around_a_day_without_a_session() -> None:
    thanksgiving = date(2025, 11, 27)
    assert calendar.session_on_or_before(thanksgiving) == date(2025, 11, 26)
    assert calendar.session_on_or_before(date(1980, 1, 1)) is None
    assert calendar.sessions_back(thanksgiving, 2) == (date(2025, 11, 25), date(2025, 11, 26))
    assert calendar.sessions(thanksgiving, thanksgiving) == ()


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        ("2025-11-26T20:59:59", date(2025, 11, 25)),  # 15:59 in New York
        ("2025-11-26T21:00:00", date(2025, 11, 26)),
        ("2025-11-28T17:59:59", date(2025, 11, 26)),  # the day after Thanksgiving ends at 13:00
        ("2025-11-28T18:00:00", date(2025, 11, 28)),
        ("2025-11-30T12:00:00", date(2025, 11, 28)),  # a Sunday
        ("2025-07-01T20:00:00", date(2025, 7, 1)),  # summer: 16:00 is 20:00 UTC
        ("2025-07-02T02:00:00", date(2025, 7, 1)),  # already tomorrow in UTC
    ],
)
def test_the_last_closed_session(now: str, expected: date) -> None:
    assert calendar.last_closed(datetime.fromisoformat(now).replace(tzinfo=UTC)) == expected


def test_before_the_table_nothing_is_closed() -> None:
    with pytest.raises(ValueError, match="the calendar begins on 1990-01-02"):
        calendar.last_closed(datetime(1980, 1, 1, tzinfo=UTC))


def test_closures_by_hand_are_no_sessions_and_the_table_knows_them() -> None:
    assert {date(2025, 1, 9), date(2018, 12, 5), date(2012, 10, 29)} <= calendar.closures().keys()
    known = json.loads(calendar_table.TARGET.read_text(encoding="utf-8"))["closed"]
    for day, reason in calendar.closures().items():
        assert reason
        assert day.weekday() < 5
        assert not calendar.is_session(day)
        assert day.isoformat() in known or day > date(2026, 11, 24), f"{day} is not what the exchange did"


def test_a_closure_that_the_table_does_not_know_yet_counts_at_once() -> None:
    week = {"first": "2026-11-16", "last": "2026-11-20", "closed": [], "early_closes": {}}
    table = calendar._table_of(week, {date(2026, 11, 18): "a storm"})
    assert [day.day for day in table.sessions] == [16, 17, 19, 20]


@pytest.mark.parametrize(
    ("moment", "session"),
    [
        ("2025-11-26T20:59:00", date(2025, 11, 26)),
        ("2025-11-26T21:00:00", date(2025, 11, 26)),  # the bell
        ("2025-11-26T21:00:01", date(2025, 11, 28)),  # Thanksgiving is between
        ("2025-11-27T15:00:00", date(2025, 11, 28)),
        ("2025-11-28T18:00:01", date(2025, 12, 1)),  # a half day
        ("2001-09-11T14:00:00", date(2001, 9, 17)),
    ],
)
def test_the_session_that_a_moment_belongs_to(moment: str, session: date) -> None:
    assert calendar.session_of(datetime.fromisoformat(moment).replace(tzinfo=UTC)) == session


def test_a_moment_after_the_table_belongs_nowhere() -> None:
    with pytest.raises(ValueError, match="the calendar ends on 2028-12-29"):
        calendar.session_of(datetime(2029, 1, 2, tzinfo=UTC))


def test_ninety_days_before_its_end_the_calendar_warns() -> None:
    assert calendar.warning_of(date(2028, 9, 30)) is None
    warning = calendar.warning_of(date(2028, 10, 1))
    assert warning == (
        "the calendar's last session is 2028-12-29, in 89 days: generate the table again with `make calendar`"
    )


@pytest.mark.parametrize(
    ("now", "behind"),
    [
        ("2026-11-20T21:00:00", 0),  # the bell of the session that is held
        ("2026-11-22T12:00:00", 39 / 72),  # Sunday morning, on the way to Monday's bell
        ("2026-11-24T01:00:00", 1 + 4 / 24),  # Monday evening
        ("2026-11-24T12:00:00", 1 + 15 / 24),  # Tuesday morning
        ("2026-11-27T17:00:00", 3 + 44 / 45),  # an hour before a half day ends, and Thanksgiving between
    ],
)
def test_how_far_what_is_held_lies_back(now: str, behind: float) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    assert calendar.sessions_behind(date(2026, 11, 20), moment) == pytest.approx(behind)
