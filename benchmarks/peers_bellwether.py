"""Measures Bellwether's analytics on the sample: `python -m benchmarks.peers_bellwether SAMPLE`."""

from collections.abc import Callable
from typing import Any

from benchmarks import peers_measure

_START = peers_measure.now()
import numpy as np  # noqa: E402 - the imports are timed

from api.analytics.registry import REGISTRY  # noqa: E402

IMPORTED = peers_measure.now() - _START
from benchmarks.peers_sample import GAP, RF  # noqa: E402

NAMES = (
    *("cumulative_return", "cagr", "volatility", "sharpe", "sortino", "max_drawdown", "calmar", "beta"),
    *("alpha_jensen", "information_ratio", "value_at_risk", "conditional_value_at_risk", "skew", "excess_kurtosis"),
    *("parkinson", "garman_klass", "rogers_satchell", "yang_zhang", "atr"),
)


def inputs() -> dict[str, Any]:
    """The inputs of the metrics, each with one column for the one ticker."""
    data = peers_measure.read_sample()
    bars = {name: np.array(data[name])[:, None] for name in ("open", "high", "low", "close", "benchmark")}
    closes, benchmark = bars["close"], bars["benchmark"]
    returns, benchmark_returns = (prices[1:] / prices[:-1] - 1 for prices in (closes, benchmark))
    return {
        "prices": closes,
        "sessions": np.array([float(len(closes) - 1)]),
        "returns": returns,
        "rate": np.array([(1 + RF) ** (1 / 252) - 1]),
        "no rate": np.zeros(1),
        "paired_returns": returns,
        "benchmark_returns": benchmark_returns,
        "opens": bars["open"][1:],
        "highs": bars["high"][1:],
        "lows": bars["low"][1:],
        "closes": closes[1:],
        **{f"linked_{name}s": bars[name][1:] for name in ("open", "high", "low", "close")},
        "linked_previous_closes": closes[:-1],
        **{f"history_linked_{name}s": bars[name][1:] for name in ("high", "low")},
        "history_linked_previous_closes": closes[:-1],
    }


def figures() -> dict[str, Callable[[], Any]]:
    """Each metric by its slug, and beta again on a benchmark that lacks two sessions."""
    given = inputs()
    no_rate = given | {"rate": given["no rate"]}
    with_gap = given | {name: np.delete(given[name], GAP, axis=0) for name in ("paired_returns", "benchmark_returns")}
    calls = {name: _call(name, no_rate if name == "alpha_jensen" else given) for name in NAMES}
    return calls | {"beta_gap": _call("beta", with_gap)}


def _call(slug: str, given: dict[str, Any]) -> Callable[[], Any]:
    metric: Any = REGISTRY[slug]
    return lambda: metric.of(given)[0]


if __name__ == "__main__":
    peers_measure.print_result(IMPORTED, figures())
