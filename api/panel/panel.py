"""The chosen tickers over the chosen sessions, as arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import Floats, quotient
from api.errors import NothingPublishedError, UnknownTickerError
from api.limits import RANGE_DAYS, ROWS
from api.panel.window import Between, Span, Window, resolve
from api.store.base import VALUES, Bars, Published, Store
from lake import calendar
from lake.snapshot import Manifest
from lake.universe import universe

Basis = Literal["split", "total", "raw"]
PRICES = ("open", "high", "low", "close")
WHOLE = RANGE_DAYS.most  # a lookback that reaches every ticker's first session


@dataclass(frozen=True)
class Panel:
    """Axis 0: the base, then the window's sessions, T = 1 + sessions. Axis 1: the tickers, N. NaN where missing.

    `held`: (T, N), where there is a bar. `values`: each of `store.base.VALUES` as (T, N). `newest`: (N,), the last
    known close ÷ total return index of each ticker in the snapshot. Row 0 is empty where the window has no base.
    `earlier`: the sessions before the base that were asked for with `lookback`, for figures that roll.
    """

    published: Published
    window: Window
    tickers: tuple[str, ...]
    held: npt.NDArray[np.bool_]
    values: Mapping[str, Floats]
    newest: Floats
    earlier: "Earlier"

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
        """One ticker's bars without gaps, from the earliest session loaded up to the window's end.

        With `lookback=WHOLE` it begins at the ticker's first session in the lake: what is seeded there, such as
        an EWMA, does not depend on the window.
        """
        column = self.column(ticker)
        held = np.concatenate((self.earlier.held[:, column], self.held[:, column]))
        axis = np.concatenate((self.earlier.days, self.axis))
        bars = {name: grid[held, column] for name, grid in self.extended(basis).items()}
        start = int(held[: len(self.earlier.days) + 1].sum())
        return History(axis[held], start=start, **bars)

    @property
    def axis(self) -> npt.NDArray[np.datetime64]:
        """(T,) the days of axis 0, NaT for a base that the calendar does not know."""
        return _axis_of(self.window)

    def column(self, ticker: str) -> int:
        """The place of a ticker on axis 1."""
        return self.tickers.index(ticker)

    def of(self, tickers: Sequence[str]) -> "Panel":
        """The same panel with only these tickers, in this order."""
        places = [self.column(ticker) for ticker in tickers]
        return replace(
            self,
            tickers=tuple(tickers),
            held=self.held[:, places],
            values={name: grid[:, places] for name, grid in self.values.items()},
            newest=self.newest[places],
            earlier=self.earlier.of(places),
        )


@dataclass(frozen=True)
class Earlier:
    """The sessions before a panel's base: `days` (E,), ascending; `held` and each of `values` (E, N)."""

    days: npt.NDArray[np.datetime64]
    held: npt.NDArray[np.bool_]
    values: Mapping[str, Floats]

    def of(self, places: Sequence[int]) -> "Earlier":
        """The same sessions of the tickers at these places."""
        values = {name: grid[:, places] for name, grid in self.values.items()}
        return Earlier(self.days, self.held[:, places], values)


@dataclass(frozen=True)
class History:
    """One ticker's bars, each (n,), ascending, without gaps; `volume` may be NaN, and on the total basis prices.

    `start`: the place of the window's first bar; those before it are the base's and earlier ones.
    """

    days: npt.NDArray[np.datetime64]
    open: Floats
    high: Floats
    low: Floats
    close: Floats
    volume: Floats
    start: int


async def published_now(store: Store) -> Published:
    """The served snapshot; NothingPublishedError where there is none."""
    published = await store.current()
    if published is None:
        raise NothingPublishedError("nothing is published in this lake yet; publish a snapshot, then ask again")
    return published


async def load_window(
    store: Store, tickers: Sequence[str], span: Span, benchmark: str | None = None, *, limited: bool = True
) -> tuple[Published, Window]:
    """The served snapshot and the window of `span` in it, for known tickers and an answer of bounded size.

    `limited`: whether the answer has a row for each bar, so that ROWS holds.
    """
    published = await published_now(store)
    manifest = published.manifest
    _refuse_unknown(manifest, "tickers", tickers)
    if benchmark is not None:
        _refuse_unknown(manifest, "benchmark", [benchmark])
    window = resolve(span, manifest.as_of, _first_session(manifest, tickers, together=benchmark is not None))
    rows = _rows_held(manifest, {*tickers, *([benchmark] if benchmark else ())}, window)
    if limited:
        ROWS.check(rows, span, "from" if isinstance(span, Between) else "range")
    return published, window


