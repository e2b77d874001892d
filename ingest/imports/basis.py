"""Finds out on which basis a file's prices are, and puts them back to what was traded. No I/O.

Prices are as traded, or adjusted for the splits up to some day: usually the file's last one, or the day of the
download. Each such day is a reading. A reading is refuted by splits that should be a step in the prices and are not, or
the other way round, by the vendor's closes, and by rebuilt closes that are not whole cents. Where no reading is left,
the prices are adjusted for dividends too. Where several are left, only the person who imports can say which is right.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property
from math import log, prod
from statistics import median
from typing import Literal

from ingest.errors import FileError
from ingest.imports.files import Row
from ingest.records import Split
from lake.splits import is_share_split, split_terms

Basis = Literal["auto", "raw", "split"]
PRICES = ("open", "high", "low", "close")

# A smaller step of a split cannot be told from a normal day's move.
_SMALLEST_STEP = log(1.2)
# The closes on either side of a split whose medians are compared: one wrong row among them does not matter.
_CLOSES_BESIDE, _LONGEST_GAP = 3, timedelta(days=10)
# https://www.sec.gov/news/press/2001-36.txt: from then on shares of a dollar and more trade in whole cents.
_CENTS_SINCE = date(2001, 4, 9)
_CENT, _ROUNDING = 0.01, 0.0005  # USD; vendors round less than that
_SINGLE_PRECISION = 1e-7  # the relative error of a price that was stored in 32 bits
# With a larger rounding error, half of all prices lie near a whole cent, and the test says nothing.
_COARSEST = _CENT / 4
# A vendor's own closes are off the cent now and then, those of another basis mostly and one after the other. The first
# number is the share of a file's closes that may be; the others add up, from the oldest row on, to the log of the odds
# of four closes in five against one in four.
_MANY_OFF, _OFF, _WHOLE, _ODDS = 0.3, 1.16, -1.32, 4.0
_LIKELY_RATIO = 2.0  # of a split that is unknown: larger ones would show more clearly
_OFF_ANYWAY = 0.13  # the share of a vendor's own closes that are off the cent, where most were seen (SCHG's)
_SHORT = 10  # rows: so few closes are whole cents by chance, and all four prices count
_CERTAIN = log(1000)  # odds at which one reading is preferred to another
_CLOSE_TOLERANCE, _OTHER_CLOSES = 0.005, 0.1  # as `ingest.imports.records.check_file`
UNADJUSTED = (
    "download the closes that are not adjusted for dividends (yfinance: auto_adjust=False; Yahoo: the column Close and "
    "not Adj Close; Stooq: without the adjustment for dividends) and import those"
)


@dataclass(frozen=True)
class Reading:
    """One way to read prices: adjusted for `splits`, all those up to `as_of`. As traded where `as_of` is None."""

    as_of: date | None = None
    splits: tuple[Split, ...] = ()

    def factor(self, day: date) -> float:
        """The traded price of a day for one of the file."""
        return prod(split.ratio for split in self.splits if split.date > day)

    def __str__(self) -> str:
        return f"adjusted for splits as of {self.as_of}" if self.as_of else "as traded"


RAW = Reading()


@dataclass(frozen=True)
class KnownCloses:
    """Closes as traded that the lake has of the ticker: the vendor's, and those of files."""

    vendor: Mapping[date, float] = field(default_factory=dict)
    imported: Mapping[date, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Wanted:
    """What the command says of the prices: their basis, and the day up to which they are adjusted."""

    basis: Basis = "auto"
    as_of: date | None = None


def find_reading(
    rows: Sequence[Row],
    splits: Sequence[Split] | None,
    wanted: Wanted,
    known: KnownCloses,
    *,
    today: date,
    unknown_after: date | None = None,
) -> Reading:
    """The one reading of these rows, ascending, that nothing refutes. FileError where there is none, or several.

    `splits`: None if unknown. Those after `today` are declared only, and no price is adjusted for them.
    `unknown_after`: the day after which the splits are unknown.
    """
    if not rows:
        return RAW
    if splits is None:
        return _without_splits(rows, wanted, known)
    later = sorted((s for s in splits if rows[0].date < s.date <= today), key=lambda split: split.date)
    # Where later splits are unknown, the prices may be adjusted for one of them.
    unknown = None
    if unknown_after and today - unknown_after > _LONGEST_GAP:
        unknown = Split(date=max(unknown_after, rows[-1].date) + timedelta(1), ratio=_LIKELY_RATIO)
        later.append(unknown)
    evidence = _Evidence(rows, tuple(later), known)
    readings = evidence.readings()
    allowed = _allowed(readings, evidence, wanted)
    others = [one for one in readings if one.splits not in {own.splits for own in allowed}]
    likely = evidence.likeliest([one for one in (*allowed, *others) if evidence.against(one) is None])
    left = [one for one in allowed if one in likely]
    if unknown and any(unknown in one.splits for one in left or likely):
        raise FileError(
            f"the ticker's splits after {unknown_after} are unknown, and nothing in its prices tells whether they are "
            "adjusted for one: import the splits too, in the same command or before"
        )
    if not left:
        raise FileError(_refusal(allowed, others, likely, evidence))
    if wanted.as_of is None:
        _refuse_untested(left, readings, evidence)
    return _only(left, wanted, evidence)


def as_traded(rows: Sequence[Row], reading: Reading) -> list[Row]:
    """The rows as they traded: prices times the later ratios, volumes over those of share splits.

    Prices are rounded to four decimals; those of a day without a later split only from single precision.
    """
    return [_as_traded(row, [split.ratio for split in reading.splits if split.date > row.date]) for row in rows]


def _as_traded(row: Row, ratios: Sequence[float]) -> Row:
    if not ratios:
        opened, high, low, close = (_without_noise(price) for price in (row.open, row.high, row.low, row.close))
        return replace(row, open=opened, high=high, low=low, close=close)
    prices, shares = prod(ratios), prod(ratio for ratio in ratios if is_share_split(ratio))
    return replace(
        row,
        **{name: round(getattr(row, name) * prices, 4) for name in PRICES},
        volume=None if row.volume is None else row.volume / shares,
    )


def _without_noise(price: float) -> float:
    """398.39 of 398.3900146484375, which is the nearest that 32 bits can hold."""
    rounded = round(price, 4)
    return rounded if abs(price - rounded) <= price * _SINGLE_PRECISION else price


@dataclass(frozen=True)
class _Cents:
    """The rebuilt closes of one reading that can be tested: for each row its close, and whether it is whole cents."""

    tested: Sequence[tuple[date, float, bool]]

    @property
    def off(self) -> list[tuple[date, float]]:
        return [(day, close) for day, close, is_whole in self.tested if not is_whole]

    @property
    def refute(self) -> bool:
        """Whether too many closes are off the cent, or nearly all of the oldest ones, or every one of them."""
        odds = highest = 0.0
        for _, _, is_whole in self.tested:
            odds += _WHOLE if is_whole else _OFF
            highest = max(highest, odds)
        is_every_one = 0 < len(self.off) == len(self.tested)
        return highest > _ODDS or is_every_one or len(self.off) > max(1, _MANY_OFF * len(self.tested))


@dataclass(frozen=True)
class _Evidence:
    """What speaks for and against the readings of a file. `later`: the splits after its first row, ascending."""

    rows: Sequence[Row]
    later: Sequence[Split]
    known: KnownCloses

    def readings(self) -> list[Reading]:
        """As traded, as of the file's last day, and as of each split since."""
        last = self.rows[-1].date
        inside = tuple(split for split in self.later if split.date <= last)
        found = [RAW, *([Reading(last, inside)] if inside else [])]
        places = range(len(inside), len(self.later))
        return [*found, *(Reading(self.later[one].date, tuple(self.later[: one + 1])) for one in places)]

    def as_of(self, day: date) -> Reading:
        """The reading that a day names."""
        splits = tuple(split for split in self.later if split.date <= day)
        return Reading(day, splits) if splits else RAW

    def against(self, reading: Reading) -> str | None:
        """What refutes a reading, in words; None if nothing does."""
        return self.step_against(reading) or self.close_against(reading) or self.cents_against(reading)

    def step_against(self, reading: Reading) -> str | None:
        """A split must be a step in prices that are not adjusted for it, and in no others."""
        for split in self.later:
            steps = self.is_step(split)
            name = f"the split of {split.date} ({split.ratio:g} for 1)"
            if steps is True and split in reading.splits:
                return f"{name} is a step in its prices, so they are not {reading}"
            if steps is False and split not in reading.splits:
                return f"{name} is not a step in its prices, so they are not {reading}"
        return None

    def is_step(self, split: Split) -> bool | None:
        """Whether the prices step by a split; None where the rows around it do not tell."""
        if abs(log(split.ratio)) < _SMALLEST_STEP:
            return None
        before = [row.close for row in self.rows if timedelta(0) < split.date - row.date <= _LONGEST_GAP]
        after = [row.close for row in self.rows if timedelta(0) <= row.date - split.date <= _LONGEST_GAP]
        if not before or not after:
            return None
        move = log(median(before[-_CLOSES_BESIDE:]) / median(after[:_CLOSES_BESIDE]))
        return abs(move - log(split.ratio)) < abs(move)

    def close_against(self, reading: Reading) -> str | None:
        """The vendor's closes of the same days."""
        pairs = self._pairs(reading, self.known.vendor)
        differing = [pair for pair in pairs if not _agree(*pair[1:])]
        if len(differing) <= _OTHER_CLOSES * len(pairs):
            return None
        day, close, given = differing[0]
        return (
            f"{len(differing)} of the {len(pairs)} closes that the vendor gave too are different, read as {reading}, "
            f"such as on {day}: {close:g} in the file, {given:g} from the vendor; check the ticker and the basis"
        )

    def _pairs(self, reading: Reading, closes: Mapping[date, float]) -> list[tuple[date, float, float]]:
        shared = (row for row in self.rows if row.date in closes)
        return [(row.date, row.close * reading.factor(row.date), closes[row.date]) for row in shared]

    def cents_against(self, reading: Reading) -> str | None:
        """Traded closes are whole cents."""
        cents = self.cents(reading)
        if not cents.refute:
            return None
        back = ", put back to what was traded," if reading.splits else ""
        (day, close), (last, _) = cents.off[0], cents.off[-1]
        columns = self._tested_columns
        what = f"{len(self.rows) * len(columns)} {'closes' if len(columns) == 1 else 'prices'}"
        return (
            f"{len(cents.off)} of {what}{back} are not whole cents, such as {close:.4f} on {day}, and "
            f"the last of them is on {last}"
        )

    def cents(self, reading: Reading) -> _Cents:
        """The closes that can be tested, of a short file all prices. One that the vendor gave too was traded."""
        found = (one for name in self._tested_columns for one in self._tested(reading, name))
        return _Cents(sorted(((row.date, price, whole) for row, price, whole, _ in found), key=lambda one: one[0]))

    @property
    def _tested_columns(self) -> Sequence[str]:
        return PRICES if len(self.rows) < _SHORT else ("close",)

    def _tested(self, reading: Reading, name: str = "close") -> Iterable[tuple[Row, float, bool, float]]:
        for row in self.rows:
            factor = reading.factor(row.date)
            close = getattr(row, name) * factor
            error = max(_ROUNDING, self.unit * factor / 2, close * _SINGLE_PRECISION)
            if row.date < _CENTS_SINCE or close < 1 or error > _COARSEST:
                continue
            # Half of the last digit is not exact in binary: a little more is tolerated than the rounding allows.
            is_whole = abs(close - round(close / _CENT) * _CENT) <= error * 1.01
            given = self.known.vendor.get(row.date) if name == "close" else None
            yield row, close, is_whole or (given is not None and abs(close - given) <= error), error

    @cached_property
    def unit(self) -> float:
        """The last decimal that the file's prices have, USD: 0.01 if it is rounded to cents.

        A few prices with more decimals than the others do not count: they may come from elsewhere.
        """
        decimals = sorted((_decimals(row) for row in self.rows if row.close >= 1), reverse=True)
        enough = min(len(decimals), max(3, round(len(decimals) / 20)))
        return 10.0 ** -max(2, decimals[enough - 1]) if decimals else _CENT

    def likeliest(self, left: Sequence[Reading]) -> list[Reading]:
        """Those with which most of the vendor's closes agree, and which whole cents do not make very unlikely."""
        best = self.most_agreeing(left, self.known.vendor)
        return [one for one in best if all(self._odds(one, other) > -_CERTAIN for other in best)]

    def most_agreeing(self, left: Sequence[Reading], closes: Mapping[date, float]) -> list[Reading]:
        """Those with which most of these closes agree."""
        agreeing = {one: sum(_agree(*pair[1:]) for pair in self._pairs(one, closes)) for one in left}
        return [one for one in left if agreeing[one] == max(agreeing.values())]

    def _odds(self, one: Reading, other: Reading) -> float:
        """The log of how much likelier the first reading is than the second, by closes that are whole cents.

        If the other were right, only one close in a few would be whole cents by the first one as well: at 10 for 1
        between them one in ten.
        """
        return self._support(one, other) - self._support(other, one)

    def _support(self, one: Reading, other: Reading) -> float:
        total = 0.0
        for row, _, is_whole, error in self._tested(one):
            between = other.factor(row.date) / one.factor(row.date)
            new, _ = split_terms(between)
            by_chance = max(1 / new, error / _CENT * 2)
            if by_chance < 1 - _OFF_ANYWAY:
                total += log((1 - _OFF_ANYWAY) / by_chance if is_whole else _OFF_ANYWAY / (1 - by_chance))
        return total

    def is_tested(self, reading: Reading) -> bool:
        """Whether the file's decimals show if a close of this reading is whole cents. It is always if as traded."""
        return not reading.splits or bool(self.cents(reading).tested)


def _without_splits(rows: Sequence[Row], wanted: Wanted, known: KnownCloses) -> Reading:
    if wanted.basis == "split" or wanted.as_of:
        raise FileError(
            "the ticker's splits are unknown, and the adjustment cannot be undone without them: import them too"
        )
    evidence = _Evidence(rows, (), known)
    is_vendors = all(row.date in known.vendor for row in rows)
    if wanted.basis == "auto" and not is_vendors:
        raise FileError(
            "the ticker's splits are unknown, and without them nothing tells whether its prices are as traded or "
            "adjusted: import them too, in the same command or before"
        )
    reason = evidence.against(RAW)
    if reason:
        raise FileError(f"{reason}, so its prices are adjusted: {UNADJUSTED}")
    return RAW


def _allowed(readings: Sequence[Reading], evidence: _Evidence, wanted: Wanted) -> list[Reading]:
    """The readings that the command leaves open."""
    if wanted.as_of:
        return [evidence.as_of(wanted.as_of)]
    if wanted.basis == "raw":
        return [RAW]
    is_inside = any(evidence.is_step(split) is not None for split in evidence.later)
    return [one for one in readings if wanted.basis == "auto" or one is not RAW or not is_inside]


def _only(left: Sequence[Reading], wanted: Wanted, evidence: _Evidence) -> Reading:
    left = evidence.most_agreeing(left, evidence.known.imported)
    if len(left) == 1:
        return left[0]
    ways = [_way(one, evidence.rows[-1].date, wanted) for one in left]
    raise FileError(
        f"its prices can be read in {len(left)} ways, and nothing in them tells which is right: say "
        f"{', '.join(ways[:-1])} or {ways[-1]}"
    )


def _way(reading: Reading, last: date, wanted: Wanted) -> str:
    """The option that names a reading of a file whose last row is of the day `last`."""
    if reading is RAW and wanted.basis == "auto":
        return "--basis raw (as traded)"
    day = reading.as_of or last
    return f"--basis-as-of {day} ({'also for the split of that day' if day > last else 'adjusted up to its last day'})"


def _refuse_untested(left: Sequence[Reading], readings: Sequence[Reading], evidence: _Evidence) -> None:
    """The last reading that is left must not be the right one only because the file is too coarse to refute it."""
    by_cents = [text for one in readings if not evidence.step_against(one) and (text := evidence.cents_against(one))]
    if by_cents and len(left) == 1 and not evidence.is_tested(left[0]):
        raise FileError(
            f"{by_cents[0]}: if its prices are {left[0]}, say --basis-as-of {left[0].as_of}, as they are too coarse "
            f"to tell; if they are adjusted for dividends, {UNADJUSTED}"
        )


def _refusal(
    allowed: Sequence[Reading], others: Sequence[Reading], likely: Sequence[Reading], evidence: _Evidence
) -> str:
    """Why no reading that the command allows is right, and what to do. `likely`: those of the others that may be."""
    against = next(filter(None, map(evidence.against, allowed)), None)
    reason = against or (
        f"its closes are whole cents if they are {likely[0]}, and would hardly be if they were {allowed[0]}"
    )
    if likely == [RAW]:
        return f"{reason}: leave --basis out, or say --basis raw"
    if likely:
        days = " or ".join(f"--basis-as-of {one.as_of}" for one in likely if one.as_of)
        return f"{reason}: its prices are adjusted for splits, so say --basis split {days}"
    stepping = [one for one in (*allowed, *others) if evidence.step_against(one) is None]
    if not stepping:
        return f"{reason}; nor are they on any other basis: it mixes two, so import its parts one by one"
    by_cents = [text for one in stepping if (text := evidence.cents_against(one))]
    if len(by_cents) < len(stepping):
        return reason
    return (
        f"{by_cents[-1]}: its prices are adjusted for dividends, so {UNADJUSTED}. If they are not, a split is missing"
    )


def _agree(close: float, given: float) -> bool:
    return abs(close / given - 1) <= _CLOSE_TOLERANCE


def _decimals(row: Row) -> int:
    """The most decimals that one of the prices has."""
    return max(len(f"{getattr(row, name):.10f}".rstrip("0").partition(".")[2]) for name in PRICES)
