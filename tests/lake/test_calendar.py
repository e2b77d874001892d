"""The generated table against the library that it is generated from, and against days that people remember."""

import json
from datetime import UTC, date, datetime

import pytest

from lake import calendar
from lake.errors import CalendarError
from tools import calendar_table


@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # exchange_calendars on today's pandas
def test_the_table_is_what_exchange_calendars_says() -> None:
    table = json.loads(calendar_table.TARGET.read_text(encoding="utf-8"))
    assert table == calendar_table.build(date.fromisoformat(table["last"]))


# Counted in the daily files of the S&P 500 that are passed around, and in the NYSE's own list of closings.
SESSIONS_OF_YEARS = {
    1962: 252, 1963: 251, 1964: 253, 1965: 252, 1966: 252, 1967: 251, 1968: 226, 1969: 250, 1970: 254, 1971: 253,
    1972: 251, 1973: 252, 1977: 252, 1980: 253, 1985: 252, 2001: 248, 2012: 250, 2024: 252,
}  # fmt: skip


@pytest.mark.parametrize(("year", "count"), SESSIONS_OF_YEARS.items())
def test_the_sessions_of_a_year(year: int, count: int) -> None:
    assert len(calendar.sessions(date(year, 1, 1), date(year, 12, 31))) == count


@pytest.mark.parametrize(
    "day",
    [
        "1962-01-01", "1962-07-04", "1962-11-22", "1964-11-26",  # regular holidays before 1970
        "1963-11-25",  # President Kennedy's funeral
        "1966-11-08", "1968-11-05", "1972-11-07", "1976-11-02", "1980-11-04",  # election days
        "1968-04-09",  # Martin Luther King's funeral
        "1968-06-12", "1968-07-05", "1968-08-28", "1968-10-30", "1968-12-18",  # the paperwork crisis
        "1969-02-10", "1969-07-21", "1972-12-28", "1973-01-25",  # snow, the moon, two presidents
        "1977-07-14", "1985-09-27",  # a blackout, a hurricane
    ],
)  # fmt: skip
def test_closings_that_people_remember(day: str) -> None:
    assert date.fromisoformat(day).weekday() < 5
    assert not calendar.is_session(date.fromisoformat(day))


@pytest.mark.parametrize("day", ["1962-01-02", "1963-11-22", "1963-11-26", "1968-06-05", "1968-09-04", "1969-10-15"])
def test_sessions_of_the_sixties(day: str) -> None:
    assert calendar.is_session(date.fromisoformat(day))


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
    assert calendar.session_on_or_before(date(1962, 1, 1)) is None
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
    with pytest.raises(CalendarError, match="the calendar begins on 1962-01-02: set the clock"):
        calendar.last_closed(datetime(1960, 1, 1, tzinfo=UTC))


def test_closures_by_hand_are_no_sessions_and_the_table_knows_them() -> None:
    assert {date(2025, 1, 9), date(2018, 12, 5), date(2012, 10, 29)} <= calendar.closures().keys()
    known = json.loads(calendar_table.TARGET.read_text(encoding="utf-8"))["closed"]
    for day, reason in calendar.closures().items():
        assert reason
        assert day.weekday() < 5
        assert not calendar.is_session(day)
        assert day.isoformat() in known or day > date(2026, 11, 24), f"{day} is not what the exchange did"


def test_half_days_are_those_that_the_exchange_has_announced() -> None:
    """https://www.nyse.com/markets/hours-calendars: in 2026 no day before Independence Day."""
    found = [day for day in calendar.half_days() if day.year in (2025, 2026)]
    announced = ["2025-07-03", "2025-11-28", "2025-12-24", "2026-11-27", "2026-12-24"]
    assert found == [date.fromisoformat(day) for day in announced]


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
    with pytest.raises(CalendarError, match="the calendar of NYSE sessions ends on 2028-12-31"):
        calendar.session_of(datetime(2029, 1, 2, tzinfo=UTC))


def test_a_year_before_its_end_the_calendar_warns() -> None:
    assert calendar.warning_of(date(2028, 1, 1)) is None
    assert calendar.warning_of(date(2028, 1, 2)) == (
        "the calendar of NYSE sessions ends on 2028-12-31, in 364 days: update Bellwether, or write the calendar anew "
        "with `make calendar` before then, because no run works after it"
    )
    assert "nothing can be fetched until you update" in str(calendar.warning_of(date(2029, 1, 1)))


def test_on_its_last_evening_the_calendar_still_knows_the_session() -> None:
    assert calendar.last_closed(datetime(2028, 12, 30, 1, tzinfo=UTC)) == date(2028, 12, 29)
    assert calendar.last_closed(datetime(2029, 1, 1, 4, 59, tzinfo=UTC)) == date(2028, 12, 29)


def test_after_its_end_no_session_passes_for_the_newest() -> None:
    """Else a lake of 2029 would count as complete with the last session of 2028."""
    with pytest.raises(
        CalendarError, match=r"2029-01-01 is not known yet.*2028-12-31: update Bellwether.*make calendar"
    ):
        calendar.last_closed(datetime(2029, 1, 1, 5, tzinfo=UTC))
    with pytest.raises(CalendarError, match="no session after 2028-12-29 is known"):
        calendar.sessions_behind(date(2028, 12, 28), datetime(2028, 12, 30, tzinfo=UTC))


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
