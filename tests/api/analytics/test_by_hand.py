"""Metrics against values computed by hand, and null where there is too little data."""

import math

import numpy as np
import pytest

from api.analytics.arrays import Floats
from api.analytics.diversification import volatility_ratio
from api.analytics.drawdown import DrawdownPeriod, deepest_drawdown, drawdown_periods, drawdowns
from api.analytics.metric import INPUTS
from api.analytics.range_volatility import garman_klass, parkinson, rogers_satchell, yang_zhang
from api.analytics.registry import REGISTRY, figures_of
from api.resources.compare.schemas import CompareSummary
from api.resources.returns.schemas import ReturnsSummary
from api.resources.volatility.schemas import VolatilitySummary

PRICES = np.array([100.0, 80.0, 90.0, 120.0, 60.0, 110.0])  # falls on the first day: the base counts as a peak
RETURNS = np.array([-0.2, 0.125, 1 / 3, -0.5, 5 / 6])
OPENS, HIGHS, LOWS, CLOSES = (np.array(pair) for pair in ((100.0, 98.0), (110.0, 104.0), (95.0, 96.0), (105.0, 100.0)))
PREVIOUS_CLOSES = np.array([102.0, 105.0])
EMPTY = {name: np.empty(0) for name in INPUTS} | {
    **{name: np.full(1, np.nan) for name in ("prices", "total_index", "paired_prices", "benchmark_prices")},
    "rate": np.array(0.0),
    "sessions": np.array(0.0),
}
STILL = {name: np.full(30, 5.0) if "returns" not in name else np.zeros(30) for name in INPUTS} | {
    "numbers": np.arange(30.0),
    "sessions": np.array(29.0),
    "rate": np.array(0.0),
}


def figure(slug: str, **inputs: Floats) -> float | None:
    return figures_of([slug], [inputs])[0][slug]


@pytest.mark.parametrize(
    ("slug", "wanted"),
    [
        ("cumulative_return", 0.1),
        ("average_daily_return", (-0.2 + 0.125 + 1 / 3 - 0.5 + 5 / 6) / 5),
        ("geometric_daily_return", 1.1 ** (1 / 5) - 1),
        ("best_day", 5 / 6),
        ("worst_day", -0.5),
        ("positive_share", 3 / 5),
        ("max_drawdown", -0.5),
        ("excess_return", 0.06),
        ("excess_return_geometric", 1.1 / 1.04 - 1),
        ("excess_return_ratio", 2.5),
    ],
)
def test_of_five_returns(slug: str, wanted: float) -> None:
    other = np.array([50.0, 49.0, 50.0, 51.0, 53.0, 52.0])
    known = {"prices": PRICES, "returns": RETURNS, "paired_prices": PRICES, "benchmark_prices": other}
    assert figure(slug, **known) == pytest.approx(wanted, rel=1e-12)


@pytest.mark.parametrize("slug", ["cagr", "calmar"])
def test_less_than_a_year_is_not_grown_to_one_even_where_the_close_is_the_bases_again(slug: str) -> None:
    """1 to the power of NaN is 1, so that a return of 0 must not pass for known."""
    there_and_back = np.array([50.0, 40.0, 50.0])
    assert figure(slug, prices=there_and_back, sessions=np.array(245.0)) is None
    assert figure(slug, prices=there_and_back, sessions=np.array(246.0)) == 0


def test_the_ratio_to_a_loss_is_null() -> None:
    fell = np.array([50.0, 49.0])
    assert figure("excess_return_ratio", paired_prices=PRICES, benchmark_prices=fell) is None


def test_a_loss_on_the_first_day_is_a_drawdown() -> None:
    np.testing.assert_allclose(drawdowns(PRICES), [0, -0.2, -0.1, 0, -0.5, -1 / 12], atol=1e-15)
    assert figure("max_drawdown", prices=PRICES[:3]) == pytest.approx(-0.2)


@pytest.mark.parametrize(
    ("prices", "wanted"),
    [
        ([100, 80, 90, 120, 60, 110], (3, 4, None)),
        ([100, 80, 90, 100, 120, 119], (0, 1, 3)),
        ([100, 120, 110, 120, 90, 90, 130], (3, 4, 6)),
        ([100, 101, 102], None),
        ([float("nan"), 101, 90], None),
        ([100], None),
    ],
    ids=["not recovered", "from the base", "last peak, first trough", "rising", "no base", "base alone"],
)
def test_days_of_the_deepest_drawdown(prices: list[float], wanted: tuple[int, int, int | None] | None) -> None:
    found = deepest_drawdown(np.array(prices, dtype=np.float64))
    assert (None if found is None else tuple(found)) == wanted


def test_a_session_on_which_the_benchmark_stands_still_is_captured_neither_up_nor_down() -> None:
    benchmark = np.array([0.01, -0.02, 0.0, 0.03, -0.01] * 4)
    moves = np.where(benchmark == 0, 0.09, np.where(benchmark > 0, 2, 0.5) * benchmark)
    known = {"paired_returns": moves, "benchmark_returns": benchmark}
    assert figure("up_capture_arithmetic", **known) == pytest.approx(2, rel=1e-12)
    assert figure("down_capture_arithmetic", **known) == pytest.approx(0.5, rel=1e-12)
    fell = (0.99 * 0.995) ** 0.5 - 1, (0.98 * 0.99) ** 0.5 - 1
    assert figure("down_capture", **known) == pytest.approx(fell[0] / fell[1], rel=1e-12)


