"""All that the lake has of some tickers up to the end of a window, for figures that look back before it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import UNKNOWN, Floats
from api.analytics.returns import simple_returns
from api.panel import PRICES, Basis, Panel, panel_of
from api.store.base import Bars, Store
from api.window import Between, resolve


async def load_history(store: Store, panel: Panel, tickers: Sequence[str]) -> Panel:
    """A panel of `tickers` from the first session of any to the end of the window of `panel`, without a base."""
    manifest = panel.published.manifest
    here = [ticker for ticker in tickers if ticker in manifest.tickers]
    first = min((manifest.tickers[ticker].first for ticker in here), default=panel.window.last)
    span = Between(min(first, panel.window.last), panel.window.last)
    window = replace(resolve(span, manifest.as_of, first), base=None)
    # up to as-of, not to the window's end: the total basis is anchored at the newest close
    bars = await store.bars(panel.published.snapshot, here, window.first, manifest.as_of) if here else Bars.of_rows(())
    return panel_of(panel.published, window, tuple(tickers), bars)


@dataclass(frozen=True)
class Past:
    """All known bars of one ticker in a history, (m,) each, ascending; `rows`: their places on its axis of `length`."""

    length: int
    rows: npt.NDArray[np.intp]
    opens: Floats
    highs: Floats
    lows: Floats
    closes: Floats
    volumes: Floats

    @property
    def befores(self) -> Floats:
        """The close before each bar; NaN for the first."""
        return np.concatenate(([UNKNOWN], self.closes))[: len(self.closes)]

    @property
    def returns(self) -> Floats:
        """(m − 1,) daily returns: each from the bar before that the lake has."""
        return simple_returns(self.closes)

    def on_window(self, values: Floats, panel: Panel) -> Floats:
        """A value of each of the last bars on the axis of the window's `panel`, NaN where there is none."""
        return on_window(placed(self.rows[len(self.rows) - len(values) :], values, self.length), panel)


def past_of(history: Panel, ticker: str, basis: Basis) -> Past:
    """The known bars of one ticker of a history."""
    column, bars = history.column(ticker), history.on(basis)
    rows = np.flatnonzero(np.isfinite(bars["close"][:, column]))
    return Past(len(history.held), rows, *(bars[name][rows, column] for name in (*PRICES, "volume")))


def placed(rows: npt.NDArray[np.intp], values: Floats, length: int) -> Floats:
    """`values` at `rows` of an axis of `length`, NaN elsewhere."""
    axis = np.full(length, UNKNOWN)
    axis[rows] = values
    return axis


def on_window(values: Floats, panel: Panel) -> Floats:
    """Of values on the axis of a history those on the axis of a panel, whose base and sessions are its last ones.

    NaN where the history begins later.
    """
    count = len(panel.held)
    kept = values[max(1, len(values) - count) :]  # row 0 of a history is empty
    return np.concatenate((np.full(count - len(kept), UNKNOWN), kept))
