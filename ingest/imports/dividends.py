"""Tells dividends that a source has divided by later splits from those as paid, and puts them back. No I/O.

A company that splits its shares divides its dividend a share as well. Across a split, dividends as paid step by its
ratio, and adjusted ones do not. The nearest ones on both sides are compared with each other, so that a special one
among them does not decide.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log, prod

from ingest.errors import FileError
from ingest.records import Split

Paid = tuple[date, float]  # the ex-date, and USD a share

_SMALLEST_RATIO = log(1.4)  # a smaller step cannot be told from a raised dividend
_NEAREST, _LONGEST_TIME = 3, timedelta(days=730)
_CLEARLY = 1.5  # a dividend is raised or cut at times: adjusted ones must fit so much better than those as paid
_DECIMALS = 4  # USD, of a dividend that is put back


@dataclass(frozen=True)
class AsPaid:
    """The dividends as paid, and what the report says about them."""

    dividends: Sequence[Paid]
    notes: Sequence[str] = ()


def as_paid(
    dividends: Sequence[Paid], splits: Sequence[Split], others: Sequence[Paid], today: date, as_of: date | None = None
) -> AsPaid:
    """The dividends of a file as they were paid. FileError where nothing tells up to which split they are adjusted.

    `splits`: all that are known. `others`: the dividends that the lake has, as paid. `as_of`: up to which day the
    prices beside them, or the command, say that they are adjusted; None if nothing says so.
    """
    done = sorted((split for split in splits if split.date <= today), key=lambda split: split.date)
    first = min((day for day, _ in dividends), default=today)
    later = [split for split in done if split.date > first]
    found = {split: _is_adjusted(split, dividends, others, later) for split in later}
    adjusted = [split for split, verdict in found.items() if verdict]
    plain = [split for split, verdict in found.items() if verdict is False]
    if as_of is not None and not (plain and not adjusted):
        return _put_back(dividends, [split for split in later if split.date <= as_of])
    if not adjusted:
        return AsPaid(dividends)
    last = adjusted[-1].date
    if any(split.date < last for split in plain):
        raise FileError(
            f"its dividends are adjusted for the split of {last}, and not for the one of {plain[0].date} before: give "
            "those as paid"
        )
    open_ = [split for split in later if split.date > last and found[split] is None and _gives_before(split, dividends)]
    if open_:
        raise FileError(
            f"its dividends are adjusted for the split of {last}, and nothing in them tells whether for that of "
            f"{open_[0].date} too: say --basis-as-of {last}, or --basis-as-of {open_[-1].date}"
        )
    return _put_back(dividends, [split for split in later if split.date <= last])


def _is_adjusted(
    split: Split, dividends: Sequence[Paid], others: Sequence[Paid], splits: Sequence[Split]
) -> bool | None:
    """Whether the dividends before a split are divided by it; None where there is nothing to compare."""
    if abs(log(split.ratio)) < _SMALLEST_RATIO:
        return None
    before = [(day, paid) for day, paid in sorted(dividends) if split.date - _LONGEST_TIME <= day < split.date]
    after = _after(split, dividends) or _after(split, others)
    # The logs of how far each pair is from equal, as they stand and put back.
    pairs = list(_pairs(before[-_NEAREST:], after[:_NEAREST], splits))
    if not pairs:
        return None
    return _CLEARLY * min(abs(stands) for stands, _ in pairs) < min(abs(put_back) for _, put_back in pairs)


def _after(split: Split, dividends: Sequence[Paid]) -> list[Paid]:
    return [(day, paid) for day, paid in sorted(dividends) if split.date <= day <= split.date + _LONGEST_TIME]


def _pairs(before: Sequence[Paid], after: Sequence[Paid], splits: Sequence[Split]) -> Iterator[tuple[float, float]]:
    for day, paid in before:
        for later_day, later_paid in after:
            between = prod(split.ratio for split in splits if day < split.date <= later_day)
            yield log(later_paid / paid), log(later_paid * between / paid)


def _gives_before(split: Split, dividends: Sequence[Paid]) -> bool:
    return any(day < split.date for day, _ in dividends)


def _put_back(dividends: Sequence[Paid], splits: Sequence[Split]) -> AsPaid:
    back = [(day, _times(paid, [split.ratio for split in splits if split.date > day])) for day, paid in dividends]
    changed = [(day, paid, now) for (day, paid), (_, now) in zip(dividends, back, strict=True) if paid != now]
    if not changed:
        return AsPaid(dividends)
    day, paid, now = max(changed)
    note = (
        f"{len(changed)} of its dividends are adjusted for splits, and were put back to what was paid, such as "
        f"{paid:g} on {day} to {now:g}"
    )
    return AsPaid(back, [note])


def _times(paid: float, ratios: Sequence[float]) -> float:
    return round(paid * prod(ratios), _DECIMALS) if ratios else paid