async def load_panel(
    store: Store,
    tickers: Sequence[str],
    span: Span,
    basis: Basis,
    *,
    benchmark: str | None = None,
    lookback: int = 0,
    limited: bool = True,
) -> Panel:
    """The panel of `tickers`, and of `benchmark` in the last column if it is not among them.

    With a benchmark the tickers are compared: `max` then begins where the last of them does. `lookback`: how many
    sessions before the base come along, as far as the lake has any, or WHOLE; see `Panel.extended`, `Panel.history`.
    `limited`: as for load_window.
    """
    published, window = await load_window(store, tickers, span, benchmark, limited=limited)
    manifest, chosen = published.manifest, tuple(tickers)
    if benchmark is not None and benchmark not in chosen:
        chosen = (*chosen, benchmark)
    earlier = sessions_before(window, lookback, _first_session(manifest, chosen, together=False))
    here = held_tickers(published, chosen)
    first = earlier[0] if earlier else window.begins
    last = manifest.as_of if basis == "total" else window.last  # the total basis is anchored at the newest close
    bars = await store.bars(published.snapshot, here, first, last)
    return panel_of(published, window, chosen, bars, earlier)


def sessions_before(window: Window, count: int, begins: date) -> Sequence[date]:
    """The last `count` sessions before a window's base, ascending, none before `begins`."""
    if window.base is None or count == 0:
        return ()
    days = calendar.sessions(begins, window.base)[:-1]
    return days[-count:]


def panel_of(
    published: Published, window: Window, tickers: tuple[str, ...], bars: Bars, earlier: Sequence[date] = ()
) -> Panel:
    """Lay bars out on the axes of a panel. Bars of other tickers or days have no place in it."""
    before = np.array(earlier, dtype="datetime64[D]")
    places = {ticker: place for place, ticker in enumerate(tickers)}
    columns = np.array([places[ticker] for ticker in bars.tickers], dtype=np.intp)
    held, values = _laid_out(bars, columns, np.concatenate((before, _axis_of(window))), len(tickers))
    count = len(before)
    own = {name: grid[count:] for name, grid in values.items()}
    old = Earlier(before, held[:count], {name: grid[:count] for name, grid in values.items()})
    return Panel(published, window, tickers, held[count:], own, _newest(bars, columns, len(tickers)), old)


def _laid_out(
    bars: Bars, columns: npt.NDArray[np.intp], axis: npt.NDArray[np.datetime64], count: int
) -> tuple[npt.NDArray[np.bool_], dict[str, Floats]]:
    """Where there is a bar, and each of VALUES, on axis × count. The axis ascends but for a NaT, which holds none."""
    order = np.argsort(axis)  # NaT last
    rows = order[np.minimum(np.searchsorted(axis, bars.days, sorter=order), len(axis) - 1)]
    known = axis[rows] == bars.days
    cells = (rows[known], columns[known])
    held = np.zeros((len(axis), count), dtype=np.bool_)
    held[cells] = True
    values = {name: np.full(held.shape, np.nan) for name in VALUES}
    for name in VALUES:
        values[name][cells] = bars.values[name][known]
    return held, values


def _axis_of(window: Window) -> npt.NDArray[np.datetime64]:
    return np.array([window.base or "NaT", *window.sessions], dtype="datetime64[D]")


def _on_basis(values: Mapping[str, Floats], basis: Basis, newest: Floats) -> dict[str, Floats]:
    if basis == "raw":
        return {name: values[f"raw_{name}"] for name in (*PRICES, "volume")}
    chosen = {name: values[name] for name in (*PRICES, "volume")}
    if basis == "total":
        scale = quotient(values["total_return_index"], chosen["close"]) * newest
        chosen |= {name: chosen[name] * scale for name in PRICES}
    return chosen


def held_tickers(published: Published, tickers: Iterable[str]) -> list[str]:
    """Those of which the snapshot has bars."""
    return [ticker for ticker in tickers if ticker in published.manifest.tickers]


def known_tickers(manifest: Manifest) -> list[str]:
    """The universe, in its order, then what else the snapshot holds."""
    return list(dict.fromkeys((*universe(), *sorted(manifest.tickers))))


def _newest(bars: Bars, columns: npt.NDArray[np.intp], count: int) -> Floats:
    newest = np.full(count, np.nan)
    ratio = quotient(bars.values["close"], bars.values["total_return_index"])
    newest[columns] = ratio  # ascending in time: the last one stays
    return newest


def _refuse_unknown(manifest: Manifest, parameter: str, tickers: Iterable[str]) -> None:
    known = known_tickers(manifest)
    unknown = [ticker for ticker in tickers if ticker not in known]
    if unknown:
        raise UnknownTickerError(parameter, unknown, known)


def _first_session(manifest: Manifest, tickers: Iterable[str], *, together: bool) -> date:
    firsts = [manifest.tickers[ticker].first for ticker in tickers if ticker in manifest.tickers]
    return (max(firsts) if together else min(firsts)) if firsts else manifest.as_of


def _rows_held(manifest: Manifest, tickers: Iterable[str], window: Window) -> int:
    """How many rows the window can give at most, known before anything is asked."""
    held = (manifest.tickers[ticker] for ticker in tickers if ticker in manifest.tickers)
    return sum(len(calendar.sessions(max(entry.first, window.begins), min(entry.last, window.last))) for entry in held)
