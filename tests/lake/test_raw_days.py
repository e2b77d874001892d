"""Which raw objects a snapshot contains, kept by day."""

from datetime import date, timedelta

from lake.raw_days import contained, raw_days

TODAY = date(2026, 11, 20)


def key(day: date, name: str, kind: str = "prices") -> str:
    return f"raw/{kind}/dt={day}/{name}.json"


def keys(day: date, count: int) -> list[str]:
    return [key(day, f"20261120T230000Z-{place:04}", kind) for kind in ("prices", "splits") for place in range(count)]


def test_what_came_later_is_new() -> None:
    before = [*keys(TODAY, 3), *keys(TODAY - timedelta(days=40), 3)]
    later = [key(TODAY, "later"), key(TODAY + timedelta(days=1), "next"), key(TODAY, "also", "dividends")]
    assert contained(raw_days(before, TODAY), [*before, *later]) == set(before)


def test_an_object_of_one_kind_is_none_of_another() -> None:
    assert contained(raw_days([key(TODAY, "a")], TODAY), [key(TODAY, "a", "splits")]) == set()


def test_what_was_removed_makes_nothing_new_on_a_recent_day() -> None:
    before = keys(TODAY, 3)
    assert contained(raw_days(before, TODAY), before[1:]) == set(before[1:])


def test_a_day_that_was_over_and_has_another_object_is_read_again() -> None:
    old, older = keys(TODAY - timedelta(days=3), 2), keys(TODAY - timedelta(days=4), 2)
    late = key(TODAY - timedelta(days=3), "late")
    assert contained(raw_days([*old, *older], TODAY), [*old, *older, late]) == set(older)


def test_yesterdays_objects_may_still_arrive() -> None:
    """Firehose tries for a day to write what arrived just before midnight."""
    for age in (1, 2):
        old = keys(TODAY - timedelta(days=age), 2)
        late = key(TODAY - timedelta(days=age), "late")
        assert contained(raw_days(old, TODAY), [*old, late]) == set(old)


def test_the_size_depends_on_the_days_and_not_on_the_objects() -> None:
    few, many = (raw_days(keys(TODAY - timedelta(days=9), count), TODAY) for count in (1, 5000))
    assert len(str(many)) <= len(str(few)) + len(str(5000))
    recent = raw_days(keys(TODAY, 5000), TODAY)
    assert len(str(recent)) < 13 * 2 * 5000
