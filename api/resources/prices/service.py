"""Daily bars with what a day's change and range are. Panel in, rows out; pure."""

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from api.analytics.arrays import Floats, quotient
from api.formatting import mean, numbers, times
from api.panel.panel import Basis, Panel
from api.resources.prices.schemas import PriceRow, PriceSummary

_COLUMNS = (
    *("open", "high", "low", "close", "volume"),
    *("change", "change_ratio", "range", "range_ratio", "gap", "intraday"),
)


def daily_figures(panel: Panel, basis: Basis) -> dict[str, Floats]:
    """Each of _COLUMNS as (sessions, tickers), without the base's row, which only the first changes need."""
    bars = panel.on(basis)
    before = bars["close"][:-1]
    figures = {name: grid[1:] for name, grid in bars.items()}
    spread = figures["high"] - figures["low"]
    return figures | {
        "change": figures["close"] - before,
        "change_ratio": quotient(figures["close"], before) - 1,
        "range": spread,
        "range_ratio": quotient(spread, figures["open"]),
        "gap": quotient(figures["open"], before) - 1,
        "intraday": quotient(figures["close"], figures["open"]) - 1,
    }


def price_rows(panel: Panel, figures: dict[str, Floats]) -> list[PriceRow]:
    """A row for each bar held, ascending in time, then ticker."""
    order = np.argsort(panel.tickers)
    session, column = np.nonzero(panel.held[1:, order])
    cells = (session, order[column])
    stamps = np.array(times(panel.window.sessions), dtype=object)[session].tolist()
    names = np.array(panel.tickers, dtype=object)[cells[1]].tolist()
    columns = zip(*(numbers(figures[name][cells]) for name in _COLUMNS), strict=True)
    return [
        PriceRow(time=time, ticker=ticker, **dict(zip(_COLUMNS, row, strict=True)))
        for time, ticker, row in zip(stamps, names, columns, strict=True)
    ]


def price_summary(panel: Panel, figures: dict[str, Floats]) -> list[PriceSummary]:
    """A few figures a ticker, in the order asked for."""
    return [_summary(panel, figures, column) for column in range(len(panel.tickers))]


def jumps_in_words(panel: Panel) -> list[str]:
    """A sentence for each split that raw prices show as a jump."""
    factors = quotient(panel.values["close"], panel.values["raw_close"])
    return [
        f"{panel.tickers[column]}: raw prices are as traded, so that its split of {day} shows as a change of price"
        for column in range(len(panel.tickers))
        for day in _steps(panel, factors[:, column])
    ]


def _steps(panel: Panel, factors: Floats) -> Iterator[str]:
    """The sessions at which an adjustment factor differs from that of the bar before."""
    known = np.flatnonzero(np.isfinite(factors))
    for earlier, later in pairwise(known):
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
