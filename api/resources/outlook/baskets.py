"""Two baskets of tickers, each equally weighted and rebalanced daily, dividends included. Panel in; pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import Floats
from api.analytics.returns import simple_returns
from api.formatting import numbers, times
from api.panel.panel import Panel
from api.resources.outlook.schemas import OutlookRow, Side

SIDES: tuple[Side, Side] = ("a", "b")


@dataclass(frozen=True)
class Baskets:
    """Total returns of both baskets from one session that all members share to the next.

    `moves`: (m, 2), simple, each the mean of the members' returns; `days`: (m,), the session each ends on. `daily`:
    (m,), whether it is a daily return; one across a session that a member lacks is not. `base`: the shared session that
    the first move runs from.
    """

    names: tuple[str, str]
    base: np.datetime64
    days: npt.NDArray[np.datetime64]
    moves: Floats
    daily: npt.NDArray[np.bool_]

    @property
    def returns(self) -> Floats:
        """(n, 2) simple daily returns."""
        return self.moves[self.daily]

    @property
    def return_days(self) -> npt.NDArray[np.datetime64]:
        """(n,) the session of each daily return."""
        return self.days[self.daily]

    @property
    def logs(self) -> Floats:
        """(n, 2) daily log returns: ln(1 + r)."""
        return np.log1p(self.returns)

    @property
    def growth(self) -> Floats:
        """(m + 1, 2) simple returns since the base, which comes first, whatever lies between two sessions."""
        return np.vstack((np.zeros((1, 2)), np.cumprod(1 + self.moves, axis=0) - 1))

    def since(self, first: date) -> "Baskets":
        """The moves to the sessions from `first` on."""
        place = int(np.searchsorted(self.days, np.datetime64(first)))
        base = self.days[place - 1] if place else self.base
        return replace(self, base=base, days=self.days[place:], moves=self.moves[place:], daily=self.daily[place:])


def baskets_of(panel: Panel, a: Sequence[str], b: Sequence[str]) -> Baskets:
    """The baskets over all sessions of a panel, those of its lookback included."""
    closes = panel.extended("total")["close"]
    members = [[panel.column(ticker) for ticker in basket] for basket in (a, b)]
    # On the sessions that all members have, so that both baskets compound over the same days.
    known = np.flatnonzero(np.isfinite(closes[:, members[0] + members[1]]).all(axis=1))
    days = np.concatenate((panel.earlier.days, panel.axis))[known]
    # The mean of the members' returns is the return of equal weights that are restored every day.
    member_moves = simple_returns(closes[known])
    moves = np.column_stack([member_moves[:, columns].mean(axis=1) for columns in members])
    base = days[0] if len(days) else np.datetime64("NaT")
    return Baskets((name_of(a), name_of(b)), base, days[1:], moves, daily=np.diff(known) == 1)


def name_of(basket: Sequence[str]) -> str:
    """The name of a basket: META+GOOGL."""
    return "+".join(basket)


def growth_rows(baskets: Baskets, *, has_base: bool) -> list[OutlookRow]:
    """The growth of both since the base, ascending in time, then basket.

    Without the window's base growth is null and the base has no row.
    """
    days = [day.item() for day in (baskets.base, *baskets.days)]
    growth = baskets.growth if has_base else np.full_like(baskets.growth, np.nan)
    start = 0 if has_base else 1
    return [
        OutlookRow(time=time, basket=basket, name=name, growth=growth)
        for time, both in zip(times(days[start:]), growth[start:], strict=True)
        for basket, name, growth in zip(SIDES, baskets.names, numbers(both), strict=True)
    ]
