"""Dividends as paid and over later splits, with figures written by hand: NVDA's, AAPL's, and made-up ones."""

from collections.abc import Sequence
from datetime import date

import pytest

from ingest.errors import FileError
from ingest.imports.dividends import AsPaid, as_paid
from ingest.records import Split

TODAY = date(2026, 11, 20)
NVDA = (Split(date=date(2021, 7, 20), ratio=4), Split(date=date(2024, 6, 10), ratio=10))
AAPL = (Split(date=date(2014, 6, 9), ratio=7), Split(date=date(2020, 8, 31), ratio=4))


def paid(*events: tuple[str, float]) -> list[tuple[date, float]]:
    return [(date.fromisoformat(day), amount) for day, amount in events]


def check(events: Sequence[tuple[date, float]], splits: Sequence[Split], others: Sequence[tuple[date, float]] = (),
          as_of: date | None = None, *, is_raw: bool = False) -> AsPaid:  # fmt: skip
    return as_paid(events, splits, others, TODAY, as_of, is_raw=is_raw)


NVDA_PAID = paid(("2023-12-05", 0.04), ("2024-03-05", 0.04), ("2024-06-11", 0.01), ("2024-09-12", 0.01))
NVDA_ADJUSTED = paid(("2023-12-05", 0.004), ("2024-03-05", 0.004), ("2024-06-11", 0.01), ("2024-09-12", 0.01))


def test_dividends_over_the_split_are_put_back_and_said() -> None:
    """The first one after the split was two and a half times as much: the company raised it."""
    found = check(NVDA_ADJUSTED, NVDA)
    assert found.dividends == NVDA_PAID
    (note,) = found.notes
    assert note.startswith("2 of its dividends are adjusted for splits, and were put back to what was paid, such as ")
    assert note.endswith("0.004 on 2024-03-05 to 0.04")


def test_dividends_as_paid_stay() -> None:
    assert check(NVDA_PAID, NVDA) == AsPaid(NVDA_PAID)
    assert check([], NVDA) == AsPaid([])


@pytest.mark.parametrize("ratio", [0.1, 1.5, 2, 3, 4, 7, 20])
@pytest.mark.parametrize("raised", [0.9, 1.0, 1.1, 1.2])
def test_every_ratio_and_a_dividend_that_is_raised_or_cut(ratio: float, raised: float) -> None:
    split = Split(date=date(2022, 6, 6), ratio=ratio)
    as_it_was = [
        (date(2021, 12, 8), 0.42),
        (date(2022, 3, 9), 0.42),
        (date(2022, 6, 8), round(0.42 / ratio * raised, 6)),
        (date(2022, 9, 7), round(0.42 / ratio * raised, 6)),
    ]
    over = [(day, round(amount / ratio, 6) if day < split.date else amount) for day, amount in as_it_was]
    assert check(as_it_was, [split]) == AsPaid(as_it_was)
    # Across 3:2 nothing tells equal dividends that are adjusted from a raise by half.
    as_of = split.date if ratio == 1.5 and raised <= 1.0 else None
    assert [amount for _, amount in check(over, [split], as_of=as_of).dividends] == pytest.approx(
        [amount for _, amount in as_it_was], abs=1e-4
    )


@pytest.mark.parametrize("day", ["2024-09-25", "2025-03-12"])
def test_a_special_dividend_stays(day: str) -> None:
    """Twelve times the others, before the split or after it."""
    events = paid(("2024-06-26", 0.0981), ("2024-12-11", 0.0247), ("2025-03-26", 0.0251), (day, 0.31))
    splits = [Split(date=date(2024, 10, 11), ratio=4)]
    assert check(events, splits) == AsPaid(events)


def test_the_lakes_own_later_dividends_are_compared_with() -> None:
    before, after = NVDA_ADJUSTED[:2], NVDA_ADJUSTED[2:]
    assert check(before, NVDA, after).dividends == NVDA_PAID[:2]
    assert check(NVDA_PAID[:2], NVDA, after).notes == ()


