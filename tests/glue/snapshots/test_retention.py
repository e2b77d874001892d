"""Which snapshots are removed. Days are counted by hand."""

from datetime import UTC, datetime, timedelta

from glue.snapshots.retention import to_remove

NOW = datetime(2026, 11, 20, 22, 0, 0, tzinfo=UTC)
# One an evening, the newest first: eight, of which the first is of now.
EVENINGS = [f"{NOW - timedelta(days=days):%Y%m%dT%H%M%SZ}" for days in range(8)]


def test_five_are_kept_which_is_a_week_of_daily_runs() -> None:
    assert to_remove(EVENINGS, EVENINGS, EVENINGS[0], NOW) == sorted(EVENINGS[5:])


def test_the_served_one_is_kept_however_old_it_is() -> None:
    """After a rollback it may be older than the last five."""
    assert to_remove(EVENINGS, EVENINGS, EVENINGS[7], NOW) == sorted(EVENINGS[5:7])


def test_one_younger_than_a_day_is_kept_even_if_it_is_not_complete() -> None:
    """Another run may still write it, and a reader may still use one that was replaced a minute ago."""
    minutes = [f"{NOW - timedelta(minutes=10 * count):%Y%m%dT%H%M%SZ}" for count in range(8)]
    assert to_remove(minutes, minutes, minutes[0], NOW) == []
    assert to_remove([*EVENINGS, minutes[3]], EVENINGS, EVENINGS[0], NOW) == sorted(EVENINGS[5:])


def test_what_a_killed_run_reserved_is_removed_after_a_day() -> None:
    assert to_remove(EVENINGS[:3], EVENINGS[:2], EVENINGS[0], NOW) == [EVENINGS[2]]
