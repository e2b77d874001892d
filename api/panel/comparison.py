"""Tickers compared on the sessions they share, the base included. Panel in, arrays out; pure.

A ticker without any bar in the window takes no part in the pairing. Cumulative figures and drawdowns run from one
shared session to the next, whatever lies between. A daily return exists only where both of its sessions follow each
other in the calendar and are shared: the move across a hole is no day's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import Floats
from api.analytics.returns import simple_returns
from api.panel.panel import Basis, Panel

_Rows = npt.NDArray[np.intp]


@dataclass(frozen=True)
class Comparison:
    """`tickers`: those asked for; `taking_part`: those with a bar in the window.

    `rows`: the panel's rows that those share, ascending, row 0, the base, always first. `has_base`: whether they
    share it too. `closes` and `index`, (rows, tickers + benchmark): close on the basis and total return index, their
    first row NaN where there is no base.
    """

    panel: Panel
    tickers: tuple[str, ...]
    taking_part: tuple[str, ...]
    rows: _Rows
    has_base: bool
    closes: Floats
    index: Floats

    @cached_property
    def days(self) -> list[date | None]:
        """The base, if the window has one, and the shared sessions."""
        axis = (self.panel.window.base, *self.panel.window.sessions)
        return [axis[row] for row in self.rows]

    def ends(self, ticker: str) -> tuple[date | None, date | None]:
        """The first and the last session that a ticker's figures use, the base apart; None without any."""
        return (self.days[1], self.days[-1]) if ticker in self.taking_part and len(self.rows) > 1 else (None, None)

    @cached_property
    def returns(self) -> Floats:
        """(rows, tickers + benchmark) simple daily returns; NaN at row 0 and across a hole."""
        moves = simple_returns(self.closes)
        moves[np.diff(self.rows) > 1] = np.nan
        return np.vstack((np.full_like(self.closes[:1], np.nan), moves))


def compare(panel: Panel, tickers: tuple[str, ...], basis: Basis) -> Comparison:
    """The comparison of `tickers`; the panel may hold a benchmark beside them."""
    columns = [panel.column(ticker) for ticker in tickers]
    taking_part = [column for column in columns if panel.held[1:, column].any()]
    rows, has_base = _shared(panel, taking_part)
    grids = (panel.on(basis)["close"][rows], panel.values["total_return_index"][rows])
    closes, index = (grid if has_base else _without_base(grid) for grid in grids)
    names = tuple(panel.tickers[column] for column in taking_part)
    return Comparison(panel, tickers, names, rows, has_base, closes, index)


def column_of(grid: Floats, panel: Panel, ticker: str | None) -> Floats:
    """The column of a ticker in a grid of a panel; NaN throughout for None."""
    return np.full(len(grid), np.nan) if ticker is None else grid[:, panel.column(ticker)]


def inputs_of(comparison: Comparison, ticker: str, benchmark: str | None, rate: float = 0.0) -> dict[str, Floats]:
    """What the metrics of returns need of one ticker: `analytics.metric.INPUTS`, but for bars and history.

    Without a benchmark nothing is paired.
    """
    column = comparison.panel.column(ticker)
    prices = comparison.closes[:, column] if ticker in comparison.taking_part else np.full(1, np.nan)
    paired, against = _paired(comparison, prices, column, benchmark)
    moves, other_moves = (
        column_of(comparison.returns[: len(prices)], comparison.panel, name) for name in (ticker, benchmark)
    )
    both = np.isfinite(moves) & np.isfinite(other_moves)
    return {
        "prices": prices,
        "total_index": comparison.index[: len(prices), column],
        "sessions": np.array(float(comparison.rows[len(prices) - 1])),
        "returns": moves[np.isfinite(moves)],
        "rate": np.array(rate),
        "numbers": comparison.rows[1 : len(prices)].astype(np.float64),
        "closes": prices[1:],
        "paired_prices": paired,
        "paired_returns": moves[both],
        "benchmark_prices": against,
        "benchmark_returns": other_moves[both],
    }


def unpaired_warnings(counts: Iterable[tuple[str, int, int]], benchmark: str | None) -> list[str]:
    """A sentence for each ticker with fewer returns shared with the benchmark than of its own; `counts`: ticker, own,
    shared. One sentence for all where none shares any, as with a benchmark that the lake does not have."""
    known = [(ticker, own, shared) for ticker, own, shared in counts if own]
    if benchmark is None or not known:
        return []
    if not any(shared for _, _, shared in known):
        withheld = f"figures against {benchmark} are withheld: no daily return is shared with it"
        return [f"{withheld}; choose another ticker with benchmark=, or benchmark=none"]
    return [
        f"{ticker}: beta and other figures against {benchmark} use the {shared} of {own} daily returns that both have"
        for ticker, own, shared in known
        if shared < own
    ]


def _shared(panel: Panel, columns: list[int]) -> tuple[_Rows, bool]:
    if not columns:
        return np.zeros(1, dtype=np.intp), False
    everywhere: npt.NDArray[np.bool_] = np.all(panel.held[:, columns], axis=1)
    return np.append(0, np.flatnonzero(everywhere[1:]) + 1), bool(everywhere[0])


def _without_base(grid: Floats) -> Floats:
    return np.vstack((np.full_like(grid[:1], np.nan), grid[1:]))


def _paired(comparison: Comparison, prices: Floats, column: int, benchmark: str | None) -> tuple[Floats, Floats]:
    """A ticker's prices and the benchmark's on the rows that both have; the base is kept, NaN if either lacks it."""
    held = comparison.panel.held[comparison.rows[: len(prices)]]
    other = column_of(comparison.closes[: len(prices)], comparison.panel, benchmark)
    both = held[:, column] & (False if benchmark is None else held[:, comparison.panel.column(benchmark)])
    both[0] = True
    paired, against = prices[both], other[both]
    if np.isnan(paired[0] + against[0]):
        paired, against = (np.concatenate(([np.nan], series[1:])) for series in (paired, against))
    return paired, against
