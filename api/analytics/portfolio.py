"""A long-only portfolio that is rebalanced to target weights on given days. Prices in, values out.

n is the number of sessions after the base, k the number of holdings. Between two rebalancings the holdings drift: each
grows with its own price. At a rebalancing the target weights are restored at that session's close, after its return.
"""

from dataclasses import dataclass

import numpy as np

from api.analytics.arrays import NAN, SESSIONS_PER_YEAR, Flags, Floats, is_constant, quotient
from api.analytics.risk import volatility

BASIS_POINT = 1e-4


@dataclass(frozen=True)
class PortfolioPath:
    """A portfolio from the base on, where its value is 1.

    `values`: (n+1,), after the costs of that session. `weights`: (n+1, k), after a rebalancing of that session.
    `gains`: (n, k), what each holding added to the value in each session, before costs. `turnover`: (n+1,), half the
    sum of the absolute changes of weight at each session's rebalancing, 0 on the others. `costs`: (n+1,), paid at it.
    """

    values: Floats
    weights: Floats
    gains: Floats
    turnover: Floats
    costs: Floats


def simulate(prices: Floats, targets: Floats, rebalanced: Flags, cost_bps: float = 0.0) -> PortfolioPath:
    """The path of (n+1, k) prices above zero, the base first, with (k,) target weights that sum to 1.

    `rebalanced`: (n+1,), the closes at which the targets are restored; the first is the purchase and is not counted
    among them. A rebalancing costs `cost_bps` basis points of the value traded, which is twice the turnover: what is
    sold and what is bought. The purchase at the base costs nothing.
    """
    rows = np.arange(len(prices))
    traded = rebalanced & (rows > 0)
    # The row of the last purchase or rebalancing before each row: its drift is measured from there.
    origin = np.maximum.accumulate(np.where(traded, rows, 0))
    since = np.concatenate(([0], origin[:-1]))
    held = targets * (prices / prices[since])  # of 1 at the last rebalancing
    growth = held.sum(axis=1)
    drifted = held / growth[:, np.newaxis]
    turnover = np.where(traded, np.abs(targets - drifted).sum(axis=1) / 2, 0.0)
    kept = 1 - 2 * turnover * cost_bps * BASIS_POINT
    # The value right after the purchase and after each rebalancing, in their order; then that of each row's own.
    periods = np.cumprod(np.concatenate(([1.0], (growth * kept)[traded])))
    invested = periods[np.concatenate(([0], np.cumsum(traded)[:-1]))]
    before_costs = invested * growth
    values = before_costs * kept
    worth = held * invested[:, np.newaxis]
    begun = np.where(traded[:, np.newaxis], targets * values[:, np.newaxis], worth)  # after the session's rebalancing
    return PortfolioPath(
        values=values,
        weights=np.where(traded[:, np.newaxis], targets, drifted),
        gains=worth[1:] - begun[:-1],
        turnover=turnover,
        costs=before_costs * (1 - kept),
    )


def contributions_to_return(path: PortfolioPath) -> Floats:
    """(k,) Σ_t (V_{t−1} ÷ V_0) · w_{i,t−1} · r_{i,t}: their sum less all costs is the cumulative return."""
    total: Floats = path.gains.sum(axis=0)
    return total


def contributions_to_risk(path: PortfolioPath, known: Flags) -> Floats:
    """(k,) cov(w_{i,t−1} · r_{i,t}, r_{p,t}) ÷ var(r_{p,t}), which sum to 1; r_p before costs.

    `known`: (n,), the sessions whose return is of one session. NaN for fewer than two of them, or where the portfolio
    does not move. The drifting weights' own covariance is taken, since end weights would describe one day only.
    """
    parts = (path.gains / path.values[:-1, np.newaxis])[known]
    whole = parts.sum(axis=1)
    if len(parts) < 2 or is_constant(whole):
        return np.full(parts.shape[1], NAN)
    centred = whole - whole.mean()
    shares: Floats = (parts * centred[:, np.newaxis]).sum(axis=0) / (centred * centred).sum()
    return shares


def annual_turnover(path: PortfolioPath, sessions: int) -> float:
    """The turnover of all rebalancings × 252 ÷ the number of calendar sessions; NaN without a session."""
    return float(path.turnover.sum()) * SESSIONS_PER_YEAR / sessions if sessions else NAN


def effective_holdings(weights: Floats) -> float:
    """1 ÷ Σw², the inverse of the Herfindahl index: k for equal weights, 1 for a single holding."""
    return float(1 / (weights * weights).sum())


def weighted_volatility(returns: Floats, weights: Floats) -> float:
    """The mean of the annual volatilities of (n, k) returns, weighted; NaN for n < 2."""
    return float((volatility(returns) * weights).sum())


def diversification_ratio(volatility_of_portfolio: float, weighted_mean: float) -> float:
    """The portfolio's volatility ÷ the weighted mean of its holdings': 1 where mixing lowers nothing.

    The inverse of the ratio of Choueifaty and Coignard (2008), as in `diversification.volatility_ratio`.
    """
    return float(quotient(np.array(volatility_of_portfolio), np.array(weighted_mean)))
