"""A split of 4 for 1 between two sessions, as traded and as vendors adjust it, with figures written by hand."""

from datetime import date

import pytest

from ingest.imports.basis import as_traded, contradiction
from ingest.imports.files import Row
from ingest.records import Split

SPLIT = Split(date=date(2020, 8, 31), ratio=4)
SPIN_OFF = Split(date=date(2021, 11, 4), ratio=1.046)
TODAY = date(2026, 11, 20)


def row(day: str, close: float, volume: float | None = 1000, opening: float | None = None) -> Row:
    return Row(2, date.fromisoformat(day), opening or close, close + 1, close - 1, close, volume)


TRADED = [row("2020-08-27", 500.04), row("2020-08-28", 499.23), row("2020-08-31", 129.04), row("2020-09-01", 134.18)]
ADJUSTED = [
    row("2020-08-27", 125.01, 4000),
    row("2020-08-28", 124.8075, 4000),
    row("2020-08-31", 129.04),
    row("2020-09-01", 134.18),
]


def test_neither_basis_is_contradicted_by_its_own_prices() -> None:
    assert contradiction(TRADED, "raw", [SPLIT]) is None
    assert contradiction(ADJUSTED, "split", [SPLIT]) is None


def test_a_known_split_contradicts_the_other_basis() -> None:
    assert contradiction(TRADED, "split", [SPLIT]) == (
        "the split of 2020-08-31 (4 for 1) is a step in its prices: use --basis raw"
    )
    assert contradiction(ADJUSTED, "raw", [SPLIT]) == (
        "the split of 2020-08-31 (4 for 1) is not a step in its prices: use --basis split"
    )


def test_a_reverse_split_contradicts_the_other_basis_too() -> None:
    reverse = Split(date=date(2013, 10, 24), ratio=0.5)
    steps = [row("2013-10-23", 40.0), row("2013-10-24", 80.5)]
    flat = [row("2013-10-23", 80.0), row("2013-10-24", 80.5)]
    assert contradiction(steps, "raw", [reverse]) is None
    assert "use --basis raw" in str(contradiction(steps, "split", [reverse]))
    assert "use --basis split" in str(contradiction(flat, "raw", [reverse]))


def test_an_adjustment_cannot_be_undone_without_the_splits() -> None:
    assert "splits are unknown" in str(contradiction(ADJUSTED, "split", None))
    assert contradiction(TRADED, "raw", None) is None


@pytest.mark.parametrize(
    ("closes", "refused"),
    [
        ([10.005, 10.015, 10.03, 10.04], True),  # two for one: half of them on half a cent
        ([10.0025, 10.01, 10.0075, 10.02], True),
        ([10.01, 10.02, 10.03, 10.04], False),
        ([3291.6101, 3330.8899, 3289.0701, 3190.49], False),  # what single precision makes of whole cents
    ],
)
def test_closes_in_fractions_of_cents_were_not_traded(closes: list[float], refused: bool) -> None:
    rows = [row(f"2026-11-{16 + place}", close) for place, close in enumerate(closes)]
    assert ("are not whole cents" in str(contradiction(rows, "raw", []))) is refused


def test_before_decimals_and_below_a_dollar_fractions_of_cents_were_traded() -> None:
    sixteenths = [row("2001-04-05", 10.0625), row("2001-04-06", 10.1875)]
    pennies = [row("2020-08-27", 0.5125), row("2020-08-28", 0.5235)]
    assert contradiction(sixteenths, "raw", []) is None
    assert contradiction(pennies, "raw", []) is None


@pytest.mark.parametrize("basis", ["raw", "split"])
def test_two_bases_in_one_file_are_a_step_that_no_split_explains(basis: str) -> None:
    mixed = [row("2024-06-06", 1209.9), row("2024-06-07", 120.8), row("2024-06-10", 121.8)]
    reason = contradiction(mixed, "raw" if basis == "raw" else "split", [])
    assert "prices step from 1209.9 to 120.8 on 2024-06-07" in str(reason)


def test_a_fall_is_not_a_split_if_only_its_open_is_near_a_ratio() -> None:
    assert contradiction([row("2022-02-02", 300.0), row("2022-02-03", 237.5, opening=199.9)], "raw", []) is None


def test_a_split_next_to_a_gap_proves_nothing() -> None:
    gappy = [row("2020-06-01", 320.0), row("2020-09-01", 134.18)]
    assert contradiction(gappy, "raw", [SPLIT]) is None


def test_adjusted_prices_and_volumes_become_traded_ones() -> None:
    back = as_traded(ADJUSTED, [SPLIT], TODAY)
    assert [one.close for one in back] == [500.04, 499.23, 129.04, 134.18]
    assert [one.volume for one in back] == [1000, 1000, 1000, 1000]


def test_a_spin_off_leaves_the_shares_and_an_announced_split_everything() -> None:
    (back,) = as_traded([row("2021-11-03", 120.0)], [SPIN_OFF, Split(date=date(2026, 12, 1), ratio=2)], TODAY)
    assert (back.close, back.volume) == (125.52, 1000)


def test_a_missing_volume_stays_missing() -> None:
    (back,) = as_traded([row("2020-08-28", 124.8075, None)], [SPLIT], TODAY)
    assert back.volume is None
