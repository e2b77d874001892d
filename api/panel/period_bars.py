"""The bars of a panel's weeks, months and quarters, and which of them lack a session. Panel in, arrays out; pure."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from api.analytics.arrays import NAN, Flags, Floats, Integers
from api.panel.panel import Basis, Panel


@dataclass(frozen=True)
class PeriodBars:
    """The bars of P runs after the base, (1 + P, N): `held`, where the run has a bar; open, …, volume by name."""

    held: Flags
    values: dict[str, Floats]


def period_bars(panel: Panel, basis: Basis) -> PeriodBars:
    """First open, highest high, lowest low, last close and the sum of known volumes of the sessions held."""
    bars, starts = panel.on(basis), panel.periods.starts
    held = np.logical_or.reduceat(panel.held, starts, axis=0)
    rows = np.arange(len(panel.held))[:, None]
    first = np.minimum.reduceat(np.where(panel.held, rows, len(rows) - 1), starts, axis=0)
    last = np.maximum.reduceat(np.where(panel.held, rows, 0), starts, axis=0)
    values = {
        "open": np.take_along_axis(bars["open"], first, axis=0),
        "high": np.fmax.reduceat(bars["high"], starts, axis=0),
        "low": np.fmin.reduceat(bars["low"], starts, axis=0),
        "close": np.take_along_axis(bars["close"], last, axis=0),
        "volume": _sums(bars["volume"], starts),
    }
    return PeriodBars(held, {name: np.where(held, grid, NAN) for name, grid in values.items()})


def incomplete_periods(panel: Panel) -> list[tuple[date, ...]]:
    """Of each ticker the last sessions of the runs that have a bar and lack a session; none with interval=1d."""
    starts = panel.periods.starts[1:]
    if panel.interval == "1d" or not len(starts):
        return [()] * len(panel.tickers)
    found = np.add.reduceat(panel.held.astype(np.intp), starts, axis=0)
    sizes = np.diff(np.append(starts, len(panel.held)))[:, None]
    short = (found > 0) & (found < sizes)
    days = panel.axis[panel.periods.ends]
    return [tuple(days[short[:, column]].tolist()) for column in range(len(panel.tickers))]


def _sums(values: Floats, starts: Integers) -> Floats:
    known = np.isfinite(values)
    sums = np.add.reduceat(np.where(known, values, 0), starts, axis=0)
    return np.where(np.logical_or.reduceat(known, starts, axis=0), sums, NAN)
