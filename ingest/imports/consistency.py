"""Finds rows of a file that do not belong with the others: on another basis, or of another instrument. No I/O.

Rows are compared on the basis of the newest one: traded prices over the known splits since.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from math import log, prod

from ingest.errors import FileError
from ingest.imports.files import BadLine, Row
from ingest.records import Split
from lake.splits import contradicts_split, steps_like_a_split
from lake.universe import Instrument

# Over a longer gap between rows, a step may be a move of the market.
_LONGEST_GAP = timedelta(days=10)
# In natural logs. A row is on another basis if a factor brings all of its prices this close to its neighbours, which
# are that close to each other, and if without the factor it is far from both.
_NEAR, _NEIGHBOURS, _FAR = 0.2, 0.3, log(1.4)
_ENOUGH_BESIDE = 4  # rows that have to agree with each other where there are none on the other side
_LONGEST_RUN = 3  # rows; more of them one after the other are no mistake of single rows
_DECIMAL_SLIPS = (10.0, 100.0, 1000.0)  # also cents for dollars
# A price that is more than fourfold, and fourfold again for each year of a gap, is not the same instrument's.
_FOURFOLD = log(4)
_DAYS_OF_YEAR = 365.25
_SPIKE = 4  # times: a high or low so far from open and close is a wrong print


@dataclass(frozen=True)
class Consistent:
    """The rows that belong together, ascending, and the lines of the others. `foreign`: of another instrument."""

    rows: Sequence[Row]
    misplaced: Sequence[BadLine]
    foreign: Sequence[BadLine]


@dataclass(frozen=True)
class _Level:
    """A row with its open and close on the newest basis."""

    row: Row
    open: float
    close: float

    def moved(self, factor: float) -> "_Level":
        return _Level(self.row, self.open * factor, self.close * factor)


def consistent_rows(
    rows: Sequence[Row], splits: Sequence[Split] | None, instrument: Instrument | None, known: Mapping[date, float]
) -> Consistent:
    """Splits traded rows, ascending. FileError where a step in them has no explanation.

    `splits`: None if unknown. `known`: closes as traded that the lake has.
    """
    spikes = [_spike(row) for row in rows if _has_spike(row)]
    levels = [_level(row, splits or ()) for row in rows if not _has_spike(row)]
    good, misplaced = _without_misplaced(levels, _factors(splits or ()), at_the_ends=splits is not None)
    own, foreign = _without_foreign(good, instrument, is_known=splits is not None)
    if splits is not None:
        _refuse_unexplained([level.row for level in own], splits)
        _refuse_stranger(own, splits, instrument, known)
    return Consistent([level.row for level in own], [*misplaced, *spikes], foreign)


def _has_spike(row: Row) -> bool:
    """Whether its own prices are too far from one another."""
    top, bottom = max(row.open, row.close), min(row.open, row.close)
    return row.high > _SPIKE * top or row.low * _SPIKE < bottom or top > _SPIKE * bottom


def _spike(row: Row) -> BadLine:
    if max(row.open, row.close) > _SPIKE * min(row.open, row.close):
        return row.bad(
            f"{row.date}: its open {row.open:g} and its close {row.close:g} are more than {_SPIKE} times apart"
        )
    return row.bad(
        f"{row.date}: its high {row.high:g} or its low {row.low:g} is more than {_SPIKE} times away from its open "
        f"{row.open:g} and its close {row.close:g}"
    )


def _level(row: Row, splits: Sequence[Split]) -> _Level:
    later = prod(split.ratio for split in splits if split.date > row.date)
    return _Level(row, row.open / later, row.close / later)


def _factors(splits: Sequence[Split]) -> list[float]:
    """What a row may be off by: the ratio of some splits in a row, or a slip of the decimal point; in both ways."""
    ratios = [split.ratio for split in sorted(splits, key=lambda split: split.date)]
    runs = {prod(ratios[first:last]) for first in range(len(ratios)) for last in range(first + 1, len(ratios) + 1)}
    return [one for ratio in sorted({*runs, *_DECIMAL_SLIPS}) for one in (ratio, 1 / ratio) if abs(log(one)) > _FAR]


def _without_misplaced(
    levels: Sequence[_Level], factors: Sequence[float], *, at_the_ends: bool
) -> tuple[list[_Level], list[BadLine]]:
    """`at_the_ends`: also next to a gap or an end of the file, where only the known splits rule out another one."""
    good: list[_Level] = []
    bad: list[BadLine] = []
    place = 0
    while place < len(levels):
        before = good[-1] if good and _are_close_in_time(good[-1], levels[place]) else None
        run = _misplaced_run(levels[place:], before, factors, at_the_ends=at_the_ends)
        bad += run
        good += levels[place : place + 1] if not run else []
        place += max(1, len(run))
    return good, bad


def _misplaced_run(
    levels: Sequence[_Level], before: _Level | None, factors: Sequence[float], *, at_the_ends: bool
) -> list[BadLine]:
    """The first rows, if they are on another basis than those around them, or absurd. `before`: the row before."""
    if before and _distance(before, levels[0]) < _FAR:
        return []
    for length in range(1, min(_LONGEST_RUN, len(levels)) + 1):
        run, around = levels[:length], _agreeing_neighbours(before, levels[length - 1 : length + _ENOUGH_BESIDE])
        if not around or not (at_the_ends or (before and len(around) == 2)):
            continue
        for factor in factors:
            if all(_fits(level, around, factor) for level in run):
                return [_misplaced(level, factor) for level in run]
        if before and len(around) == 2 and all(_distance(level, one) > _FOURFOLD for level in run for one in around):
            return [_absurd(level, before) for level in run]
        if not before:
            break
    return []


def _agreeing_neighbours(before: _Level | None, last: Sequence[_Level]) -> Sequence[_Level]:
    """The rows on either side if they agree: `before`, and the row after the first one of `last`.

    On one side alone: the one before, or those after, of which there must be two at least, and all agree.
    """
    after = []
    for one, other in pairwise(last):
        if not _are_close_in_time(one, other):
            break
        after.append(other)
    if before and after:
        return [before, after[0]] if _distance(before, after[0]) <= _NEIGHBOURS else []
    if before:
        return [before]
    is_level = len(after) > 1 and all(_distance(after[0], other) <= _NEAR for other in after)
    return after if is_level else []


def _fits(level: _Level, neighbours: Sequence[_Level], factor: float) -> bool:
    moved = level.moved(factor)
    return all(
        _distance(level, one) > _FAR and abs(log(price / one.close)) <= _NEAR
        for one in neighbours
        for price in (moved.open, moved.close)
    )


def _distance(one: _Level, other: _Level) -> float:
    return abs(log(one.close / other.close))


def _are_close_in_time(one: _Level, other: _Level) -> bool:
    return other.row.date - one.row.date <= _LONGEST_GAP


def _misplaced(level: _Level, factor: float) -> BadLine:
    way = f"{factor:g} times" if factor > 1 else f"a {1 / factor:g}th of"
    return level.row.bad(
        f"{level.row.date}: only {way} its close {level.row.close:g} would fit the rows around it, so it is on another "
        "basis"
    )


def _absurd(level: _Level, before: _Level) -> BadLine:
    times = level.close / before.close
    return BadLine(
        level.row.line, f"{level.row.date}: its close {level.row.close:g} is {times:.3g} times that before it"
    )


def _without_foreign(
    levels: Sequence[_Level], instrument: Instrument | None, *, is_known: bool
) -> tuple[list[_Level], list[BadLine]]:
    """Without the rows before a break that makes them another instrument's.

    A break at a change of the ticker needs nothing more. Another one needs a gap, and that the splits are known:
    without a gap it may be a split that is missing.
    """
    first, reason = 0, ""
    for place, (before, level) in enumerate(pairwise(levels), start=1):
        if not _is_break(before, level):
            continue
        renaming = _renaming_between(before.row.date, level.row.date, instrument)
        if renaming or (is_known and not _are_close_in_time(before, level)):
            step = f"{level.row.close:g} on {level.row.date} after {before.row.close:g} on {before.row.date}"
            first, reason = place, f"of another instrument: {step}, and no split between them{renaming}"
    return list(levels[first:]), [level.row.bad(f"{level.row.date}: {reason}") for level in levels[:first]]


def _is_break(before: _Level, level: _Level) -> bool:
    years = (level.row.date - before.row.date).days / _DAYS_OF_YEAR
    return min(abs(log(price / before.close)) for price in (level.open, level.close)) > _FOURFOLD * (1 + years)


def _renaming_between(before: date, day: date, instrument: Instrument | None) -> str:
    """Which change of the ticker lies between two days, in words; empty if there is none."""
    if instrument is None:
        return ""
    crossed = (former for former in instrument.formerly if before <= former.until < day)
    return "".join(f"; {instrument.name} traded as {former.ticker} until {former.until}" for former in crossed)


def _refuse_unexplained(rows: Sequence[Row], splits: Sequence[Split]) -> None:
    """A step of a split's size on no known split: the file mixes two bases, or a split is missing."""
    reason = next(_unexplained(rows, splits), None) or next(_contradicted(rows, splits), None)
    if reason:
        raise FileError(reason)


