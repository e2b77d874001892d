"""The summary of ten tickers over a year, by Bellwether and by a peer, timed in turns in this process.

    python -m benchmarks.summaries empyrical|quantstats

prints `{"ours": seconds, "theirs": seconds, "our_metrics": n, "their_metrics": n}`. Run by `api_summary` in the
environment that has the peer. Ours begin with arrays of closes; theirs with the pandas Series of returns that their
users hold, and leave out what they have no function for. Resampled intervals, which they lack, are no part of it.
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
from benchmarks.side_by_side import medians

TICKERS, SESSIONS, RATE = 10, 252, 0.04
_ROUNDS = 15
_REPEATS = 20  # of ours in each turn: one alone would be shorter than what else the machine does
_OF_BARS = ("opens", "highs", "history_returns", "history_highs")
OURS = [slug for slug, metric in REGISTRY.items() if not {*metric.needs} & {*_OF_BARS}]


def closes() -> Floats:
    """(1 + 252, 10 + 1) closes, the benchmark's last: the same at every run."""
    draws = np.random.default_rng(252)
    market = draws.normal(0.0004, 0.01, (SESSIONS, 1))
    moves = np.hstack((1.2 * market + draws.normal(0, 0.012, (SESSIONS, TICKERS)), market))
    prices: Floats = 100 * np.vstack((np.ones(TICKERS + 1), np.cumprod(1 + moves, axis=0)))
    return prices


def ours(prices: Floats) -> list[Figures]:
    """Every registered metric of returns, and against the benchmark."""
    benchmark = prices[:, -1]
    shared = {
        "numbers": np.arange(1.0, SESSIONS + 1),
        "rate": np.array(per_session(RATE)),
        "benchmark_prices": benchmark,
        "benchmark_returns": simple_returns(benchmark),
    }
    tickers = []
    for column in prices[:, :-1].T:
        moves = simple_returns(column)
        mine = {"prices": column, "total_index": column, "closes": column[1:], "returns": moves}
        pair = {"paired_prices": column, "paired_returns": moves}
        tickers.append(mine | pair | shared)
    return figures_of(OURS, tickers)


@dataclass(frozen=True)
class Peer:
    """What a library has of our metrics: `alone` of a ticker's returns, `against` of them and the benchmark's."""

    alone: Sequence[Callable[[pd.Series], Any]]
    against: Sequence[Callable[[pd.Series, pd.Series], Any]]

    def summary(self, tickers: Sequence[pd.Series], benchmark: pd.Series) -> list[list[Any]]:
        """Every one of them, of every ticker."""
        return [
            [*(measure(returns) for measure in self.alone), *(measure(returns, benchmark) for measure in self.against)]
            for returns in tickers
        ]


def by_empyrical() -> Peer:
    """empyrical, and the methods of pandas that its users have beside it."""
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
    """QuantStats."""
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
    """See the module."""
    prices, peer = closes(), PEERS[name]()
    frame = pd.DataFrame(prices, index=pd.bdate_range("2025-01-02", periods=len(prices))).pct_change().iloc[1:]
    *tickers, benchmark = (frame[column] for column in frame)
    calls = [lambda: [ours(prices) for _ in range(_REPEATS)], lambda: peer.summary(tickers, benchmark)]
    own, other = medians(calls, _ROUNDS)
    counts = {"our_metrics": len(OURS), "their_metrics": len(peer.alone) + len(peer.against)}
    return {"ours": own / _REPEATS, "theirs": other, **counts}


if __name__ == "__main__":
    print(json.dumps(compare(sys.argv[1])))
