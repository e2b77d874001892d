"""Tells dividends that a source has divided by later splits from those as paid, and puts them back. No I/O.

A dividend that the lake has of the same ex-date decides. Where there is none: a company that splits its shares divides
its dividend a share as well, so that across a split dividends as paid step by its ratio, and adjusted ones do not. The
nearest ones on both sides are compared with each other, so that a special one among them does not decide. Across a 3:2
split nothing tells adjusted dividends from those of a company that has raised what it pays by half, so such a file is
refused with the choice named.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import log, prod
from typing import Literal

from ingest.errors import FileError
from ingest.records import Split

Paid = tuple[date, float]  # the ex-date, and USD a share
Verdict = Literal["adjusted", "as paid", "doubtful"]

_SMALLEST_RATIO = log(1.4)  # a smaller step cannot be told from a raised dividend
_NEAREST, _LONGEST_TIME = 3, timedelta(days=730)
# In logs. A raise by so much at a split is likelier than that the source has adjusted for it: 3:2 alone does not tell.
_LIKELY_RAISE = log(1.6)
_SAME = log(1.02)  # two dividends are the same within this: sources round them
_CLEARLY = 1.5  # a dividend is raised or cut at times: adjusted ones must fit so much better than those as paid
_DECIMALS = 4  # USD, of a dividend that is put back


@dataclass(frozen=True)
class AsPaid:
    """The dividends as paid, and what the report says about them."""

    dividends: Sequence[Paid]
    notes: Sequence[str] = ()


def as_paid(
    dividends: Sequence[Paid],
    splits: Sequence[Split],
    others: Sequence[Paid],
    today: date,
    as_of: date | None = None,
    *,
    is_raw: bool = False,
) -> AsPaid:
    """The dividends of a file as they were paid. FileError where nothing tells up to which split they are adjusted.

    `splits`: all that are known. `others`: the dividends that the lake has, as paid. `as_of`: up to which day the
    prices beside them, or the command, say that they are adjusted; None if nothing says so. `is_raw`: the command says
    that they are not, which counts where nothing else tells.
    """
    done = sorted((split for split in splits if split.date <= today), key=lambda split: split.date)
    first = min((day for day, _ in dividends), default=today)
    later = [split for split in done if split.date > first]
    found = {split: _verdict(split, dividends, others, later) for split in later}
    adjusted, plain, doubtful = (
        [split for split, verdict in found.items() if verdict == one] for one in ("adjusted", "as paid", "doubtful")
    )
    if as_of is not None and not (plain and not adjusted):
        return _put_back(dividends, [split for split in later if split.date <= as_of])
    if not adjusted:
        if doubtful and not plain and not is_raw:
            split = doubtful[-1]
            raise FileError(
                f"its dividends before and after the split of {split.date} ({split.ratio:g} for 1) are alike, and "
                f"nothing tells whether they are adjusted for it or were raised: say --basis raw if they are as paid, "
                f"or --basis-as-of {split.date}"
            )
        open_ = [split for split in later if found[split] is None and _is_told(split, dividends)]
        return AsPaid(dividends, () if is_raw else tuple(_untold(open_)))
    last = adjusted[-1].date
    if any(split.date < last for split in plain):
        raise FileError(
            f"its dividends are adjusted for the split of {last}, and not for the one of {plain[0].date} before: give "
            "those as paid"
        )
    open_ = [
        split
        for split in later
        if split.date > last and found[split] in (None, "doubtful") and _gives_before(split, dividends)
    ]
    if open_:
        raise FileError(
            f"its dividends are adjusted for the split of {last}, and nothing in them tells whether for that of "
            f"{open_[0].date} too: say --basis-as-of {last}, or --basis-as-of {open_[-1].date}"
        )
    return _put_back(dividends, [split for split in later if split.date <= last])


def _verdict(
    split: Split, dividends: Sequence[Paid], others: Sequence[Paid], splits: Sequence[Split]
) -> Verdict | None:
    """Whether the dividends before a split are divided by it; None where there is nothing to compare."""
    if abs(log(split.ratio)) < _SMALLEST_RATIO:
        return None
    known = [
        verdict for day, paid in dividends if day < split.date and (verdict := _by_known(day, paid, others, splits))
    ]
    if known:
        return max(set(known), key=known.count)
    before = [(day, paid) for day, paid in sorted(dividends) if split.date - _LONGEST_TIME <= day < split.date]
    after = _after(split, dividends) or _after(split, others)
    # The logs of how far each pair is from equal, as they stand and put back.
    pairs = list(_pairs(before[-_NEAREST:], after[:_NEAREST], splits))
    if not pairs:
        return None
    stands, put_back = (min(abs(pair[place]) for pair in pairs) for place in (0, 1))
    if _CLEARLY * stands >= put_back:
        return "as paid"
    return "adjusted" if put_back > _LIKELY_RAISE else "doubtful"


def _by_known(day: date, paid: float, others: Sequence[Paid], splits: Sequence[Split]) -> Verdict | None:
    """What the lake's own dividend of the day says; None where it has none, or another one."""
    between = prod(split.ratio for split in splits if day < split.date)
    for other_day, known in others:
        if other_day == day and abs(log(known / paid)) < _SAME:
            return "as paid"
        if other_day == day and abs(log(known / (paid * between))) < _SAME:
            return "adjusted"
    return None


def _after(split: Split, dividends: Sequence[Paid]) -> list[Paid]:
    return [(day, paid) for day, paid in sorted(dividends) if split.date <= day <= split.date + _LONGEST_TIME]


def _pairs(before: Sequence[Paid], after: Sequence[Paid], splits: Sequence[Split]) -> Iterator[tuple[float, float]]:
    for day, paid in before:
        for later_day, later_paid in after:
            between = prod(split.ratio for split in splits if day < split.date <= later_day)
            yield log(later_paid / paid), log(later_paid * between / paid)


def _gives_before(split: Split, dividends: Sequence[Paid]) -> bool:
    return any(day < split.date for day, _ in dividends)


def _is_told(split: Split, dividends: Sequence[Paid]) -> bool:
    """Whether dividends after a split would tell: those before it are there, and it is large enough."""
    return abs(log(split.ratio)) >= _SMALLEST_RATIO and _gives_before(split, dividends)


def _untold(splits: Sequence[Split]) -> Iterator[str]:
    if splits:
        yield (
            "its dividends are taken as paid, and nothing tells whether those before the split of "
            f"{splits[0].date} are adjusted for it, because none after it is known: if they are, as Yahoo's are, say "
            f"--basis-as-of {splits[-1].date}"
        )


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