def test_ranges_of_two_bars() -> None:
    log = math.log
    high_low = [log(110 / 95), log(104 / 96)]
    close_open = [log(105 / 100), log(100 / 98)]
    drift_free = [
        log(110 / 105) * log(110 / 100) + log(95 / 105) * log(95 / 100),
        log(104 / 100) * log(104 / 98) + log(96 / 100) * log(96 / 98),
    ]
    assert parkinson(HIGHS, LOWS) == pytest.approx(
        math.sqrt(252 / (4 * 2 * log(2)) * (high_low[0] ** 2 + high_low[1] ** 2)), rel=1e-12
    )
    terms = [h**2 / 2 - (2 * log(2) - 1) * c**2 for h, c in zip(high_low, close_open, strict=True)]
    assert garman_klass(OPENS, HIGHS, LOWS, CLOSES) == pytest.approx(math.sqrt(252 / 2 * sum(terms)), rel=1e-12)
    assert rogers_satchell(OPENS, HIGHS, LOWS, CLOSES) == pytest.approx(math.sqrt(252 / 2 * sum(drift_free)), rel=1e-12)
    night = (log(100 / 102) - log(98 / 105)) ** 2 / 2  # the variance of two values, ddof 1
    session = (close_open[0] - close_open[1]) ** 2 / 2
    k = 0.34 / (1.34 + 3 / 1)
    variance = night + k * session + (1 - k) * sum(drift_free) / 2
    assert yang_zhang(OPENS, HIGHS, LOWS, CLOSES, PREVIOUS_CLOSES) == pytest.approx(
        math.sqrt(252 * variance), rel=1e-12
    )


def test_a_mix_of_opposites_has_no_volatility() -> None:
    moves = np.array([0.01, -0.02, 0.03, -0.01])
    assert volatility_ratio(np.stack((moves, -moves), axis=1)) == pytest.approx(0, abs=1e-15)
    assert volatility_ratio(np.stack((moves, moves), axis=1)) == pytest.approx(1, rel=1e-12)
    assert np.isnan(volatility_ratio(moves[:, None]))


@pytest.mark.parametrize("slug", REGISTRY)
def test_without_data_it_is_none(slug: str) -> None:
    assert figures_of([slug], [EMPTY]) == [{slug: None}]


@pytest.mark.parametrize(
    ("slug", "wanted"),
    [
        *((slug, 0.0) for slug in ("volatility", "max_drawdown", "trend_slope", "tracking_error", "parkinson")),
        *((slug, 0.0) for slug in ("garman_klass", "rogers_satchell", "yang_zhang", "ewma_volatility", "atr")),
        *((slug, None) for slug in ("trend_r_squared", "beta", "beta_standard_error", "alpha_jensen", "skew")),
        *((slug, None) for slug in ("correlation_to_benchmark", "sharpe", "sharpe_standard_error", "sortino")),
        *((slug, None) for slug in ("information_ratio", "excess_kurtosis", "up_capture", "down_capture", "calmar")),
    ],
)
def test_of_a_price_that_never_moves(slug: str, wanted: float | None) -> None:
    assert figure(slug, **STILL) == wanted


@pytest.mark.parametrize("slug", ["value_at_risk", "conditional_value_at_risk", "sortino", "up_capture"])
def test_nineteen_returns_have_no_tail(slug: str) -> None:
    moves = np.random.default_rng(1).normal(0, 0.01, 20)
    known = {"returns": moves, "paired_returns": moves, "benchmark_returns": moves, "rate": np.array(0.0)}
    assert figure(slug, **known) is not None
    assert figure(slug, **{name: values[:19] if values.ndim else values for name, values in known.items()}) is None


def test_a_trend_needs_three_sessions() -> None:
    slugs = ("trend_slope", "trend_standard_error", "trend_r_squared")
    (found,) = figures_of(slugs, [{"numbers": np.arange(2.0), "closes": PRICES[:2]}])
    assert found == dict.fromkeys(slugs)


@pytest.mark.parametrize("model", [CompareSummary, ReturnsSummary, VolatilitySummary])
def test_the_registry_describes_the_answer(model: type[CompareSummary | ReturnsSummary | VolatilitySummary]) -> None:
    described = [slug for slug in model.model_fields if slug in REGISTRY]
    assert len(described) > 10
    for slug in described:
        assert model.model_fields[slug].description == REGISTRY[slug].description


def test_every_metric_is_answered_somewhere() -> None:
    answered = {*CompareSummary.model_fields, *ReturnsSummary.model_fields, *VolatilitySummary.model_fields}
    assert set(REGISTRY) <= answered
    assert all(set(metric.needs) <= set(INPUTS) for metric in REGISTRY.values())


def test_every_resampled_metric_is_answered_with_its_interval() -> None:
    wanted = {f"{slug}_{end}" for slug, metric in REGISTRY.items() if metric.resampled for end in ("low", "high")}
    assert wanted <= set(ReturnsSummary.model_fields)


@pytest.mark.parametrize(
    ("prices", "wanted"),
    [
        # 100 to 80 and back at 120; then 120 to 60, not over
        (PRICES, [DrawdownPeriod(0, 1, 3), DrawdownPeriod(3, 4, None)]),
        # the peak is the last session at the maximum, and an equal close ends a drawdown
        (np.array([10.0, 10.0, 9.0, 8.0, 10.0, 7.0, 11.0]), [DrawdownPeriod(1, 3, 4), DrawdownPeriod(4, 5, 6)]),
        (np.array([1.0, 2.0, 3.0]), []),
        (np.array([np.nan, 2.0, 1.0]), []),
    ],
)
def test_drawdowns_are_disjoint_and_only_the_last_may_be_open(prices: Floats, wanted: list[DrawdownPeriod]) -> None:
    assert drawdown_periods(prices) == wanted
