"""The days of one query: runs that end with a year, from the first day to the last."""

from datetime import date

import pytest

from api.store.duckdb import runs_of_years

NEW_YEAR, LAST = date(2024, 1, 1), date(2026, 11, 20)


@pytest.mark.parametrize(
    ("first", "sessions", "runs"),
    [
        (NEW_YEAR, 1000, [(NEW_YEAR, LAST)]),
        (
            NEW_YEAR,
            0,
            [(NEW_YEAR, date(2024, 12, 31)), (date(2025, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), LAST)],
        ),
        (date(2023, 6, 1), 504, [(date(2023, 6, 1), date(2024, 12, 31)), (date(2025, 1, 1), LAST)]),
        (date(2026, 3, 2), 1, [(date(2026, 3, 2), LAST)]),
        # Years before the calendar, which begins in 1962, hold nothing and cost no query.
        (date(1900, 1, 1), 252 * 64, [(date(1900, 1, 1), date(2025, 12, 31)), (date(2026, 1, 1), LAST)]),
    ],
)
def test_runs_of_years(first: date, sessions: int, runs: list[tuple[date, date]]) -> None:
    assert runs_of_years(first, LAST, sessions) == runs
