"""Which bars and events of one ticker are held back: from bars, events and what answers say of them. Pure.

A bar is compared with the last good close before it, on the basis of its day: what is held back is no measure for
what follows. So one absurd bar is held back alone, and a new level from its first bar on until it is confirmed.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from math import log, prod
from statistics import median

from glue.freeze.held import WITHDRAWN_SPLIT, WRONG_SPLIT, Held
from glue.merge.precedence import REPLACING
from lake import calendar
from lake.splits import contradicts_split, may_be_a_split, move_beside_split

ABSURD = 4  # times the close before: no listed share moves so far in a session without a split, hardly ever in a year
CONFIRMATIONS = 2  # later answers with the same close, after which an absurd bar is believed
SAME = 0.005  # two closes are the same within this
SPLIT_LAG = 5  # sessions after which a vendor's list of splits has the split of a jump, if it was one
LONGEST_HOLE = 60  # sessions; over a longer hole a price may have moved anywhere
LARGE_DIVIDEND = 0.2  # of the price: an ordinary one is below a twentieth
_OWN_RATIO = 0.1  # logs by which a market may move while a bar is off by a split
_FIRST_BARS = 5  # their median close is what a ticker's first bar is compared with
_EXCURSION = 20  # sessions within which bars on another basis are over
# In logs. A smaller split cannot be told from a normal day's move where nothing but the price speaks of it; a smaller
# stock dividend than 4 % not even where an older answer had it.
_SMALLEST_STEP, SMALLEST_DROPPED = log(1.2), log(1.039)
_CLEARLY, _RATHER = 3, 2  # times nearer with a split than without it, or the other way round

ABSURD_PRICE, UNEXPLAINED, OTHER_BASIS = "absurd_price", "unexplained_jump", "other_basis"
WAITING_RULES = (UNEXPLAINED, WRONG_SPLIT)  # of a bar behind which all later ones wait too


@dataclass(frozen=True)
class Bar:
    """One session as traded."""

    day: date
    open: float
    high: float
    low: float
    close: float
    source: str = ""


@dataclass(frozen=True)
class Answer:
    """What one answer gave as the close of a session. `fetched_at`: ISO, UTC."""

    fetched_at: str
    source: str
    close: float


@dataclass(frozen=True)
class TickerRecords:
    """One ticker: bars ascending; events as (day, value); the answers by session, as far as a bar needs them.

    `judged_from`: bars before it were judged by an earlier run. `splits_seen`: when the newest answer about its splits
    was fetched. `trusted`: the kinds of events, splits or dividends, that an operator has imported over the vendor's.
    `dropped`: splits that older answers had and the current ones have not.
    """

    ticker: str
    bars: Sequence[Bar]
    splits: Sequence[tuple[date, float]] = ()
    dividends: Sequence[tuple[date, float]] = ()
    answers: Mapping[date, Sequence[Answer]] = field(default_factory=dict)
    judged_from: date = date.min
    splits_seen: str = ""
    trusted: frozenset[str] = frozenset()
    dropped: Sequence[tuple[date, float]] = ()


def is_absurd(before: float, bar: Bar) -> bool:
    """Whether a price of the bar is over 4 times or under a quarter of the close before."""
    return bar.high > ABSURD * before or bar.low * ABSURD < before


def is_known_since(day: date, splits_seen: str) -> bool:
    """Whether an answer about the splits came so late that a split of that day would be in it."""
    if not splits_seen:
        return False
    later = calendar.sessions(day, day + timedelta(days=2 * SPLIT_LAG + 5))
    return len(later) > SPLIT_LAG and splits_seen[:10] > later[SPLIT_LAG].isoformat()


def resembles_own_split(step: float, splits: Sequence[tuple[date, float]]) -> bool:
    """Whether a step in logs is about the product of some consecutive splits of the ticker."""
    return any(abs(abs(step) - abs(own)) < _OWN_RATIO for own in _own_steps(splits))


def judge(records: TickerRecords) -> list[Held]:
    """What is held back of the bars from `judged_from` on, and of the events that fall on them."""
    return _Walk(records).run()


class _Walk:
    """One pass over a ticker's bars, ascending; `held` is what it has found so far."""

    def __init__(self, records: TickerRecords) -> None:
        self._records = records
        self._held: list[Held] = []
        self._ignored: list[tuple[date, float]] = []  # splits that are held back
        self._restored: list[tuple[date, float]] = []  # dropped splits that count nevertheless
        self._good: list[Bar] = []

    def run(self) -> list[Held]:
        """What is held back."""
        records, last = self._records, self._first_measure()
        spike: Bar | None = None  # the good bar before one that is absurd and confirmed
        for place, bar in enumerate(records.bars):
            if last is None or bar.day < records.judged_from or _hole(last, bar) > LONGEST_HOLE:
                last, spike = bar, None
                continue
            after = records.bars[place + 1 :]
            last = self._judge_splits(last, bar)
            wrong = self._wrong_split(last, bar, after) or self._wrong(last, bar, after)
            if wrong and spike and not self._wrong(spike, bar, ()):
                wrong = None  # back from the confirmed spike
            if wrong:
                self._held.append(wrong)
                if wrong.rule in WAITING_RULES:
                    self._held += (self._waiting(later, wrong) for later in after)
                    break
                continue
            self._held += self._implausible_dividends(last, bar)
            spike = last if is_absurd(self._expected(last, bar), bar) else None
            self._good.append(bar)
            last = bar
        return self._held

    def _first_measure(self) -> Bar | None:
        """The median of the first closes, on the first bar's day and basis; None where the first bar is believed."""
        first = self._records.bars[: _FIRST_BARS if self._records.bars else 0]
        if not first or first[0].day < self._records.judged_from or len(first) < _FIRST_BARS:
            return None
        close = median(bar.close * self._ratio(first[0].day, bar.day) for bar in first)
        measure = Bar(first[0].day, close, close, close, close)
        return measure if is_absurd(close, first[0]) else None

    def _expected(self, last: Bar, bar: Bar) -> float:
        """The last good close on the basis of the bar's day."""
        return last.close / self._ratio(last.day, bar.day)

    def _ratio(self, after: date, until: date) -> float:
        return prod(value for _, value in self._splits_between(after, until))

    def _splits_between(self, after: date, until: date) -> list[tuple[date, float]]:
        splits = (*(one for one in self._records.splits if one not in self._ignored), *self._restored)
        return [one for one in splits if after < one[0] <= until]

    def _judge_splits(self, last: Bar, bar: Bar) -> Bar:
        """Hold back splits that the bar does not show, and take one back that it shows late.

        The last good bar, which is an earlier one where bars turn out to be on the basis before a late split.
        """
        if "splits" in self._records.trusted:
            return last
        self._restore_splits(last, bar)
        ratio = self._ratio(last.day, bar.day)
        stands, applied = self._move(last.close, bar), self._move(last.close / ratio, bar)
        if applied > max(_SMALLEST_STEP, _CLEARLY * stands):
            why = "does not show in its price"
            self._hold_splits(self._splits_between(last.day, bar.day), "implausible_split", why, last, bar)
        elif self._ignored and ratio == 1:
            day, value = self._ignored[-1]
            if _sessions(day, bar.day) <= SPLIT_LAG + 1 and stands > max(
                _SMALLEST_STEP, _CLEARLY * self._move(last.close / value, bar)
            ):
                return self._apply_late(day, last)
        return last

    def _restore_splits(self, last: Bar, bar: Bar) -> None:
        """A split that only older answers have counts if the bar fits it better than what the newest answer has."""
        expected, ticker = self._expected(last, bar), self._records.ticker
        for day, value in self._records.dropped:
            instead = self._splits_between(max(last.day, day - timedelta(days=1)), min(day, bar.day))
            restored = expected * prod(other for _, other in instead) / value
            is_large = abs(log(expected / restored)) > SMALLEST_DROPPED
            is_between = last.day < day <= bar.day
            if not (is_between and is_large and self._move(expected, bar) > _RATHER * self._move(restored, bar)):
                continue
            self._hold_splits(instead, "implausible_split", "does not show in its price", last, bar)
            self._restored.append((day, value))
            figures = f"{last.close:.10g} before it and {bar.close:.10g} after it"
            message = (
                f"{ticker}'s split of {value:.10g} on {day} is missing in the newest answer about its splits, and its "
                f"price shows it: {figures}"
            )
            self._held.append(Held(ticker, "split", str(day), WITHDRAWN_SPLIT, message, repr(float(value))))
            return

    def _wrong_split(self, last: Bar, bar: Bar, after: Sequence[Bar]) -> Held | None:
        """The bar, if it and those after it step by another ratio than the known splits of its day, which are held.

        A single bar that does so is wrong itself.
        """
        splits = self._splits_between(last.day, bar.day)
        is_decided = "splits" in self._records.trusted or bar.source.startswith(REPLACING)
        if not splits or is_decided or _hole(last, bar) > SPLIT_LAG:
            return None
        if not all(self._contradicts(last, one) for one in (bar, *after[:SPLIT_LAG])):
            return None
        self._hold_splits(splits, WRONG_SPLIT, "is not the step in its price", last, bar)
        opens = f"opens at {bar.open:.10g} and closes at {bar.close:.10g} after a close of {last.close:.10g}"
        names = " and ".join(f"{value:.10g} on {day}" for day, value in splits)
        return self._hold_bar(bar, WRONG_SPLIT, f"{opens}, which a split of {names} does not explain")

    def _contradicts(self, last: Bar, bar: Bar) -> bool:
        return contradicts_split(self._ratio(last.day, bar.day), last.close, bar.open, bar.close)

    def _move(self, before: float, bar: Bar) -> float:
        """The log of the smaller step from a close to the bar's open or close."""
        return move_beside_split(1, before, bar.open, bar.close)

    def _hold_splits(self, splits: Sequence[tuple[date, float]], rule: str, why: str, last: Bar, bar: Bar) -> None:
        ticker = self._records.ticker
        for day, value in splits:
            self._ignored.append((day, value))
            figures = f"{last.close:.10g} before it and {bar.close:.10g} after it"
            message = f"{ticker}'s split of {value:.10g} on {day} {why}: {figures}"
            self._held.append(Held(ticker, "split", str(day), rule, message, repr(float(value))))

    def _apply_late(self, day: date, last: Bar) -> Bar:
        """The split counts after all: the bars since its day were still on the basis before it."""
        ticker = self._records.ticker
        self._held = [one for one in self._held if (one.kind, one.date) != ("split", str(day))]
        self._ignored.pop()
        for late in [one for one in self._good if one.day >= day]:
            figures = f"closes at {late.close:.10g}, as before the split of {day}, which later bars show"
            self._held.append(
                Held(ticker, "bar", str(late.day), OTHER_BASIS, f"{ticker}'s bar of {late.day} {figures}")
            )
        before = [one for one in self._records.bars if one.day < day]
        self._good = [one for one in self._good if one.day < day]
        return before[-1] if before else last

    def _moves(self, before: float, bar: Bar) -> bool:
        return is_absurd(before, bar) or may_be_a_split(before, bar.open, bar.close)

    def _wrong(self, last: Bar, bar: Bar, after: Sequence[Bar]) -> Held | None:
        """Why the bar is held back; None where it is good."""
        before = self._expected(last, bar)
        if bar.source.startswith(REPLACING) or not self._moves(before, bar):
            return None
        if resembles_own_split(log(bar.close / before), self._records.splits) and self._returns(last, bar, after):
            why = f"closes at {bar.close:.10g} between bars near {before:.10g}, as if on the basis of another split"
            return self._hold_bar(bar, OTHER_BASIS, why)
        if is_absurd(before, bar):
            if self._confirmations(bar) >= CONFIRMATIONS:
                return None
            price = bar.high if bar.high > ABSURD * before else bar.low
            why = f"has a price of {price:.10g} after a close of {before:.10g}, and no split explains it"
            return self._hold_bar(bar, ABSURD_PRICE, why)
        if self._explained(bar):
            return None
        opens = f"opens at {bar.open:.10g} and closes at {bar.close:.10g} after a close of {before:.10g}"
        return self._hold_bar(bar, UNEXPLAINED, f"{opens}, like a split, and no known split explains it")

    def _hold_bar(self, bar: Bar, rule: str, why: str) -> Held:
        ticker = self._records.ticker
        return Held(ticker, "bar", str(bar.day), rule, f"{ticker}'s bar of {bar.day} {why}")

    def _waiting(self, bar: Bar, jump: Held) -> Held:
        message = f"{self._records.ticker}'s bar of {bar.day} waits, because that of {jump.date} does"
        return Held(self._records.ticker, "bar", str(bar.day), jump.rule, message)

    def _returns(self, last: Bar, bar: Bar, after: Sequence[Bar]) -> bool:
        """Whether the bars soon come back to the level before this one, and by one step."""
        step = log(bar.close / self._expected(last, bar))
        for one, other in pairwise((bar, *after[:_EXCURSION])):
            back = log(other.close / self._expected(one, other))
            if (
                abs(back + step) < 2 * _OWN_RATIO
                and abs(log(other.close / self._expected(last, other))) < abs(step) / 2
            ):
                return True
        return False

    def _confirmations(self, bar: Bar) -> int:
        """How many answers after the first have given this close."""
        moments = {
            (answer.fetched_at, answer.source)
            for answer in self._records.answers.get(bar.day, ())
            if abs(answer.close / bar.close - 1) <= SAME
        }
        return len({moment for moment, _ in moments}) - 1

    def _explained(self, bar: Bar) -> bool:
        """Whether the splits were asked for after the bar had first come, and none of them explains it."""
        seen = self._records.splits_seen
        first = min((answer.fetched_at for answer in self._records.answers.get(bar.day, ())), default=None)
        return is_known_since(bar.day, seen) or (first is not None and seen >= first)

    def _implausible_dividends(self, last: Bar, bar: Bar) -> Iterator[Held]:
        before, ticker = self._expected(last, bar), self._records.ticker
        for day, amount in self._records.dividends:
            if not last.day < day <= bar.day or amount < LARGE_DIVIDEND * before:
                continue
            is_shown = before - bar.close >= amount / 2 or "dividends" in self._records.trusted
            if amount < before and is_shown:
                continue
            why = "is above the close before" if amount >= before else "does not show in the price"
            figures = f"{amount:.10g} against {before:.10g}, then {bar.close:.10g}"
            message = f"{ticker}'s dividend of {amount:.10g} with ex-date {day} {why}: {figures}"
            yield Held(ticker, "dividend", str(day), "implausible_dividend", message, repr(float(amount)))


def _own_steps(splits: Sequence[tuple[date, float]]) -> Iterator[float]:
    ordered = [log(ratio) for _, ratio in sorted(splits)]
    for start in range(len(ordered)):
        for end in range(start + 1, len(ordered) + 1):
            yield sum(ordered[start:end])


def _hole(last: Bar, bar: Bar) -> int:
    """Sessions between two bars."""
    return max(0, _sessions(last.day, bar.day) - 2)


def _sessions(first: date, last: date) -> int:
    return len(calendar.sessions(first, last))
