"""On which basis a file's prices are. There is a split of 4 for 1 inside its dates, and one of 10 for 1 later."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from math import prod

import pytest

from ingest.errors import FileError
from ingest.imports.basis import RAW, KnownCloses, Reading, Wanted, as_traded, find_reading
from ingest.imports.files import Row
from ingest.records import Split
from lake.calendar import sessions

SPLIT = Split(date=date(2020, 8, 31), ratio=4)
LATER = Split(date=date(2024, 6, 10), ratio=10)
SPIN_OFF = Split(date=date(2021, 11, 4), ratio=1.046)
TODAY = date(2026, 11, 20)
DAYS = sessions(date(2020, 8, 17), date(2020, 9, 14))
# Closes as traded: whole cents, of all last digits.
TRADED = [500.04 + (place * 37 % 91) / 100 if day < SPLIT.date else 129.01 + (place * 37 % 91) / 100
          for place, day in enumerate(DAYS)]  # fmt: skip


def row(day: date, close: float, volume: float | None = 1000) -> Row:
    return Row(2, day, close, close, close, close, volume)


def file(
    *, to: date | None = None, digits: int = 6, keep: float = 1.0, splits: Sequence[Split] = (SPLIT,)
) -> list[Row]:
    """The traded closes as a source gives them: over the splits up to a day, times `keep`, and rounded."""
    rows = []
    for day, close in zip(DAYS, TRADED, strict=True):
        over = prod(split.ratio for split in splits if to and day < split.date <= to)
        rows.append(row(day, round(close / over * keep, digits)))
    return rows


def read(
    rows: Sequence[Row], splits: Sequence[Split] | None, wanted: Wanted | None = None, known: KnownCloses | None = None,
    **unknown: date,
) -> Reading:  # fmt: skip
    return find_reading(rows, splits, wanted or Wanted(), known or KnownCloses(), today=TODAY, **unknown)


BOTH = (SPLIT, LATER)
AS_TRADED, AT_ITS_END = file(), file(to=DAYS[-1])
OF_TODAY, ROUNDED = file(to=TODAY, splits=BOTH), file(to=TODAY, splits=BOTH, digits=2)


@pytest.mark.parametrize("wanted", [Wanted(), Wanted("split")])
def test_an_adjustment_is_found_by_whole_cents(wanted: Wanted) -> None:
    assert read(AT_ITS_END, BOTH, wanted).splits == (SPLIT,)
    assert read(OF_TODAY, BOTH, wanted).splits == BOTH
    assert read(file(to=TODAY, splits=BOTH, digits=4), BOTH, wanted).splits == BOTH


@pytest.mark.parametrize("wanted", [Wanted(), Wanted("raw")])
def test_prices_as_traded_step_by_the_split(wanted: Wanted) -> None:
    assert read(AS_TRADED, BOTH, wanted) == RAW


def test_of_prices_rounded_to_cents_only_the_person_knows() -> None:
    with pytest.raises(FileError, match=r"in 2 ways.*--basis-as-of 2020-09-14 .*or --basis-as-of 2024-06-10"):
        read(ROUNDED, BOTH, Wanted("split"))
    assert read(ROUNDED, BOTH, Wanted("split", DAYS[-1])).splits == (SPLIT,)
    assert read(ROUNDED, BOTH, Wanted("auto", TODAY)).splits == BOTH
    after = [one for one in ROUNDED if one.date >= SPLIT.date]
    with pytest.raises(FileError, match=r"say --basis raw .as traded. or --basis-as-of 2024-06-10"):
        read(after, BOTH)
    assert read(after, BOTH, Wanted("raw")) == RAW
    with pytest.raises(FileError, match=r"2020-09-14 .adjusted up to its last day. or --basis-as-of 2024-06-10"):
        read(after, BOTH, Wanted("split"))


def test_every_reading_that_is_left_is_named_by_its_option() -> None:
    """A stock dividend of 5 % is no clear step. Rounded to cents, prices may be as traded or adjusted for it."""
    dividend = Split(date=SPLIT.date, ratio=1.05)
    rows = [row(day, 100.01 + place * 0.13) for place, day in enumerate(DAYS)]
    raw, adjusted = "--basis raw .as traded.", "--basis-as-of 2020-09-14 .adjusted up to its last day."
    with pytest.raises(FileError, match=f"say {raw} or {adjusted}$"):
        read(rows, [dividend])


def test_the_noise_of_single_precision_is_taken_off() -> None:
    """1/64 of a dollar, in which shares traded until 2001, is no noise."""
    noisy = [row(DAYS[0], 398.3900146484375), row(DAYS[1], 86.75), row(DAYS[2], 3.015625)]
    assert [one.close for one in as_traded(noisy, RAW)] == [398.39, 86.75, 3.015625]


def test_prices_too_coarse_for_a_basis_are_not_on_it_for_want_of_another() -> None:
    """Three decimals show that they are not as traded, and could not show it at 10 for 1 more."""
    rows = [one for one in file(keep=0.9127, digits=3) if one.date >= SPLIT.date]
    with pytest.raises(FileError, match=r"if its prices are .* say --basis-as-of 2024-06-10, as they are too coarse"):
        read(rows, BOTH)
    assert read(rows, BOTH, Wanted("auto", TODAY)).splits == (LATER,)


def test_half_of_all_closes_are_even() -> None:
    """A reverse split later: closes of which five in twenty are odd are no proof of it."""
    reverse = Split(date=date(2024, 6, 10), ratio=0.5)
    even = [row(day, 64.02 + place * 0.06 + (0.01 if place % 4 == 1 else 0)) for place, day in enumerate(DAYS)]
    with pytest.raises(FileError, match="in 2 ways"):
        read(even, [reverse])


@pytest.mark.parametrize(
    ("rows", "wanted", "reason"),
    [
        (AT_ITS_END, Wanted("split", TODAY), "would hardly be .*say --basis split --basis-as-of 2020-09-14$"),
        (OF_TODAY, Wanted("split", DAYS[-1]), "not whole cents.*say --basis split --basis-as-of 2024-06-10$"),
        (OF_TODAY, Wanted("raw"), "split of 2020-08-31 .* is not a step.*say --basis split --basis-as-of 2024-06-10$"),
        (AS_TRADED, Wanted("split"), "is a step in its prices.*: leave --basis out, or say --basis raw$"),
    ],
)  # fmt: skip
def test_an_explicit_basis_is_checked(rows: Sequence[Row], wanted: Wanted, reason: str) -> None:
    with pytest.raises(FileError, match=reason):
        read(rows, BOTH, wanted)


@pytest.mark.parametrize("wanted", [Wanted(), Wanted("raw"), Wanted("split"), Wanted("split", TODAY)])
@pytest.mark.parametrize("of_splits", [True, False])
def test_prices_adjusted_for_dividends_are_refused_under_every_basis(wanted: Wanted, of_splits: bool) -> None:
    rows = file(to=TODAY, splits=BOTH, keep=0.9127) if of_splits else file(keep=0.9127)
    with pytest.raises(FileError) as refused:
        read(rows, BOTH, wanted)
    if of_splits or wanted.basis != "split":
        assert "adjusted for dividends, so download the closes that are not" in str(refused.value)
        assert "--basis" not in str(refused.value)


def test_only_the_closes_before_a_dividend_are_adjusted_for_it() -> None:
    rows = [one for one in AS_TRADED if one.date < SPLIT.date]
    half = [replace(one, close=round(one.close * 0.9978, 4)) if place < 8 else one for place, one in enumerate(rows)]
    with pytest.raises(FileError, match=r"of 10 closes are not whole cents.* and the last of them is on 2020-08-26"):
        read(half, [], Wanted("raw"))


def test_a_few_scattered_closes_off_the_cent_are_as_traded() -> None:
    rows = [replace(one, close=one.close + 0.0042) if place % 7 == 2 else one for place, one in enumerate(AS_TRADED)]
    assert read(rows, BOTH) == RAW


def test_single_precision_is_tolerated() -> None:
    single = [replace(one, close=one.close * (1 + 4e-8)) for one in OF_TODAY]
    assert read(single, BOTH).splits == BOTH
    assert [one.close for one in as_traded(single, Reading(TODAY, BOTH))] == pytest.approx(TRADED, abs=1e-4)


def test_the_vendors_closes_tell_a_basis() -> None:
    closes = dict(zip(DAYS, TRADED, strict=True))
    assert read(ROUNDED, BOTH, known=KnownCloses(vendor=dict(list(closes.items())[:3]))).splits == BOTH
    assert read(ROUNDED, BOTH, known=KnownCloses(imported=closes)).splits == BOTH


def test_closes_off_the_cent_that_the_vendor_gave_too_were_traded() -> None:
    rows = [replace(one, close=one.close + 0.0042) for one in AS_TRADED]
    known = KnownCloses(vendor={one.date: one.close for one in rows})
    assert read(rows, BOTH, known=known) == RAW
    assert read(rows, None, known=known) == RAW


def test_another_tickers_closes_are_refused() -> None:
    known = KnownCloses(vendor=dict.fromkeys(DAYS, 300.0))
    with pytest.raises(
        FileError, match=r"20 of the 20 closes that the vendor gave too are different, read as as traded, "
    ):
        read(AS_TRADED, BOTH, Wanted("raw"), known)


def test_a_reverse_split_is_a_step_up() -> None:
    reverse = Split(date=SPLIT.date, ratio=0.5)
    steps = [row(day, 40.01 if day < SPLIT.date else 80.53) for day in DAYS]
    flat = [row(day, 80.02 if day < SPLIT.date else 80.53) for day in DAYS]
    assert read(steps, [reverse], Wanted("raw")) == RAW
    assert read(flat, [reverse]).splits == (reverse,)
    with pytest.raises(FileError, match="is a step in its prices"):
        read(steps, [reverse], Wanted("split"))


def test_one_wrong_row_next_to_a_split_does_not_hide_the_step() -> None:
    rows = [replace(one, close=one.close / 4) if one.date == date(2020, 8, 28) else one for one in AS_TRADED]
    assert read(rows, BOTH) == RAW


def test_a_file_that_mixes_two_bases_is_refused() -> None:
    first = Split(date=date(2020, 8, 24), ratio=7)
    rows = [row(day, 70.01 if day < SPLIT.date else 17.55) for day in DAYS]  # adjusted for the first one alone
    with pytest.raises(FileError, match="it mixes two"):
        read(rows, [first, SPLIT])


def test_unknown_splits() -> None:
    with pytest.raises(FileError, match="the adjustment cannot be undone without them"):
        read(AT_ITS_END, None, Wanted("split"))
    with pytest.raises(FileError, match="nothing tells whether its prices are as traded or adjusted"):
        read(AS_TRADED, None)
    assert read(AS_TRADED, None, Wanted("raw")) == RAW


def test_splits_that_only_the_file_itself_tells_leave_later_ones_open() -> None:
    with pytest.raises(FileError, match=r"splits after 2020-09-14 are unknown"):
        read(file(to=TODAY, splits=BOTH, digits=2), [SPLIT], unknown_after=DAYS[-1])
    with pytest.raises(FileError, match=r"not whole cents|splits after 2020-09-14 are unknown"):
        read(OF_TODAY, [SPLIT], unknown_after=DAYS[-1])
    assert read(AT_ITS_END, [SPLIT], unknown_after=DAYS[-1]).splits == (SPLIT,)
    assert read(AS_TRADED, [SPLIT], unknown_after=DAYS[-1]) == RAW


def test_before_decimals_and_below_a_dollar_fractions_of_cents_were_traded() -> None:
    sixteenths = [row(day, 10.0625) for day in sessions(date(2001, 3, 20), date(2001, 4, 6))]
    assert read(sixteenths, [], Wanted("raw")) == RAW
    assert read([row(day, 0.5125) for day in DAYS], [], Wanted("raw")) == RAW


def test_adjusted_prices_and_volumes_become_traded_ones() -> None:
    back = as_traded([row(DAYS[0], 125.01, 4000), row(DAYS[-1], 129.04, None)], Reading(TODAY, (SPLIT,)))
    assert [(one.open, one.close, one.volume) for one in back] == [(500.04, 500.04, 1000), (129.04, 129.04, None)]


def test_a_spin_off_leaves_the_shares() -> None:
    (back,) = as_traded([row(date(2021, 11, 3), 120.0)], Reading(TODAY, (SPIN_OFF,)))
    assert (back.close, back.volume) == (125.52, 1000)


def test_a_split_that_is_declared_only_adjusts_nothing() -> None:
    assert read(AS_TRADED, [SPLIT, Split(date=date(2026, 12, 1), ratio=2)]) == RAW


# Made-up prices as traded, in whole cents: open, high, low, close.
MARCH = (
    (date(2025, 3, 3), (401.14, 402.38, 388.99, 391.56)),
    (date(2025, 3, 4), (386.41, 395.10, 384.65, 391.87)),
    (date(2025, 3, 5), (393.02, 404.75, 391.64, 403.47)),
    (date(2025, 3, 6), (397.05, 405.48, 395.33, 399.26)),
    (date(2025, 3, 7), (395.41, 398.44, 383.51, 395.65)),
)


def bar(day: date, prices: Sequence[float]) -> Row:
    first, high, low, close = prices
    return Row(2, day, first, high, low, close, 1000)


@pytest.mark.parametrize("digits", [3, 4, 6])
@pytest.mark.parametrize("count", [1, 2, 3, 5])
@pytest.mark.parametrize("keep", [1 - 0.83 / 382.14, 0.9127])
def test_a_short_file_that_is_adjusted_for_dividends_is_refused_by_all_its_prices(
    count: int, digits: int, keep: float
) -> None:
    """Of a few closes some are whole cents by chance."""
    rows = [bar(day, [round(price * keep, digits) for price in prices]) for day, prices in MARCH[:count]]
    with pytest.raises(FileError, match=f"of {4 * count} prices are not whole cents.*are adjusted for dividends"):
        read(rows, ())


@pytest.mark.parametrize("count", [1, 2, 3, 5])
def test_a_short_file_as_traded_is_taken_with_one_close_off_the_cent(count: int) -> None:
    rows = [bar(day, prices) for day, prices in MARCH[:count]]
    assert read([replace(rows[0], close=391.5642), *rows[1:]], ()) == RAW
