"""Times the summary of ten tickers over a year, by Bellwether and by a peer, interleaved in this process.

    python -m benchmarks.summary_peers empyrical|quantstats

prints `{"ours": seconds, "theirs": seconds, "our_metrics": n, "their_metrics": n}`. `api_summary` runs it in the peer's
environment. Ours start from arrays of closes; the peer's from the pandas Series of returns that its users have, without
the metrics for which it has no function. Resampled intervals are left out, as the peers have none.
"""

import json
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from api.analytics.arrays import Floats
from api.analytics.ratios import per_session
from api.analytics.registry import REGISTRY, Figures, figures_of
from api.analytics.returns import simple_returns
from benchmarks.timing import median_seconds

TICKERS, SESSIONS, RATE = 10, 252, 0.04
_ROUNDS = 15
_REPEATS = 20  # of ours in each round: a single one is shorter than the noise of the machine
_BAR_INPUTS = ("opens", "highs", "linked_opens", "history_returns", "history_closes", "history_linked_highs")
OURS = [slug for slug, metric in REGISTRY.items() if not {*metric.needs} & {*_BAR_INPUTS}]


def closes() -> Floats:
    """(1 + 252, 10 + 1) closes, the benchmark in the last column; the seed is fixed."""
    draws = np.random.default_rng(252)
    market = draws.normal(0.0004, 0.01, (SESSIONS, 1))
    moves = np.hstack((1.2 * market + draws.normal(0, 0.012, (SESSIONS, TICKERS)), market))
    prices: Floats = 100 * np.vstack((np.ones(TICKERS + 1), np.cumprod(1 + moves, axis=0)))
    return prices


def ours(prices: Floats) -> list[Figures]:
    """Every registered metric that needs no open, high or low, for each ticker."""
    benchmark = prices[:, -1]
    shared = {
        "numbers": np.arange(1.0, SESSIONS + 1),
        "sessions": np.array(float(SESSIONS)),
        "rate": np.array(per_session(RATE)),
        "benchmark_prices": benchmark,
        "benchmark_returns": simple_returns(benchmark),
    }
    tickers = []
    for column in prices[:, :-1].T:
        moves = simple_returns(column)
        own = {"prices": column, "total_index": column, "closes": column[1:], "returns": moves}
        pair = {"paired_prices": column, "paired_returns": moves}
        tickers.append(own | pair | shared)
    return figures_of(OURS, tickers)


@dataclass(frozen=True)
class Peer:
    """A library's functions for our metrics: `alone` take a ticker's returns, `against` the benchmark's too."""

    alone: Sequence[Callable[[pd.Series], Any]]
    against: Sequence[Callable[[pd.Series, pd.Series], Any]]

    def summary(self, tickers: Sequence[pd.Series], benchmark: pd.Series) -> list[list[Any]]:
        """Every metric of every ticker."""
        return [
            [*(measure(returns) for measure in self.alone), *(measure(returns, benchmark) for measure in self.against)]
            for returns in tickers
        ]


def by_empyrical() -> Peer:
    """empyrical, with the pandas methods that its users combine it with."""
    # Imported here, because each peer is installed in another environment.
    import empyrical as ep

    rate = per_session(RATE)
    return Peer(
        alone=(
            *(ep.cum_returns_final, ep.annual_return, ep.max_drawdown, ep.annual_volatility, ep.calmar_ratio),
            *(ep.value_at_risk, ep.conditional_value_at_risk, ep.stability_of_timeseries),
            *(pd.Series.mean, pd.Series.sem, pd.Series.max, pd.Series.min, pd.Series.skew, pd.Series.kurt),
            lambda returns: (returns > 0).mean(),
            lambda returns: ep.sharpe_ratio(returns, risk_free=rate),
            lambda returns: ep.sortino_ratio(returns, required_return=rate),
        ),
        against=(
            *(ep.excess_sharpe, ep.up_capture, ep.down_capture, pd.Series.corr),
            lambda returns, benchmark: ep.cum_returns_final(returns) - ep.cum_returns_final(benchmark),
            lambda returns, benchmark: ep.beta(returns, benchmark, risk_free=rate),
            lambda returns, benchmark: ep.alpha(returns, benchmark, risk_free=rate),
            lambda returns, benchmark: ep.annual_volatility(returns - benchmark),
        ),
    )


def by_quantstats() -> Peer:
    from quantstats import stats

    return Peer(
        alone=(
            *(stats.comp, stats.cagr, stats.expected_return, stats.best, stats.worst, stats.win_rate),
            *(stats.max_drawdown, stats.volatility, stats.skew, stats.kurtosis, stats.value_at_risk, stats.cvar),
            stats.calmar,
            lambda returns: stats.sharpe(returns, rf=RATE),
            lambda returns: stats.sortino(returns, rf=RATE),
        ),
        against=(
            *(stats.greeks, stats.r_squared, stats.information_ratio),
            lambda returns, benchmark: stats.comp(returns) - stats.comp(benchmark),
        ),
    )


PEERS = {"empyrical": by_empyrical, "quantstats": by_quantstats}


def compare(name: str) -> dict[str, float]:
    prices, peer = closes(), PEERS[name]()
    frame = pd.DataFrame(prices, index=pd.bdate_range("2025-01-02", periods=len(prices))).pct_change().iloc[1:]
    *tickers, benchmark = (frame[column] for column in frame)
    calls = [lambda: [ours(prices) for _ in range(_REPEATS)], lambda: peer.summary(tickers, benchmark)]
    own, other = median_seconds(calls, _ROUNDS)
    counts = {"our_metrics": len(OURS), "their_metrics": len(peer.alone) + len(peer.against)}
    return {"ours": own / _REPEATS, "theirs": other, **counts}


if __name__ == "__main__":
    print(json.dumps(compare(sys.argv[1])))
