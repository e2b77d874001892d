"""Rank correlations of each ticker's daily moves with its volume and its predictors. Panel in, rows out; pure.

Lags count sessions of the calendar. A move across a session that the lake lacks is left out.
"""

from collections.abc import Iterator, Mapping

import numpy as np

from api.analytics.arrays import NAN, Floats
from api.analytics.range_volatility import log_ranges
from api.analytics.rank_statistics import Lagged, Ranking, lagged_spearmans
from api.analytics.returns import simple_returns
from api.formatting import numbers
from api.limits import ASSOCIATIONS
from api.panel.panel import Basis, Panel
from api.resources.volatility.predictors import Predictors
from api.resources.volatility.schemas import AssociationRow

# Volume may come before a move or follow it, so it is given at three lags; a predictor was known before the session.
_VOLUME_LAGS = (-1, 0, 1)
_PREVIOUS_SESSION = -1


def associations(panel: Panel, basis: Basis, predictors: Predictors) -> list[AssociationRow]:
    """A row for each ticker, move and other series with its lag, in the order asked for."""
    # Market proxies are the same for all tickers, so their ranks are kept from one to the next.
    ranking = Ranking()
    return [row for ticker in panel.tickers for row in _of_ticker(panel, ticker, basis, predictors[ticker], ranking)]


def too_many_warnings(panel: Panel) -> list[str]:
    """A sentence where the associations of so many tickers over so many sessions would take too long; else none."""
    tickers, sessions = len(panel.tickers), len(panel.window.sessions)
    if tickers * sessions <= ASSOCIATIONS.most:
        return []
    fitting = f"{ASSOCIATIONS.most // sessions} tickers or fewer, or range={ASSOCIATIONS.most // tickers}d or less"
    return [f"associations: left out, {tickers} tickers over {sessions:,} sessions are too many; choose {fitting}"]


def _of_ticker(
    panel: Panel, ticker: str, basis: Basis, predictors: Mapping[str, Floats], predictor_ranking: Ranking
) -> Iterator[AssociationRow]:
    column, own_ranking = panel.column(ticker), Ranking()
    volumes = panel.values["volume"][:, column]
    others = [("volume", Lagged(volumes, lag, own_ranking)) for lag in _VOLUME_LAGS]
    others += [(name, Lagged(series, _PREVIOUS_SESSION, predictor_ranking)) for name, series in predictors.items()]
    for move, moves in _moves(panel.of([ticker]), basis).items():
        correlations = lagged_spearmans(moves, [lagged for _, lagged in others], own_ranking)
        for (name, lagged), (*figures, count) in zip(others, correlations, strict=True):
            known = dict(zip(("rho", "low", "high"), numbers(np.array(figures)), strict=True))
            named = {"ticker": ticker, "move": move, "with": name, "lag": lagged.lag, "n": count}
            yield AssociationRow.model_validate(named | known)


def _moves(panel: Panel, basis: Basis) -> dict[str, Floats]:
    """Daily return, its size, and log range of the panel's only ticker, on the panel's axis; NaN at the base."""
    bars = panel.on(basis)
    close, high, low = (bars[name][:, 0] for name in ("close", "high", "low"))
    changes = simple_returns(close)
    moves = {"change": changes, "absolute_change": np.abs(changes), "range": log_ranges(high, low)[1:]}
    return {name: np.concatenate(([NAN], values)) for name, values in moves.items()}
