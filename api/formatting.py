"""Figures for JSON, and figures in sentences. Pure; sentences are in British English: 20 November 2026, 12.3 %."""

from collections.abc import Iterable, Sequence
from datetime import date
from math import floor

from api.analytics.arrays import Floats

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def numbers(values: Floats) -> list[float | None]:
    """The values of a (n,) array; None for NaN, which JSON does not have."""
    return [None if value != value else value for value in values.tolist()]  # noqa: PLR0124 - true of NaN alone


def mean(values: Floats) -> float | None:
    """The arithmetic mean of the known values; None where none is."""
    known = values[values == values]  # noqa: PLR0124
    return float(known.mean()) if len(known) else None


def times(days: Iterable[date]) -> list[str]:
    """Each day as midnight UTC, with seconds and a Z, as Grafana's plugins need it."""
    return [f"{day.isoformat()}T00:00:00Z" for day in days]


def percent(fraction: float, digits: int = 1) -> str:
    """0.1234 → 12.3 %; never −0.0 %."""
    text = f"{fraction * 100:.{digits}f}".replace("-", "−")
    return f"{text.removeprefix('−') if not text.strip('−0.') else text} %"


def signed_percent(fraction: float, digits: int = 1) -> str:
    """0.084 → +8.4 %, −0.039 → −3.9 %; 0.0 % without a sign."""
    text = percent(fraction, digits)
    return text if text.startswith("−") or not text.strip("0. %") else f"+{text}"


def shown_difference(one: float, other: float, digits: int = 1) -> float:
    """`one` − `other`, fractions, of the two as `percent` shows them: +8.4 % and −3.9 % are 12.3 points apart.

    Unrounded they may be 12.2 apart, which a reader who subtracts would take for a mistake.
    """
    return round(round(one * 100, digits) - round(other * 100, digits), digits) / 100


def shown_parts(parts: Sequence[float], digits: int) -> list[float]:
    """Parts of a whole, fractions, rounded as `percent` shows them and so that they sum to the whole as it is shown.

    By the largest remainders: where rounding each alone would miss the whole, those nearest to the next step get it.
    """
    steps = [part * 100 * 10**digits for part in parts]
    floors = [floor(step) for step in steps]
    left = round(sum(steps)) - sum(floors)
    largest = sorted(range(len(steps)), key=lambda place: floors[place] - steps[place])[:left]
    return [(one + (place in largest)) / 100 / 10**digits for place, one in enumerate(floors)]


def decimal(value: float, digits: int = 2) -> str:
    """A correlation: −0.25; never −0.00."""
    text = f"{value:.{digits}f}".replace("-", "−")
    return text if text.strip("−0.") else text.removeprefix("−")


def points(difference: float) -> str:
    """A difference of two fractions, without its sign: 0.012 → 1.2 percentage points."""
    text = f"{abs(difference) * 100:.1f}"
    return f"{text} percentage point{'' if text == '1.0' else 's'}"


def signed_points(difference: float) -> str:
    """A difference of two fractions: 0.012 → +1.2 points."""
    text = signed_percent(difference).removesuffix(" %")
    return f"{text} point{'' if text.strip('+−') == '1.0' else 's'}"


def counted(count: int, noun: str) -> str:
    """1 session, 2 sessions."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def ordinal(share: float) -> str:
    """A share as a percentile: 0.66 → 66th, 0.01 → 1st."""
    place = round(share * 100)
    ending = "th" if place // 10 == 1 else {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th")
    return f"{place}{ending}"


def listed(words: Sequence[str]) -> str:
    """A, B and C."""
    return " and ".join((", ".join(words[:-1]), words[-1])) if len(words) > 1 else "".join(words)


def in_days(day: date, *, year: bool = True) -> str:
    """20 November 2026, or 20 November."""
    return f"{day.day} {_MONTHS[day.month - 1]}{f' {day.year}' if year else ''}"


def in_month(month: str) -> str:
    """2026-09 → September 2026."""
    year, number = month.split("-")
    return f"{_MONTHS[int(number) - 1]} {year}"


def period(first: date, last: date) -> str:
    """From 16 to 20 November 2026: month and year are said once where they are the same; a single day, on that day."""
    if first == last:
        return f"on {in_days(last)}"
    begin = in_days(first, year=first.year != last.year)
    if (first.year, first.month) == (last.year, last.month):
        begin = str(first.day)
    return f"from {begin} to {in_days(last)}"


def shown_shares(count: float) -> float:
    """The number of shares that `shares` shows."""
    return float(f"{count:.3g}") if count >= 1e6 * 0.9995 else float(round(count))


def shares(count: float) -> str:
    """48.2 million shares."""
    for size, name in ((1e9, "billion"), (1e6, "million")):
        if count >= size * 0.9995:
            return f"{count / size:.3g} {name} shares"
    return f"{count:,.0f} share{'' if round(count) == 1 else 's'}"


def moved(fraction: float) -> str:
    """What a price did over a window: rose 12.3 %, fell 4.5 %, or was unchanged to a tenth of a percent."""
    if abs(fraction) < 0.0005:
        return "was unchanged"
    return f"{'rose' if fraction > 0 else 'fell'} {percent(abs(fraction))}"


def compared(ratio: float, more: str, less: str, same: str) -> str:
    """12.0 % busier than; `same`, whole, where the two differ by less than half a percent."""
    if abs(ratio) < 0.005:
        return same
    return f"{percent(abs(ratio))} {more if ratio > 0 else less} than"


def verb(subjects: Sequence[str], one: str, several: str) -> str:
    """The form that goes with so many subjects."""
    return one if len(subjects) == 1 else several
