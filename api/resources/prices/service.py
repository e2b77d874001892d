"""Bars, and the change, range and gap of each. Panel in, rows out; pure."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from api.analytics.arrays import Floats, quotient
from api.formatting import mean, numbers
from api.http.rows import Rows
from api.panel.panel import Basis, Panel
from api.panel.period_bars import period_bars
from api.resources.prices.schemas import PriceRow, PriceSummary
from api.resources.rows import session_rows


def daily_figures(panel: Panel, basis: Basis) -> dict[str, Floats]:
    """Each figure of a daily PriceRow by name, (sessions, tickers)."""
    return _figures(panel.on(basis))


def price_rows(panel: Panel, basis: Basis) -> Rows[PriceRow]:
    """A row for each period with a bar, ascending in time, then ticker."""
    bars, order = period_bars(panel, basis), np.argsort(panel.tickers)
    period, column = np.nonzero(bars.held[1:, order])  # row-major: by period, then by ticker
    cells = (period, order[column])
    columns = {name: grid[cells] for name, grid in _figures(bars.values).items()}
    days = panel.axis[panel.periods.ends]
    return session_rows(PriceRow, days[period], np.array(panel.tickers)[cells[1]], columns)


def price_summary(panel: Panel, figures: dict[str, Floats]) -> list[PriceSummary]:
    """A summary of the daily figures of each ticker, in the order asked for."""
    return [_summary(panel, figures, column) for column in range(len(panel.tickers))]


def split_jump_warnings(panel: Panel) -> list[str]:
    """A sentence for each split that raw prices show as a jump."""
    # Split factors are no column of the panel, but they are what turns a raw close into the adjusted one.
    factors = quotient(panel.values["close"], panel.values["raw_close"])
    return [
        f"{panel.tickers[column]}: raw prices are as traded, so that its split of {day} shows as a change of price"
        for column in range(len(panel.tickers))
        for day in _split_days(panel, factors[:, column])
    ]


def _figures(bars: dict[str, Floats]) -> dict[str, Floats]:
    """The figures of bars, the base first; it is left out, only the first change needs it."""
    previous_closes = bars["close"][:-1]
    figures = {name: grid[1:] for name, grid in bars.items()}
    ranges = figures["high"] - figures["low"]
    return figures | {
        "change": figures["close"] - previous_closes,
        "change_ratio": quotient(figures["close"], previous_closes) - 1,
        "range": ranges,
        "range_ratio": quotient(ranges, figures["open"]),
        "gap": quotient(figures["open"], previous_closes) - 1,
        "intraday": quotient(figures["close"], figures["open"]) - 1,
    }


def _split_days(panel: Panel, factors: Floats) -> Iterator[str]:
    """The sessions at which the adjustment factor differs from that of the bar before."""
    known = np.flatnonzero(np.isfinite(factors))
    for earlier, later in pairwise(known):
        # Factors are quotients, which differ in their last bits without a split too.
        if not np.isclose(factors[earlier], factors[later], rtol=1e-6):
            yield panel.window.sessions[later - 1].isoformat()


def _summary(panel: Panel, figures: dict[str, Floats], column: int) -> PriceSummary:
    held = np.flatnonzero(panel.held[1:, column])
    newest = held[-1] if len(held) else None
    return PriceSummary(
        ticker=panel.tickers[column],
        sessions=len(held),
        last_session=None if newest is None else panel.window.sessions[newest],
        last_close=None if newest is None else numbers(figures["close"][[newest], column])[0],
        average_volume=mean(figures["volume"][:, column]),
        average_range_ratio=mean(figures["range_ratio"][:, column]),
    )
