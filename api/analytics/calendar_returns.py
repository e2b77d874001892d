"""Returns of calendar months and years: the last close of a period ÷ the last close of the one before − 1.

https://pandas.pydata.org/docs `resample("ME").last().pct_change()` computes the same. Libraries that compound daily
returns give the first period a return that begins inside it; here a period without the earlier close has none.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import NAN, Floats, Integers

Period = Literal["month", "year"]
Days = npt.NDArray[np.datetime64]
_UNIT: dict[Period, str] = {"month": "M", "year": "Y"}


@dataclass(frozen=True)
class PeriodReturns:
    """One row a period that has a close, ascending.

    `periods`: (p,) as datetime64 of the unit. `closing`: (p,) the row of the period's last close. `opening`: (p,) the
    row of the close it is measured from, −1 where there is none. `returns`: (p,) NaN where there is no such close.
    """

    periods: Days
    closing: Integers
    opening: Integers
    returns: Floats


def period_returns(days: Days, closes: Floats, by: Period) -> PeriodReturns:
    """The returns of (n,) closes without NaN on ascending days.

    A period follows the one before it in the calendar: where a whole month or year has no close, the next one has no
    return.
    """
    if not len(days):
        nothing = np.zeros(0, dtype=np.intp)
        return PeriodReturns(days, nothing, nothing, np.zeros(0))
    stamps = days.astype(f"datetime64[{_UNIT[by]}]")
    closing = np.flatnonzero(np.append(stamps[1:] != stamps[:-1], True))
    periods = stamps[closing]
    follows = np.concatenate(([False], np.diff(periods).astype(np.int64) == 1))
    opening = np.where(follows, np.roll(closing, 1), -1)
    # Where there is no earlier close, −1 takes the last one, and the result is discarded.
    returns = np.where(follows, closes[closing] / closes[opening] - 1, NAN)
    return PeriodReturns(periods, closing, opening, returns)
