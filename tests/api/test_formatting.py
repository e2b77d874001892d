"""Figures as people say them."""

from datetime import date

import pytest

from api.formatting import compared, counted, decimal, listed, moved, ordinal, percent, period, points, shares


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (percent(0.1234), "12.3 %"),
        (percent(-0.1234), "−12.3 %"),
        (percent(-0.0001), "0.0 %"),
        (percent(0.0012, 2), "0.12 %"),
        (percent(0.575, 0), "57 %"),
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
        (moved(-0.0004), "ended where it began"),
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
