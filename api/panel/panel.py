"""The chosen tickers over the chosen sessions, as arrays. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import Floats, quotient
from api.panel.coverage import Coverage, coverage_of
from api.panel.intervals import Interval, Periods, periods_of
from api.panel.window import Window, as_days
from api.store.protocol import VALUES, Days, Published, TickerBars

Basis = Literal["split", "total", "raw"]
PRICES = ("open", "high", "low", "close")


@dataclass(frozen=True)
class Panel:
    """Axis 0: the base, then the window's sessions, T = 1 + sessions. Axis 1: the tickers, N. NaN where missing.

    `held`: (T, N), where there is a bar. `values`: each of `store.protocol.VALUES` as (T, N). `newest`: (N,), the last
    known close ÷ total return index of each ticker in the snapshot. Row 0 is empty where the window has no base.
    `earlier`: the sessions before the base that were asked for with `lookback`, for rolling figures. `interval`: of the
    answer's rows.
    """

    published: Published
    window: Window
    tickers: tuple[str, ...]
    held: npt.NDArray[np.bool_]
    values: Mapping[str, Floats]
    newest: Floats
    earlier: "Earlier"
    interval: Interval = "1d"

    @cached_property
    def periods(self) -> Periods:
        """The runs of sessions that the answer's rows are of."""
        return periods_of(self.window, self.interval)

    @cached_property
    def coverage(self) -> list[Coverage]:
        """How much of the window each ticker fills, in their order."""
        return coverage_of(self.published.manifest, self.window, self.tickers, self.held)

    def on(self, basis: Basis) -> dict[str, Floats]:
        """open, high, low, close and volume, each (T, N), on a basis.

        `total` scales the four prices alike, so that the newest close of the snapshot equals the split-adjusted one.
        """
        return _on_basis(self.values, basis, self.newest)

    def extended(self, basis: Basis) -> dict[str, Floats]:
        """As `on`, with the earlier sessions above: each (E + T, N), the window's own rows the last T."""
        earlier = _on_basis(self.earlier.values, basis, self.newest)
        return {name: np.vstack((earlier[name], grid)) for name, grid in self.on(basis).items()}

    def history(self, ticker: str, basis: Basis) -> "History":
        """One ticker's bars, those that the lake has, from the earliest session loaded up to the window's end.

        With `lookback=WHOLE` it begins at the ticker's first session in the lake, so that what is seeded there, such
        as an EWMA, does not depend on the window.
        """
        column = self.column(ticker)
        held = np.concatenate((self.earlier.held[:, column], self.held[:, column]))
        axis = np.concatenate((self.earlier.days, self.axis))
        grids = {name: grid[:, column] for name, grid in self.extended(basis).items()}
        # The axis is the calendar's, so the row above is the session before, whether or not the lake has it.
        previous = np.concatenate(([np.nan], grids["close"][:-1]))
        bars = {name: grid[held] for name, grid in grids.items()}
        start = int(held[: len(self.earlier.days) + 1].sum())
        return History(axis[held], previous_close=previous[held], start=start, **bars)

    @cached_property
    def axis(self) -> Days:
        """(T,) the days of axis 0, NaT for a base that the calendar does not know."""
        return _axis_of(self.window)

    def column(self, ticker: str) -> int:
        """The place of a ticker on axis 1."""
        return self.tickers.index(ticker)

    def of(self, tickers: Iterable[str]) -> "Panel":
        """The same panel with only these tickers, each once, in this order.

        What is computed of each ticker alone, or beside the benchmark, takes such a panel: on the whole one every
        ticker would compute, and hold, the grids of all.
        """
        chosen = tuple(dict.fromkeys(tickers))
        places = [self.column(ticker) for ticker in chosen]
        return replace(
            self,
            tickers=chosen,
            held=self.held[:, places],
            values=_Columns(self.values, places),
            newest=self.newest[places],
            earlier=self.earlier.of(places),
        )


