"""The chosen tickers over the chosen sessions, as arrays."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import Floats, quotient
from api.errors import NothingPublishedError, UnknownTickerError
from api.limits import ROWS
from api.store.base import VALUES, Bars, Published, Store
from api.window import Between, Span, Window, resolve
from lake import calendar
from lake.snapshot import Manifest
from lake.universe import universe

Basis = Literal["split", "total", "raw"]
PRICES = ("open", "high", "low", "close")


@dataclass(frozen=True)
class Panel:
    """Axis 0: the base, then the window's sessions, T = 1 + sessions. Axis 1: the tickers, N. NaN where missing.

    `held`: (T, N), where there is a bar. `values`: each of `store.base.VALUES` as (T, N). `newest`: (N,), the last
    known close ÷ total return index of each ticker in the snapshot. Row 0 is empty where the window has no base.
    """

    published: Published
    window: Window
    tickers: tuple[str, ...]
    held: npt.NDArray[np.bool_]
    values: Mapping[str, Floats]
    newest: Floats

    def on(self, basis: Basis) -> dict[str, Floats]:
        """open, high, low, close and volume, each (T, N), on a basis.

        `total` scales the four prices alike, so that the newest close of the snapshot equals the split-adjusted one.
        """
        if basis == "raw":
            return {name: self.values[f"raw_{name}"] for name in (*PRICES, "volume")}
        chosen = {name: self.values[name] for name in (*PRICES, "volume")}
        if basis == "total":
            scale = quotient(self.values["total_return_index"], chosen["close"]) * self.newest
            chosen |= {name: chosen[name] * scale for name in PRICES}
        return chosen

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
        )


async def published_now(store: Store) -> Published:
    """The served snapshot; NothingPublishedError where there is none."""
    published = await store.current()
    if published is None:
        raise NothingPublishedError("nothing is published in this lake yet; publish a snapshot, then ask again")
    return published


async def load_panel(
    store: Store, tickers: Sequence[str], span: Span, basis: Basis, *, benchmark: str | None = None
) -> Panel:
    """The panel of `tickers`, and of `benchmark` in the last column if it is not among them.

    With a benchmark the tickers are compared: `max` then begins where the last of them does.
    """
    published = await published_now(store)
    manifest = published.manifest
    _refuse_unknown(manifest, "tickers", tickers)
    chosen = tuple(tickers)
    if benchmark is not None and benchmark not in chosen:
        _refuse_unknown(manifest, "benchmark", [benchmark])
        chosen = (*chosen, benchmark)
    window = resolve(span, manifest.as_of, _first_session(manifest, tickers, together=benchmark is not None))
    ROWS.check(_rows_held(manifest, chosen, window), span, "from" if isinstance(span, Between) else "range")
    here = [ticker for ticker in chosen if ticker in manifest.tickers]
    last = manifest.as_of if basis == "total" else window.last  # the total basis is anchored at the newest close
    bars = await store.bars(published.snapshot, here, window.begins, last) if here else Bars.of_rows(())
    return panel_of(published, window, chosen, bars)


def panel_of(published: Published, window: Window, tickers: tuple[str, ...], bars: Bars) -> Panel:
    """Lay bars out on the axes of a panel. Bars of other tickers or days have no place in it."""
    axis = np.array([window.base or "NaT", *window.sessions], dtype="datetime64[D]")
    rows = np.searchsorted(axis[1:], bars.days) + 1 if len(axis) > 1 else np.zeros(len(bars.days), dtype=np.intp)
    rows = np.where(bars.days == axis[0], 0, np.minimum(rows, len(axis) - 1))
    places = {ticker: place for place, ticker in enumerate(tickers)}
    columns = np.array([places[ticker] for ticker in bars.tickers], dtype=np.intp)
    known = axis[rows] == bars.days
    cells = (rows[known], columns[known])
    held = np.zeros((len(axis), len(tickers)), dtype=np.bool_)
    held[cells] = True
    values = {name: np.full(held.shape, np.nan) for name in VALUES}
    for name in VALUES:
        values[name][cells] = bars.values[name][known]
    return Panel(published, window, tickers, held, values, _newest(bars, columns, len(tickers)))


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
