"""Figures as people say them."""

from datetime import date

import pytest

from api.formatting import (
    compared,
    counted,
    decimal,
    in_month,
    listed,
    moved,
    ordinal,
    percent,
    period,
    points,
    shares,
    shown_difference,
    shown_parts,
    shown_shares,
    signed_percent,
    signed_points,
)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (percent(0.1234), "12.3 %"),
        (percent(-0.1234), "−12.3 %"),
        (percent(-0.0001), "0.0 %"),
        (percent(0.0012, 2), "0.12 %"),
        (percent(0.575, 0), "57 %"),
        (signed_percent(0.0844), "+8.4 %"),
        (signed_percent(-0.0385), "−3.9 %"),
        (signed_percent(-0.0001), "0.0 %"),
        (signed_percent(0.00123, 2), "+0.12 %"),
        (signed_points(0.123), "+12.3 points"),
        (signed_points(-0.01), "−1.0 point"),
        (in_month("2026-09"), "September 2026"),
        (decimal(-0.254), "−0.25"),
        (decimal(-0.001), "0.00"),
        (decimal(1.0), "1.00"),
        (points(-0.0100), "1.0 percentage point"),
        (points(0.0214), "2.1 percentage points"),
        (counted(1, "session"), "1 session"),
        (counted(1200, "session"), "1,200 sessions"),
        (counted(0, "session"), "0 sessions"),
        (listed([]), ""),
        (listed(["A"]), "A"),
        (listed(["A", "B"]), "A and B"),
        (listed(["A", "B", "C"]), "A, B and C"),
        (shares(48_234_567), "48.2 million shares"),
        (shares(1_234_000_000), "1.23 billion shares"),
        (shares(999_900_000), "1 billion shares"),
        (shares(999_499), "999,499 shares"),
        (shares(123_400_000), "123 million shares"),
        (shares(1), "1 share"),
        (moved(0.123), "rose 12.3 %"),
        (moved(-0.045), "fell 4.5 %"),
        (moved(-0.0004), "was unchanged"),
        (moved(0.0006), "rose 0.1 %"),
        (compared(0.12, "busier", "quieter", "about as busy as"), "12.0 % busier than"),
        (compared(-0.12, "busier", "quieter", "about as busy as"), "12.0 % quieter than"),
        (compared(0.004, "busier", "quieter", "about as busy as"), "about as busy as"),
        (listed([ordinal(share) for share in (0, 0.01, 0.02, 0.03, 0.11, 0.22)]), "0th, 1st, 2nd, 3rd, 11th and 22nd"),
        (period(date(2025, 9, 2), date(2025, 12, 2)), "from 2 September to 2 December 2025"),
        (period(date(2026, 11, 16), date(2026, 11, 20)), "from 16 to 20 November 2026"),
        (period(date(2025, 12, 30), date(2026, 1, 2)), "from 30 December 2025 to 2 January 2026"),
        (period(date(2025, 1, 2), date(2026, 1, 2)), "from 2 January 2025 to 2 January 2026"),
        (period(date(2026, 1, 2), date(2026, 1, 2)), "on 2 January 2026"),
    ],
)
def test_words(said: str, wanted: str) -> None:
    assert said == wanted


@pytest.mark.parametrize(
    ("one", "other", "wanted"),
    [
        (0.0836, -0.0386, 0.123),  # 8.4 − (−3.9); unrounded 12.2
        (0.0844, -0.0394, 0.123),  # unrounded 12.4
        (0.1001, 0.1, 0.0),
    ],
)
def test_a_difference_is_that_of_the_percentages_shown(one: float, other: float, wanted: float) -> None:
    assert shown_difference(one, other) == pytest.approx(wanted, abs=1e-12)


@pytest.mark.parametrize(
    ("parts", "digits", "wanted"),
    [
        ((0.0404, 0.0203, 0.0303), 1, [0.041, 0.02, 0.03]),  # 9.1 in all
        ((0.336, 0.336, 0.328), 0, [0.34, 0.33, 0.33]),
        ((-0.0413, 0.0904), 1, [-0.041, 0.09]),  # 4.9 in all
        ((1 / 3, 1 / 3, 1 / 3), 0, [0.34, 0.33, 0.33]),
    ],
)
def test_parts_are_shown_so_that_they_sum_to_the_whole(
    parts: tuple[float, ...], digits: int, wanted: list[float]
) -> None:
    assert shown_parts(parts, digits) == pytest.approx(wanted)


@pytest.mark.parametrize(("count", "shown"), [(48_234_567, 48.2e6), (999_499.4, 999_499), (1_004_000_000, 1e9)])
def test_shares_as_they_are_shown(count: float, shown: float) -> None:
    assert shown_shares(count) == shown
