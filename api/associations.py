"""How each ticker's daily moves go with its volume, and with what was known before the session. Panels in; pure.

A pair is of two sessions of the calendar: a move across a session that the lake lacks is left out.
"""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats, quotient
from api.analytics.association import associate, share_above_mean, share_rising
from api.analytics.ranges import log_ranges
from api.analytics.returns import simple_returns
from api.cells import numbers
from api.history import on_window
from api.models.volatility import AssociationRow
from api.panel import Basis, Panel
from lake.universe import universe

MARKET = "VOO"
_VOLUME_LAGS = (-1, 0, 1)
_BEFORE = -1


def market_tickers() -> list[str]:
    """Whose bars `stand_ins` is made of: the universe's stocks, and VOO."""
    return [*_stocks(), MARKET]


def stand_ins(market: Panel, panel: Panel) -> dict[str, Floats]:
    """What takes the place of sentiment, on the axis of `panel`; `market` is a history of `market_tickers`."""
    stocks = market.of(_stocks()).values["close"]
    voo = {name: grid[:, market.column(MARKET)] for name, grid in market.values.items()}
    series = {
        "breadth_above_mean": share_above_mean(stocks),
        "breadth_rising": share_rising(stocks),
        "market_change": np.concatenate(([UNKNOWN], simple_returns(voo["close"]))),
        "market_range": log_ranges(voo["high"], voo["low"]),
    }
    return {name: on_window(values, panel) for name, values in series.items()}


def associations(
    panel: Panel, tickers: Sequence[str], basis: Basis, before: Mapping[str, Mapping[str, Floats]]
) -> list[AssociationRow]:
    """Of each ticker's moves with its volume, and with `before[ticker]`, series on the axis of `panel`."""
    return [row for ticker in tickers for row in _of_ticker(panel, ticker, basis, before[ticker])]


def _of_ticker(panel: Panel, ticker: str, basis: Basis, before: Mapping[str, Floats]) -> Iterator[AssociationRow]:
    column = panel.column(ticker)
    volume = panel.values["volume"][:, column]
    others = [("volume", volume, lag) for lag in _VOLUME_LAGS]
    others += [(name, series, _BEFORE) for name, series in before.items()]
    for move, moves in _moves(panel, column, basis).items():
        for name, series, lag in others:
            rho, low, high, n = associate(moves, series, lag)
            figures = dict(zip(("rho", "low", "high"), numbers(np.array((rho, low, high))), strict=True))
            yield AssociationRow.model_validate(
                {"ticker": ticker, "move": move, "with": name, "lag": lag, "n": n, **figures}
            )


def _moves(panel: Panel, column: int, basis: Basis) -> dict[str, Floats]:
    """Of the window's sessions, on the panel's axis; NaN at the base."""
    bars = {name: grid[:, column] for name, grid in panel.on(basis).items()}
    changes = quotient(bars["close"][1:], bars["close"][:-1]) - 1
    ranges = log_ranges(bars["high"], bars["low"])[1:]
    moves = {"change": changes, "absolute_change": np.abs(changes), "range": ranges}
    return {name: np.concatenate(([UNKNOWN], values)) for name, values in moves.items()}


def _stocks() -> list[str]:
    return [ticker for ticker, about in universe().items() if about.kind == "stock"]