def _unexplained(rows: Sequence[Row], splits: Sequence[Split]) -> Iterator[str]:
    days = {split.date for split in splits}
    near = (pair for pair in pairwise(rows) if pair[1].date - pair[0].date <= _LONGEST_GAP)
    for before, row in near:
        is_split_like = steps_like_a_split(before.close, row.open) and steps_like_a_split(before.close, row.close)
        is_huge = min(abs(log(price / before.close)) for price in (row.open, row.close)) > _FOURFOLD
        if (is_split_like or is_huge) and not any(before.date < day <= row.date for day in days):
            yield (
                f"its prices step from {before.close:g} to {row.open:g} on {row.date} (line {row.line}), and no known "
                "split explains it: if there was one, fetch or import the splits first; if the rows before it are of "
                "another instrument or basis, remove them"
            )


def _contradicted(rows: Sequence[Row], splits: Sequence[Split]) -> Iterator[str]:
    """Splits on whose days the traded prices step by another ratio."""
    for before, row in pairwise(rows):
        between = [split for split in splits if before.date < split.date <= row.date]
        ratio = prod(split.ratio for split in between)
        is_near = row.date - before.date <= _LONGEST_GAP
        if between and is_near and contradicts_split(ratio, before.close, row.open, row.close):
            yield (
                f"its prices step from {before.close:g} to {row.open:g} on {row.date} (line {row.line}), which the "
                f"split of {between[-1].date} ({ratio:g} for 1) does not explain: compare its ratio with another "
                "source, and import the right splits with --replace"
            )


def _refuse_stranger(
    levels: Sequence[_Level], splits: Sequence[Split], instrument: Instrument | None, known: Mapping[date, float]
) -> None:
    """The file as a whole against the next close that the lake has after it: another instrument's is far away."""
    if not levels:
        return
    last = levels[-1]
    day = min((day for day in known if day > last.row.date), default=None)
    if day is None:
        return
    after = _level(Row(0, day, known[day], known[day], known[day], known[day], None), splits)
    if _is_break(last, after):
        raise FileError(
            f"its last close is {last.row.close:g} on {last.row.date}, and the lake's next one is {known[day]:g} on "
            f"{day}, with no split between them: it is of another instrument or basis"
            f"{_renaming_between(last.row.date, day, instrument)}"
        )
