"""Bellwether's own analytics on the sample: `python -m benchmarks.peers_ours SAMPLE`."""

from collections.abc import Callable
from typing import Any

from benchmarks import peers_timing

_BEGAN = peers_timing.began()
import numpy as np  # noqa: E402 - the imports are timed

from api.analytics.registry import REGISTRY  # noqa: E402

IMPORTED = peers_timing.began() - _BEGAN
from benchmarks.peers_sample import GAP, RF  # noqa: E402

NAMES = (
    *("cumulative_return", "cagr", "volatility", "sharpe", "sortino", "max_drawdown", "calmar", "beta"),
    *("alpha_jensen", "information_ratio", "value_at_risk", "conditional_value_at_risk", "skew", "excess_kurtosis"),
    *("parkinson", "garman_klass", "rogers_satchell", "yang_zhang", "atr"),
)


def inputs() -> dict[str, Any]:
    """What the metrics need, a column of one ticker each."""
    read = peers_timing.sample()
    bars = {name: np.array(read[name])[:, None] for name in ("open", "high", "low", "close", "benchmark")}
    closes, benchmark = bars["close"], bars["benchmark"]
    returns, others = (prices[1:] / prices[:-1] - 1 for prices in (closes, benchmark))
    befores = np.concatenate((np.full((1, 1), np.nan), closes[:-1]))
    return {
        "prices": closes,
        "returns": returns,
        "rate": np.array([(1 + RF) ** (1 / 252) - 1]),
        "no rate": np.zeros(1),
        "paired_returns": returns,
        "benchmark_returns": others,
        "opens": bars["open"][1:],
        "highs": bars["high"][1:],
        "lows": bars["low"][1:],
        "closes": closes[1:],
        "befores": closes[:-1],
        "history_highs": bars["high"],
        "history_lows": bars["low"],
        "history_befores": befores,
    }


def figures() -> dict[str, Callable[[], Any]]:
    """Each metric by its slug, and beta once more on what the benchmark has of all but two sessions."""
    given = inputs()
    no_rate = given | {"rate": given["no rate"]}
    lacking = given | {name: np.delete(given[name], GAP, axis=0) for name in ("paired_returns", "benchmark_returns")}
    calls = {name: _call(name, no_rate if name == "alpha_jensen" else given) for name in NAMES}
    return calls | {"beta_gap": _call("beta", lacking)}


def _call(slug: str, given: dict[str, Any]) -> Callable[[], Any]:
    metric: Any = REGISTRY[slug]
    return lambda: metric.of(given)[0]


if __name__ == "__main__":
    peers_timing.say(IMPORTED, figures())
