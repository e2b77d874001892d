"""Tells prices that are adjusted for dividends by the vendor's closes of the same days. No I/O.

Where a source rounds to cents, an adjusted close is a whole cent too. Before an ex-date it is lower than the traded one
by about the dividend's share of the price: by less than two sources may differ on a day, but by the same on all days.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import log, prod
from statistics import median

from ingest.errors import FileError
from ingest.imports.basis import UNADJUSTED
from ingest.imports.dividends import Paid
from ingest.imports.files import Row
from ingest.records import Split

_ROUNDING = 0.005  # USD, of a price in whole cents
_CLEARLY = 3  # times the rounding: a smaller dividend cannot be told
_ENOUGH = 3  # shared days between two ex-dates


@dataclass(frozen=True)
class _Segment:
    """Shared days, as (day, close in the file, close of the vendor), with the same dividends after them, ascending."""

    days: Sequence[tuple[date, float, float]]
    later: Sequence[Paid]

    def factors(self) -> list[float]:
        """What an adjustment multiplies these closes by: for the next dividend, for the next two, and so on."""
        before = median(given for *_, given in self.days)
        shares = [1 - amount / before for _, amount in self.later if amount < before]
        return [prod(shares[: count + 1]) for count in range(len(shares))]

    @property
    def ratio(self) -> float:
        """The file's closes over the vendor's."""
        return median(close / given for _, close, given in self.days)

    @property
    def is_tested(self) -> bool:
        """Whether an adjustment would show."""
        smallest = max(self.factors(), default=1)
        error = _ROUNDING / min(close for _, close, _ in self.days)
        return len(self.days) >= _ENOUGH and 1 - smallest > _CLEARLY * error

    @property
    def is_adjusted(self) -> bool:
        """Whether the closes are nearer to an adjustment than to the vendor's."""
        step = log(self.ratio)
        return min(abs(step - log(factor)) for factor in self.factors()) < abs(step)


@dataclass(frozen=True)
class Payouts:
    """What is known of a ticker's past: its dividends as paid, and its splits."""

    dividends: Sequence[Paid]
    splits: Sequence[Split]

    def after(self, day: date) -> list[Paid]:
        """The dividends after a day, ascending, a share as it was on that day."""
        return [
            (ex_date, amount * prod(one.ratio for one in self.splits if day < one.date <= ex_date))
            for ex_date, amount in sorted(self.dividends)
            if ex_date > day
        ]


def refuse_dividend_adjusted(rows: Sequence[Row], vendor: Mapping[date, float], known: Payouts) -> None:
    """FileError where closes, put back to what was traded, are lower than the vendor's by the later dividends."""
    for segment in _segments(rows, vendor, known):
        if segment.is_tested and segment.is_adjusted:
            (day, close, given), (ex_date, _) = segment.days[0], segment.later[0]
            raise FileError(
                f"its closes before the dividend of {ex_date} are lower than the vendor's by that dividend, "
                f"such as on {day}: {close:g} in the file, {given:g} from the vendor. So its prices are adjusted for "
                f"dividends: {UNADJUSTED}"
            )


def untested_note(rows: Sequence[Row], vendor: Mapping[date, float], known: Payouts) -> str | None:
    """What to say of prices in whole cents, which may be adjusted for dividends; None where they were compared."""
    later = known.after(rows[0].date) if rows else []
    if not later or any(segment.is_tested for segment in _segments(rows, vendor, known)):
        return None
    return (
        "nothing tells whether its prices are adjusted for dividends too, because they are rounded to cents, and the "
        f"lake has too few of the vendor's closes from before a dividend, such as that of {later[-1][0]}: compare an "
        "old close with another source"
    )


def _segments(rows: Sequence[Row], vendor: Mapping[date, float], known: Payouts) -> Iterator[_Segment]:
    days: dict[tuple[int, int], list[tuple[date, float, float]]] = {}
    for row in rows:
        if row.date in vendor:
            paid = sum(day > row.date for day, _ in known.dividends)
            split = sum(one.date > row.date for one in known.splits)
            days.setdefault((paid, split), []).append((row.date, row.close, vendor[row.date]))
    yield from (_Segment(shared, known.after(shared[0][0])) for (paid, _), shared in days.items() if paid)
