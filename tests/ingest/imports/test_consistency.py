"""Rows on another basis, and rows of another instrument, with figures written by hand."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from ingest.errors import FileError
from ingest.imports.consistency import Consistent, consistent_rows
from ingest.imports.files import Row
from ingest.records import Split
from lake.calendar import sessions
from lake.universe import Instrument, universe

SPLIT = Split(date=date(2024, 6, 10), ratio=4)
OLD_SPLIT = Split(date=date(2014, 6, 9), ratio=7)
DAYS = sessions(date(2024, 5, 20), date(2024, 6, 21))


def row(day: date, close: float, line: int = 2) -> Row:
    return Row(line, day, close * 1.01, close * 1.02, close * 0.97, close, 1000)


def traded(days: Sequence[date] = DAYS, close: float = 400.0) -> list[Row]:
    """Closes that move by up to 3 % a day, and step by the split."""
    return [
        row(day, (close if day < SPLIT.date else close / 4) * (1 + place % 4 / 100), place + 2)
        for place, day in enumerate(days)
    ]


def over(rows: Sequence[Row], factor: float, *days: str) -> list[Row]:
    chosen = {date.fromisoformat(day) for day in days}
    names = ("open", "high", "low", "close")
    return [
        replace(one, **{name: getattr(one, name) / factor for name in names}) if one.date in chosen else one
        for one in rows
    ]


def check(rows: Sequence[Row], splits: Sequence[Split] | None = (SPLIT,), known: dict[date, float] | None = None,
          instrument: Instrument | None = None) -> Consistent:  # fmt: skip
    return consistent_rows(rows, splits, instrument, known or {})


def test_good_rows_stay() -> None:
    assert check(traded()) == Consistent(traded(), [], [])
    assert check(traded(), None) == Consistent(traded(), [], [])


@pytest.mark.parametrize(
    "day", ["2024-05-20", "2024-05-21", "2024-06-03", "2024-06-07", "2024-06-10", "2024-06-20", "2024-06-21"]
)
@pytest.mark.parametrize("factor", [4.0, 0.25, 10.0, 0.01, 7.0, 28.0])
def test_one_row_on_another_basis_is_set_aside(day: str, factor: float) -> None:
    """At the ends of the file, in it, and on both sides of the split."""
    found = check(over(traded(), factor, day), (OLD_SPLIT, SPLIT))
    (bad,) = found.misplaced
    assert bad.line == traded()[[str(one) for one in DAYS].index(day)].line
    assert bad.reason.startswith(f"{day}: only ")
    assert "so it is on another basis" in bad.reason
    assert len(found.rows) == len(DAYS) - 1


def test_wrong_rows_one_after_the_other_and_apart_are_set_aside() -> None:
    found = check(over(traded(), 4, "2024-05-23", "2024-05-24", "2024-06-13"))
    assert [bad.reason[:10] for bad in found.misplaced] == ["2024-05-23", "2024-05-24", "2024-06-13"]


def test_a_slip_of_the_decimal_point_needs_no_splits() -> None:
    assert len(check(over(traded(), 100, "2024-05-24"), None).misplaced) == 1
    assert check(over(traded(), 3, "2024-05-24"), None).misplaced == []


def test_an_absurd_row_is_set_aside_whatever_its_factor() -> None:
    (bad,) = check(over(traded(), 1 / 5.5, "2024-05-24")).misplaced
    assert "its close 2200 is 5.34 times that before it" in bad.reason


def test_a_day_of_wild_trading_stays() -> None:
    """GME in January 2021 more than doubled in a day, and fell by half on the next; no split of it had such a ratio."""
    closes = [65.01, 76.79, 147.98, 347.51, 193.6, 325.0, 225.0, 90.0]
    rows = [row(day, close) for day, close in zip(DAYS, closes, strict=False)]
    assert check(rows, [Split(date=date(2022, 7, 22), ratio=4)]).misplaced == []


def test_a_split_of_unknown_date_is_no_wrong_row() -> None:
    rows = traded()
    assert check(rows[:15], None).misplaced == []  # the last row is the first after the split


def test_growth_over_the_years_between_blocks_is_taken() -> None:
    blocks = [("2020-01-02", 233.45), ("2021-07-15", 731.7), ("2021-07-16", 187.0), ("2024-06-05", 1207.0)]
    rows = [row(date.fromisoformat(day), close) for day, close in blocks]
    assert check(rows, [Split(date=date(2021, 7, 16), ratio=4)]) == Consistent(rows, [], [])


def other_instrument(close: float, count: int = 10) -> list[Row]:
    return [row(day, close * (1 + place % 3 / 100), place) for place, day in enumerate(DAYS[:count])]


@pytest.mark.parametrize(("before", "after", "day"), [(12.0, 184.0, "2024-10-09"), (900.0, 60.0, "2024-09-03")])
def test_rows_of_another_instrument_are_known_by_the_break_after_a_gap(before: float, after: float, day: str) -> None:
    first = date.fromisoformat(day)
    new = [row(one, after) for one in sessions(first, first.replace(day=25))]
    found = check([*other_instrument(before), *new], [])
    assert found.rows == new
    assert [bad.line for bad in found.foreign] == list(range(10))
    assert "of another instrument" in found.foreign[0].reason
    assert "no split between them" in found.foreign[0].reason


META = universe()["META"]


@pytest.mark.parametrize("splits", [None, ()])
def test_at_a_change_of_the_ticker_a_break_needs_no_gap(splits: Sequence[Split] | None) -> None:
    old = [row(day, 8.1, place) for place, day in enumerate(sessions(date(2022, 5, 2), date(2022, 6, 8)))]
    new = [row(day, 184.0) for day in sessions(date(2022, 6, 9), date(2022, 6, 30))]
    found = check([*old, *new], splits, instrument=META)
    assert (found.rows, len(found.foreign)) == (new, len(old))
    assert "Meta Platforms traded as FB until 2022-06-08" in found.foreign[0].reason


def test_the_instruments_own_prices_under_its_old_ticker_are_taken() -> None:
    rows = [row(day, 190.0) for day in sessions(date(2022, 5, 2), date(2022, 6, 30))]
    assert check(rows, [], instrument=META) == Consistent(rows, [], [])


def test_a_file_of_another_instrument_alone_is_refused_by_the_lakes_next_close() -> None:
    with pytest.raises(FileError, match=r"the lake's next one is 184 on 2024-10-09, .* of another instrument or basis"):
        check(other_instrument(12.0), [], {date(2024, 10, 9): 184.0})
    assert check(other_instrument(12.0), [], {date(2024, 10, 9): 40.0}).foreign == []


@pytest.mark.parametrize("after", [200.0, 20.0, 2000.0])
def test_a_step_without_a_known_split_is_refused(after: float) -> None:
    rows = [row(day, 400.0 if place < 9 else after) for place, day in enumerate(DAYS)]
    with pytest.raises(
        FileError, match=r"prices step from 400 .* no known split explains it: if there was one, fetch or"
    ):
        check(rows, [])
    assert check(rows, None).rows == rows


def test_a_fall_is_not_a_split_if_only_its_open_is_near_a_ratio() -> None:
    rows = [row(DAYS[0], 300.0), Row(3, DAYS[1], 199.9, 240.0, 190.0, 237.5, 1)]
    assert check(rows, []).rows == rows


@pytest.mark.parametrize("is_high", [True, False])
def test_a_high_or_low_that_no_session_has_sets_its_row_aside(is_high: bool) -> None:
    """1,234,567 for 184.75: in order, and within the bounds of a price."""
    rows = traded()
    rows[3] = replace(rows[3], high=1_234_567.0) if is_high else replace(rows[3], low=1.0)
    found = check(rows)
    assert found.rows == [one for one in rows if one is not rows[3]]
    (bad,) = found.misplaced
    assert (bad.line, "is more than 4 times away from its open" in bad.reason) == (rows[3].line, True)


@pytest.mark.parametrize("ratio", [2.0, 3.0, 4.0, 0.5, 0.25])
@pytest.mark.parametrize("days", [["2024-05-29"], ["2024-05-29", "2024-05-30", "2024-05-31"], ["2024-06-13"]])
def test_rows_that_are_off_by_a_small_split_are_set_aside(ratio: float, days: list[str]) -> None:
    """Ratios of 2 to 4, with a market that moves by up to 3 % a day: on either side of another split."""
    later = Split(date=date(2025, 1, 6), ratio=ratio)
    rows = over(traded(), ratio, *days)
    found = check(rows, (SPLIT, later))
    assert [bad.line for bad in found.misplaced] == [one.line for one in rows if str(one.date) in days]
    assert len(found.rows) == len(rows) - len(days)


@pytest.mark.parametrize(("named", "true"), [(4.0, 10.0), (2.0, 3.0), (0.5, 2.0), (10.0, 4.0), (2.5, 7.0)])
def test_a_split_whose_ratio_the_prices_contradict_refuses_the_file(named: float, true: float) -> None:
    """900 falls to 900 over the true ratio on the day of the split."""
    rows = [row(day, 900.0 if place < 9 else 900.0 / true, place) for place, day in enumerate(DAYS)]
    with pytest.raises(FileError, match=rf"which the split of {DAYS[9]} \({named:g} for 1\) does not explain"):
        check(rows, [Split(date=DAYS[9], ratio=named)])
    assert check(rows, [Split(date=DAYS[9], ratio=true)]).rows == rows


@pytest.mark.parametrize(("ratio", "move"), [(2.0, 0.78), (4.0, 1.3), (0.1, 0.6), (1.05, 0.8)])
def test_a_split_together_with_a_large_move_is_taken(ratio: float, move: float) -> None:
    rows = [row(day, 300.0 if place < 9 else 300.0 / ratio * move, place) for place, day in enumerate(DAYS)]
    assert check(rows, [Split(date=DAYS[9], ratio=ratio)]).rows == rows


def test_an_open_and_a_close_four_times_apart_set_the_row_aside() -> None:
    rows = traded()
    rows[3] = replace(rows[3], open=rows[3].open * 10, high=rows[3].open * 10)
    (bad,) = check(rows).misplaced
    assert (bad.line, "more than 4 times apart" in bad.reason) == (rows[3].line, True)
