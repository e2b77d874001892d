"""Windows by hand, from calendars on a wall."""

from datetime import date

import pytest

from api.http.date_range import parse_span
from api.panel.window import Between, Everything, Last, Span, Window, YearToDate, months_before, resolve

D = date.fromisoformat
AS_OF = D("2025-12-02")  # a Tuesday
BEGINS = D("2025-07-11")


def window(text: str, as_of: date = AS_OF) -> Window:
    return resolve(parse_span(text, None, None), as_of, BEGINS)


@pytest.mark.parametrize(
    ("text", "base", "first", "count"),
    [
        ("3m", "2025-09-02", "2025-09-03", 64),
        ("1w", "2025-11-25", "2025-11-26", 4),  # Thanksgiving is no session
        ("2w", "2025-11-18", "2025-11-19", 9),
        ("1m", "2025-10-31", "2025-11-03", 21),  # 2 November is a Sunday: base, the Friday before
        ("4d", "2025-11-25", "2025-11-26", 4),
        ("1d", "2025-12-01", "2025-12-02", 1),
        ("ytd", "2024-12-31", "2025-01-02", 230),  # the year had 250 sessions, 20 of them after 2 December
        ("max", "2025-07-10", "2025-07-11", 101),
    ],
)
def test_ranges(text: str, base: str, first: str, count: int) -> None:
    got = window(text)
    assert (got.base, got.sessions[0], got.sessions[-1]) == (D(base), D(first), AS_OF)
    assert len(got.sessions) == count


@pytest.mark.parametrize(
    ("day", "months", "wanted"),
    [
        ("2026-05-31", 3, "2026-02-28"),
        ("2024-05-31", 3, "2024-02-29"),
        ("2026-03-31", 1, "2026-02-28"),
        ("2026-01-15", 1, "2025-12-15"),
        ("2026-12-31", 12, "2025-12-31"),
        ("2024-02-29", 12, "2023-02-28"),
        ("2026-10-31", 6, "2026-04-30"),
    ],
)
def test_months_are_clamped_to_their_end(day: str, months: int, wanted: str) -> None:
    assert months_before(D(day), months) == D(wanted)


def test_a_year_is_twelve_months() -> None:
    assert window("1y") == window("12m")
    assert window("1y").base == D("2024-12-02")


def test_from_and_to_are_inclusive_and_the_base_is_the_session_before() -> None:
    got = resolve(Between(D("2025-11-26"), D("2025-11-28")), AS_OF, BEGINS)
    assert got.sessions == (D("2025-11-26"), D("2025-11-28"))
    assert got.base == D("2025-11-25")


def test_days_after_as_of_are_not_expected() -> None:
    got = resolve(Between(D("2025-12-01"), D("2026-12-31")), AS_OF, BEGINS)
    assert (got.last, got.sessions) == (AS_OF, (D("2025-12-01"), AS_OF))


def test_max_of_a_comparison_has_the_first_session_as_base() -> None:
    got = resolve(Everything(), AS_OF, BEGINS, based=True)
    assert (got.base, got.sessions[0], len(got.sessions)) == (BEGINS, D("2025-07-14"), 100)


@pytest.mark.parametrize("based", [True, False])
def test_max_of_a_single_session_is_that_session(based: bool) -> None:
    got = resolve(Everything(), AS_OF, AS_OF, based=based)
    assert (got.first, got.last, got.sessions) == (AS_OF, AS_OF, (AS_OF,))


@pytest.mark.parametrize(("last", "wanted"), [(None, "2026-01-05"), (D("2026-02-01"), "2026-02-01")])
def test_a_window_after_as_of_is_empty_and_does_not_run_backwards(last: date | None, wanted: str) -> None:
    got = resolve(Between(D("2026-01-05"), last), AS_OF, BEGINS)
    assert (got.base, got.sessions) == (None, ())
    assert (got.first, got.last) == (D("2026-01-05"), D(wanted))


def test_before_the_calendar_there_is_no_base() -> None:
    assert resolve(Between(date.min, D("1962-01-03")), AS_OF, BEGINS).base is None
    assert window("66y").base is None


@pytest.mark.parametrize(
    ("text", "span"), [("3M", Last(3, "m")), (" 1w ", Last(1, "w")), ("YTD", YearToDate()), ("Max", Everything())]
)
def test_ranges_in_any_case(text: str, span: Span) -> None:
    assert parse_span(text, None, None) == span


def test_three_months_are_the_default() -> None:
    assert parse_span(None, None, None) == Last(3, "m")
