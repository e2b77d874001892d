"""Properties of the metrics that hold for any prices."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from api.analytics.arrays import Floats
from api.analytics.benchmark import beta, correlation
from api.analytics.drawdown import drawdowns
from api.analytics.range_volatility import garman_klass, parkinson, rogers_satchell, yang_zhang
from api.analytics.registry import REGISTRY, figures_of
from api.analytics.returns import cumulative_return, simple_returns
from api.analytics.risk import conditional_value_at_risk, value_at_risk, volatility

MOVES = arrays.arrays(np.int64, st.integers(25, 80), elements=st.integers(-200, 250)).map(lambda each: each / 1000)
LEVELS = st.floats(1e-3, 1e5)


def prices_of(moves: Floats) -> Floats:
    return np.concatenate(([100.0], 100 * np.cumprod(1 + moves)))


@given(MOVES, LEVELS)
def test_returns_do_not_depend_on_the_currency(moves: Floats, level: float) -> None:
    """Of a price × any constant all metrics of returns are the same: qs reads prices below 1 as returns."""
    prices = prices_of(moves)
    slugs = [
        slug for slug, metric in REGISTRY.items() if set(metric.needs) <= {"prices", "returns", "numbers", "closes"}
    ]
    one, other = (figures_of(slugs, [_inputs(scaled)])[0] for scaled in (prices, prices * level))
    for slug in slugs:
        assert (one[slug] is None) == (other[slug] is None)
        if one[slug] is not None:
            assert other[slug] == pytest.approx(one[slug], rel=1e-6, abs=1e-9), slug


@given(MOVES)
def test_a_benchmark_has_beta_one_on_itself(moves: Floats) -> None:
    if np.ptp(moves) > 1e-6:
        assert float(beta(moves, moves)) == pytest.approx(1, abs=1e-9)
        assert float(correlation(moves, moves)) == pytest.approx(1, abs=1e-9)


@given(MOVES)
def test_a_drawdown_is_between_minus_one_and_zero(moves: Floats) -> None:
    depths = drawdowns(prices_of(moves))
    assert (depths <= 0).all()
    assert (depths > -1).all()


@given(MOVES)
def test_conditional_value_at_risk_is_never_above_value_at_risk(moves: Floats) -> None:
    edge, mean = float(value_at_risk(moves)), float(conditional_value_at_risk(moves))
    assert mean <= edge + 1e-15
    assert moves.min() - 1e-15 <= mean


@given(MOVES, st.integers(1, 24))
def test_adjacent_windows_compound(moves: Floats, place: int) -> None:
    """The close that ends one window is the base of the next."""
    prices = prices_of(moves)
    first, second = (1 + float(cumulative_return(part)) for part in (prices[: place + 1], prices[place:]))
    assert first * second == pytest.approx(1 + float(cumulative_return(prices)), rel=1e-9)


@given(MOVES, st.integers(2, 24))
def test_the_daily_returns_compound_to_the_cumulative_one(moves: Floats, count: int) -> None:
    prices = prices_of(moves)[: count + 1]
    assert np.prod(1 + simple_returns(prices)) == pytest.approx(1 + float(cumulative_return(prices)), rel=1e-9)


@given(MOVES)
def test_yang_zhang_of_flat_sessions_is_the_volatility_of_gaps(moves: Floats) -> None:
    """Where nothing moves but overnight it is the volatility of the log gaps; what sees the session alone is zero."""
    prices = prices_of(moves)
    flat, previous_closes = prices[1:], prices[:-1]
    gaps = np.log(flat / previous_closes)
    assert float(yang_zhang(flat, flat, flat, flat, previous_closes)) == pytest.approx(
        float(volatility(gaps)), rel=1e-9, abs=1e-12
    )
    assert float(parkinson(flat, flat)) == 0
    assert float(garman_klass(flat, flat, flat, flat)) == 0
    assert float(rogers_satchell(flat, flat, flat, flat)) == 0


def _inputs(prices: Floats) -> dict[str, Floats]:
    return {
        "prices": prices,
        "closes": prices[1:],
        "numbers": np.arange(float(len(prices) - 1)),
        "returns": simple_returns(prices),
    }