def test_where_nothing_tells_they_are_taken_as_paid_and_the_report_says_so() -> None:
    """NVDA's of before the split of 2024, with none after it: as paid and over 10 look alike."""
    before = NVDA_PAID[:2]
    found = check(before, NVDA)
    assert found.dividends == before
    (note,) = found.notes
    assert "nothing tells whether those before the split of 2024-06-10 are adjusted" in note
    assert note.endswith("say --basis-as-of 2024-06-10")
    assert check(before, NVDA, is_raw=True) == AsPaid(before)
    assert check(before, [Split(date=date(2024, 6, 10), ratio=1.05)]) == AsPaid(before)


def test_the_prices_beside_them_say_up_to_when_they_are_adjusted() -> None:
    before = NVDA_ADJUSTED[:2]
    assert check(before, NVDA, as_of=date(2024, 6, 10)).dividends == NVDA_PAID[:2]
    assert check(NVDA_PAID[:2], NVDA, as_of=date(2024, 3, 28)).notes == ()
    assert check(NVDA_PAID, NVDA, as_of=TODAY).notes == ()  # as paid, whatever the prices beside them are


def test_adjusted_for_all_splits_up_to_today_or_only_for_the_first() -> None:
    both = paid(("2014-02-06", 0.108929), ("2014-05-08", 0.1175), ("2014-08-07", 0.1175))
    first = paid(("2014-02-06", 0.435714), ("2014-05-08", 0.47), ("2014-08-07", 0.47))
    with pytest.raises(
        FileError, match=r"for the split of 2014-06-09, .* 2020-08-31 too: say --basis-as-of 2014-06-09, or"
    ):
        check(both, AAPL)
    was = [3.05, 3.29, 0.47]
    assert [amount for _, amount in check(both, AAPL, as_of=TODAY).dividends] == was
    assert [amount for _, amount in check(first, AAPL, as_of=date(2014, 8, 7)).dividends] == was


def test_adjusted_for_a_split_and_not_for_an_earlier_one_is_refused() -> None:
    splits = [Split(date=date(2020, 6, 1), ratio=4), Split(date=date(2022, 6, 1), ratio=4)]
    events = paid(("2020-03-02", 0.16), ("2020-09-01", 0.04), ("2021-12-01", 0.04), ("2022-09-01", 0.04))
    with pytest.raises(FileError, match=r"for the split of 2022-06-01, and not for the one of 2020-06-01"):
        check(events, splits)


THREE_FOR_TWO = Split(date=date(2022, 6, 6), ratio=1.5)


@pytest.mark.parametrize("after", [0.2667, 0.30, 0.31])
def test_a_raise_at_a_small_split_is_not_put_back(after: float) -> None:
    """0.30 before and 0.2667 after 3:2 is a raise by a third; 0.30 is one by half, which is common."""
    events = paid(("2021-12-08", 0.30), ("2022-03-09", 0.30), ("2022-06-08", after), ("2022-09-07", after))
    with pytest.raises(FileError, match=r"split of 2022-06-06 \(1.5 for 1\) are alike.*--basis raw.*--basis-as-of"):
        check(events, [THREE_FOR_TWO])
    assert check(events, [THREE_FOR_TWO], is_raw=True) == AsPaid(events)
    put_back = check(events, [THREE_FOR_TWO], as_of=THREE_FOR_TWO.date)
    assert [amount for _, amount in put_back.dividends] == [0.45, 0.45, after, after]


def test_the_lakes_own_dividend_of_the_day_decides() -> None:
    """Also where the dividends on both sides of the split are alike."""
    events = paid(("2021-12-08", 0.30), ("2022-03-09", 0.30), ("2022-06-08", 0.30))
    assert check(events, [THREE_FOR_TWO], paid(("2022-03-09", 0.30))) == AsPaid(events)
    put_back = check(events, [THREE_FOR_TWO], paid(("2022-03-09", 0.45)))
    assert [amount for _, amount in put_back.dividends] == [0.45, 0.45, 0.30]


def test_another_split_in_the_file_decides_for_a_small_one_before_it() -> None:
    splits = [THREE_FOR_TWO, Split(date=date(2024, 6, 10), ratio=10)]
    events = paid(("2022-03-09", 0.03), ("2022-06-08", 0.03), ("2024-03-05", 0.03), ("2024-06-11", 0.03))
    assert [amount for _, amount in check(events, splits).dividends] == [0.45, 0.3, 0.3, 0.03]
