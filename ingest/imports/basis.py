"""Checks whether a file's prices are on the basis that was named, and undoes a split adjustment. No I/O."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from math import log
from typing import Literal

from ingest.imports.files import Row
from ingest.records import Split
from lake.splits import is_share_split, steps_like_a_split

Basis = Literal["raw", "split"]

# A smaller step of a split cannot be told from a normal day's move.
_SMALLEST_STEP = log(1.2)
# Over a longer gap between rows, a step may be a move of the market.
_LONGEST_GAP = timedelta(days=7)
# https://www.sec.gov/news/press/2001-36.txt: from then on shares of a dollar and more trade in whole cents.
_CENTS_SINCE = date(2001, 4, 9)
_CENT, _ROUNDING = 0.01, 0.0005  # USD; the error of single precision at a price of thousands
_MANY = 0.1  # a fraction of the closes


def contradiction(rows: Sequence[Row], basis: Basis, splits: Sequence[Split] | None) -> str | None:
    """Why these rows, ascending, cannot be on that basis; None if nothing contradicts it. `splits`: None if unknown."""
    if basis == "split" and splits is None:
        return "the ticker's splits are unknown, and the adjustment cannot be undone without them: import them too"
    reasons = (*_against_splits(rows, basis, splits or ()), *_unexplained(rows, splits))
    return next(iter((*reasons, *(_off_cents(rows) if basis == "raw" else ()))), None)


def as_traded(rows: Sequence[Row], splits: Sequence[Split], today: date) -> list[Row]:
    """Split-adjusted rows as they traded: prices times the later ratios, volumes over those of share splits.

    Vendors adjust for every split up to `today`, and not for declared ones. Prices are rounded to four decimals.
    """
    done = [split for split in splits if split.date <= today]
    return [_as_traded(row, [split.ratio for split in done if split.date > row.date]) for row in rows]


def _as_traded(row: Row, ratios: Sequence[float]) -> Row:
    prices, shares = 1.0, 1.0
    for ratio in ratios:
        prices *= ratio
        shares *= ratio if is_share_split(ratio) else 1.0
    return replace(
        row,
        **{name: round(getattr(row, name) * prices, 4) for name in ("open", "high", "low", "close")},
        volume=None if row.volume is None else row.volume / shares,
    )


def _against_splits(rows: Sequence[Row], basis: Basis, splits: Sequence[Split]) -> Iterator[str]:
    """A known split must be a step in traded prices, and must not be one in adjusted prices."""
    for split in splits:
        step = log(split.ratio)
        around = _around(rows, split.date) if abs(step) >= _SMALLEST_STEP else None
        if around is None:
            continue
        move = log(around[0].close / around[1].open)
        is_step = abs(move - step) < abs(move)
        if is_step and basis == "split":
            yield f"the split of {split.date} ({split.ratio:g} for 1) is a step in its prices: use --basis raw"
        if not is_step and basis == "raw":
            yield f"the split of {split.date} ({split.ratio:g} for 1) is not a step in its prices: use --basis split"


def _around(rows: Sequence[Row], day: date) -> tuple[Row, Row] | None:
    """The last row before a day and the first from it on, unless there is a long gap between them."""
    for before, row in pairwise(rows):
        if before.date < day <= row.date:
            return (before, row) if row.date - before.date <= _LONGEST_GAP else None
    return None


def _unexplained(rows: Sequence[Row], splits: Sequence[Split] | None) -> Iterator[str]:
    """A step of a split's size on no known split: the file mixes two bases, or a split is missing."""
    if splits is None:
        return
    days = {split.date for split in splits}
    for before, row in pairwise(rows):
        is_step = steps_like_a_split(before.close, row.open) and steps_like_a_split(before.close, row.close)
        if is_step and not any(before.date < day <= row.date for day in days):
            yield (
                f"its prices step from {before.close:g} to {row.open:g} on {row.date} (line {row.line}), and no known "
                "split explains it: if there was one, fetch or import the splits first"
            )


def _off_cents(rows: Sequence[Row]) -> Iterator[str]:
    closes = [row.close for row in rows if row.date >= _CENTS_SINCE and row.close >= 1]
    off = sum(abs(close - round(close / _CENT) * _CENT) > _ROUNDING for close in closes)
    if off > _MANY * len(closes):
        yield (
            f"{off} of {len(closes)} closes are not whole cents, as traded prices are, so its prices are adjusted: "
            "use --basis split, with its splits known"
        )
