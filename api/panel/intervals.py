"""Rows of weeks, months and quarters: the window's sessions in runs. Pure.

Only rows are sampled: summary figures and correlations are computed on daily data, whatever the interval.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

import numpy as np

from api.analytics.arrays import NAN, Floats, Integers, quotient
from api.panel.window import Window
from api.store.protocol import Days
from lake import calendar

Interval = Literal["1d", "1w", "1mo", "3mo"]
IntervalChoice = Literal["1d", "1w", "1mo", "3mo", "auto"]  # auto: the service chooses, see row_count
INTERVALS: tuple[Interval, ...] = ("1d", "1w", "1mo", "3mo")  # from the finest to the coarsest
_NOUNS: dict[Interval, str] = {"1w": "week", "1mo": "month", "3mo": "quarter"}


@dataclass(frozen=True)
class Periods:
    """The rows of a panel's axis 0 in runs of one interval: sessions, weeks from Monday, months or quarters.

    `numbers`: (T,) the run of each row, ascending by one from 0; −1 for the base, which is in none.
    """

    interval: Interval
    window: Window
    numbers: Integers

    @cached_property
    def ends(self) -> Integers:
        """(P,) the row of the last session of each run."""
        return self.last_places(np.arange(1, len(self.numbers))) + 1

    @cached_property
    def starts(self) -> Integers:
        """(1 + P,) the row at which the base and each run begins."""
        return np.flatnonzero(np.diff(self.numbers, prepend=-2))

    def last_places(self, rows: Integers) -> Integers:
        """Of (n,) ascending rows the places of the last one in each run; the base is its own."""
        numbers = self.numbers[rows]
        return np.flatnonzero(np.append(numbers[1:] != numbers[:-1], True)[: len(rows)])

    def days(self, axis: Days, rows: Integers) -> Days:
        """The last session of the run of each of (n,) rows, whether or not it is held; the base's own day."""
        numbers = self.numbers[rows]
        return np.where(numbers < 0, axis[0], axis[self.ends[numbers]]) if len(self.ends) else axis[rows]

    def returns(self, closes: Floats, rows: Integers) -> Floats:
        """(n,) close ÷ the close of the run before − 1 of the closes at (n,) rows, the last in their runs.

        NaN at the first, and where the run before has no close: a move across a hole is no period's.
        """
        moves = quotient(closes[1:], closes[:-1]) - 1
        moves[np.diff(self.numbers[rows]) != 1] = NAN
        return np.concatenate(([NAN], moves))[: len(closes)]


def periods_of(window: Window, interval: Interval) -> Periods:
    """The runs of a window's sessions; the first and the last of them may be cut by the window."""
    keys = period_keys(window.days, interval)
    numbers = np.concatenate(([-1], np.cumsum(np.append(0, keys[1:] != keys[:-1])[: len(keys)]))).astype(np.intp)
    return Periods(interval, window, numbers)


def cut_period_warnings(periods: Periods, as_of: date) -> list[str]:
    """What the first and the last run of the window lack: it begins within one, or ends within one."""
    window, interval = periods.window, periods.interval
    if interval == "1d" or not window.sessions:
        return []
    first, last, noun = window.sessions[0], window.sessions[-1], _NOUNS[interval]
    warnings = []
    if window.base is not None and _same(window.base, first, interval):
        warnings.append(f"interval={interval}: the first {noun} begins with the window, on {first}")
    following = calendar.sessions(last + timedelta(days=1), last + timedelta(days=31))[:1]
    if following and _same(last, following[0], interval):
        state = "is still running, its row is of the sessions up to" if last >= as_of else "ends with the window, on"
        warnings.append(f"interval={interval}: the last {noun} {state} {last}")
    return warnings


def period_keys(sessions: Days, interval: Interval) -> Integers:
    """(n,) a number for each of n sessions, equal within a run."""
    days = sessions.astype(np.int64)
    if interval == "1d":
        return days
    if interval == "1w":
        return (days + 3) // 7  # 1970-01-01 was a Thursday: weeks begin on Monday
    months = sessions.astype("datetime64[M]").astype(np.int64)
    return months if interval == "1mo" else months // 3


def _same(one: date, other: date, interval: Interval) -> bool:
    keys = period_keys(np.array([one, other], dtype="datetime64[D]"), interval)
    return bool(keys[0] == keys[1])