@dataclass(frozen=True)
class Earlier:
    """The sessions before a panel's base: `days` (E,), ascending; `held` and each of `values` (E, N)."""

    days: Days
    held: npt.NDArray[np.bool_]
    values: Mapping[str, Floats]

    def of(self, places: Sequence[int]) -> "Earlier":
        """The same sessions of the tickers at these places."""
        return Earlier(self.days, self.held[:, places], _Columns(self.values, places))


class _Columns(Mapping[str, Floats]):
    """Grids by name with only the columns at some places, each copied when it is read."""

    def __init__(self, grids: Mapping[str, Floats], places: Sequence[int]) -> None:
        self._grids, self._places = grids, places

    def __getitem__(self, name: str) -> Floats:
        columns: Floats = self._grids[name][:, self._places]
        return columns

    def __iter__(self) -> Iterator[str]:
        return iter(self._grids)

    def __len__(self) -> int:
        return len(self._grids)


@dataclass(frozen=True)
class History:
    """One ticker's bars, each (n,), ascending; `volume` may be NaN, and on the total basis prices.

    Sessions that the lake lacks have no place. `previous_close`: the close of the calendar's session before each, NaN
    where the lake lacks it. `start`: the place of the window's first bar; those before it are the base's and earlier
    ones.
    """

    days: Days
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    previous_close: Floats
    start: int

    @cached_property
    def returns(self) -> Floats:
        """(n,) simple daily returns, each from the session before; NaN across a hole and at the first bar."""
        return quotient(self.close, self.previous_close) - 1

    @property
    def linked(self) -> "npt.NDArray[np.bool_]":
        """(n,) whether the close of the session before each bar is known."""
        return np.isfinite(self.previous_close)


def panel_of(
    published: Published,
    window: Window,
    tickers: tuple[str, ...],
    bars: Mapping[str, TickerBars],
    earlier: Sequence[date] = (),
) -> Panel:
    """Lay bars out on the axes of a panel. Bars of other tickers and days are left out."""
    before = as_days(earlier)
    held, values, newest = _on_axes(bars, tickers, np.concatenate((before, _axis_of(window))))
    count = len(before)
    grids = dict(zip(VALUES, values, strict=True))
    own = {name: grid[count:] for name, grid in grids.items()}
    old = Earlier(before, held[:count], {name: grid[:count] for name, grid in grids.items()})
    return Panel(published, window, tickers, held[count:], own, newest, old)


def _on_axes(
    bars: Mapping[str, TickerBars], tickers: Sequence[str], axis: Days
) -> tuple[npt.NDArray[np.bool_], Floats, Floats]:
    """Where there is a bar, (axis, tickers), (VALUES, axis, tickers), and `Panel.newest`.

    The axis ascends but for a leading NaT. Each ticker's bars are read once.
    """
    held = np.zeros((len(axis), len(tickers)), dtype=np.bool_)
    values = np.full((len(VALUES), *held.shape), np.nan)
    last = np.full((len(VALUES), len(tickers)), np.nan)
    # searchsorted needs an ascending axis, and NaT is no day to sort by.
    start = int(np.isnat(axis).sum())  # a window without a base has nothing before it either
    for column, ticker in enumerate(tickers):
        own = bars.get(ticker)
        if own is None or not len(own.days):
            continue
        last[:, column] = own.values[:, -1]
        if len(axis) > start:
            rows = start + np.minimum(np.searchsorted(axis[start:], own.days), len(axis) - start - 1)
            known = axis[rows] == own.days
            held[rows[known], column] = True
            values[:, rows[known], column] = own.values[:, known]
    return held, values, quotient(last[VALUES.index("close")], last[VALUES.index("total_return_index")])


def _axis_of(window: Window) -> Days:
    return np.concatenate((np.array([window.base or "NaT"], dtype="datetime64[D]"), window.days))


def _on_basis(values: Mapping[str, Floats], basis: Basis, newest: Floats) -> dict[str, Floats]:
    if basis == "raw":
        return {name: values[f"raw_{name}"] for name in (*PRICES, "volume")}
    chosen = {name: values[name] for name in (*PRICES, "volume")}
    if basis == "total":
        scale = quotient(values["total_return_index"], chosen["close"]) * newest
        chosen |= {name: chosen[name] * scale for name in PRICES}
    return chosen
