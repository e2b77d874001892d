"""Metrics of returns against scipy, numpy or a hand value."""

import math

import numpy as np
import pytest
from scipy import stats

from api.analytics.arrays import Floats
from api.analytics.drawdown import drawdowns
from api.analytics.registry import figures_of

PRICES = 100 * np.exp(np.cumsum(np.random.default_rng(11).normal(0, 0.02, 61)))
OTHERS = 50 * np.exp(np.cumsum(np.random.default_rng(12).normal(0, 0.01, 61))) * PRICES**0.3
RETURNS = np.diff(PRICES) / PRICES[:-1]
OTHER_RETURNS = np.diff(OTHERS) / OTHERS[:-1]
NUMBERS = np.delete(np.arange(1.0, 62.0), 30)  # a session is missing: its number stays free
LINE = stats.linregress(NUMBERS, np.log(PRICES[1:]))
HAND = np.array([100.0, 80.0, 90.0, 120.0, 60.0, 110.0])  # falls on the first day: the base counts as a peak
HAND_RETURNS = np.array([-0.2, 0.125, 1 / 3, -0.5, 5 / 6])

INPUT = {
    "prices": PRICES,
    "total_index": PRICES,
    "returns": RETURNS,
    "numbers": NUMBERS,
    "closes": PRICES[1:],
    "paired_prices": PRICES,
    "paired_returns": RETURNS,
    "benchmark_prices": OTHERS,
    "benchmark_returns": OTHER_RETURNS,
}
HAND_INPUT = INPUT | {"prices": HAND, "total_index": HAND, "returns": HAND_RETURNS, "paired_prices": HAND}
FALLING = INPUT | {"prices": HAND[:3]}

REFERENCES: dict[str, list[tuple[dict[str, Floats], float]]] = {
    "cumulative_return": [(HAND_INPUT, 0.1)],
    "cumulative_total_return": [(HAND_INPUT, 0.1)],
    "average_daily_return": [(INPUT, float(np.mean(RETURNS))), (HAND_INPUT, (-0.2 + 0.125 + 1 / 3 - 0.5 + 5 / 6) / 5)],
    "volatility": [(INPUT, float(stats.tstd(RETURNS)) * math.sqrt(252))],
    "max_drawdown": [(HAND_INPUT, -0.5), (FALLING, -0.2)],
    "best_day": [(HAND_INPUT, 5 / 6)],
    "worst_day": [(HAND_INPUT, -0.5)],
    "trend_slope": [(INPUT, LINE.slope)],
    "trend_standard_error": [(INPUT, LINE.stderr)],
    "trend_r_squared": [(INPUT, LINE.rvalue**2)],
    "excess_return": [(HAND_INPUT | {"benchmark_prices": np.array([50.0, 52.0])}, 0.06)],
    "beta": [(INPUT, float(np.polyfit(OTHER_RETURNS, RETURNS, 1)[0]))],
    "correlation_to_benchmark": [(INPUT, float(stats.pearsonr(RETURNS, OTHER_RETURNS).statistic))],
}
EMPTY = {name: np.full(1, np.nan) if "prices" in name or "index" in name else np.empty(0) for name in INPUT}
CONSTANT = {name: np.full(20, 5.0) if "returns" not in name else np.zeros(20) for name in INPUT}
CONSTANT["numbers"] = np.arange(20.0)


def figure(slug: str, inputs: dict[str, Floats]) -> float | None:
    return figures_of([slug], [inputs])[0][slug]


@pytest.mark.parametrize("slug", REFERENCES)
def test_agrees_with_an_outside_value(slug: str) -> None:
    for inputs, wanted in REFERENCES[slug]:
        assert figure(slug, inputs) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("slug", REFERENCES)
def test_without_data_it_is_none(slug: str) -> None:
    assert figure(slug, EMPTY) is None


@pytest.mark.parametrize(
    ("slug", "wanted"),
    [
        ("volatility", 0.0),
        ("max_drawdown", 0.0),
        ("trend_slope", 0.0),
        ("trend_r_squared", None),
        ("beta", None),
        ("correlation_to_benchmark", None),
    ],
)
def test_of_a_price_that_never_moves(slug: str, wanted: float | None) -> None:
    assert figure(slug, CONSTANT) == wanted


def test_beta_and_correlation_of_the_benchmark_itself_are_one() -> None:
    itself = INPUT | {"paired_returns": OTHER_RETURNS}
    assert figure("beta", itself) == pytest.approx(1, abs=1e-12)
    assert figure("correlation_to_benchmark", itself) == pytest.approx(1, abs=1e-12)


def test_a_trend_needs_three_sessions() -> None:
    short = INPUT | {"numbers": NUMBERS[:2], "closes": PRICES[1:3]}
    assert [figure(slug, short) for slug in ("trend_slope", "trend_standard_error", "trend_r_squared")] == [None] * 3


def test_drawdowns_by_hand() -> None:
    np.testing.assert_allclose(drawdowns(HAND), [0, -0.2, -0.1, 0, -0.5, -1 / 12], atol=1e-15)


def test_without_a_base_no_drawdown_is_known() -> None:
    assert np.isnan(drawdowns(np.array([np.nan, 100.0, 50.0]))).all()
