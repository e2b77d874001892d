"""How each ticker's daily moves go with its volume, and with what was known before the session. Panel in; pure.

A pair is of two sessions of the calendar: a move across a session that the lake lacks is left out.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats
from api.analytics.association import associate
from api.analytics.ranges import log_ranges
from api.analytics.returns import simple_returns
from api.formatting import numbers
from api.panel.panel import Basis, Panel
from api.resources.volatility.predictors import Forerunners
from api.resources.volatility.schemas import AssociationRow

_VOLUME_LAGS = (-1, 0, 1)
_BEFORE = -1


def associations(panel: Panel, basis: Basis, forerunners: Forerunners) -> list[AssociationRow]:
    """Of each ticker's moves with its volume and its forerunners, in the order asked for."""
    return [row for ticker in panel.tickers for row in _of_ticker(panel, ticker, basis, forerunners[ticker])]


def _of_ticker(panel: Panel, ticker: str, basis: Basis, before: Mapping[str, Floats]) -> Iterator[AssociationRow]:
    column = panel.column(ticker)
    others = [("volume", panel.values["volume"][:, column], lag) for lag in _VOLUME_LAGS]
    others += [(name, series, _BEFORE) for name, series in before.items()]
    for move, moves in _moves(panel, column, basis).items():
        for name, series, lag in others:
            *figures, count = associate(moves, series, lag)
            known = dict(zip(("rho", "low", "high"), numbers(np.array(figures)), strict=True))
            named = {"ticker": ticker, "move": move, "with": name, "lag": lag, "n": count}
            yield AssociationRow.model_validate(named | known)


def _moves(panel: Panel, column: int, basis: Basis) -> dict[str, Floats]:
    """Of the window's sessions, on the panel's axis; NaN at the base."""
    close, high, low = (panel.on(basis)[name][:, column] for name in ("close", "high", "low"))
    changes = simple_returns(close)
    moves = {"change": changes, "absolute_change": np.abs(changes), "range": log_ranges(high, low)[1:]}
    return {name: np.concatenate(([UNKNOWN], values)) for name, values in moves.items()}
