"""Portfolios against a ledger of shares kept by hand, and what must hold of any portfolio."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from api.analytics.arrays import Flags, Floats
from api.analytics.portfolio import (
    annual_turnover,
    contributions_to_return,
    contributions_to_risk,
    effective_holdings,
    simulate,
)

# Two holdings over two sessions, restored after the first. 60 of 100 grow to 66, 40 fall to 36: 102 in all. The targets
# are 61.2 and 40.8, so 4.8 is sold and 4.8 bought. Then 61.2 falls by half and 40.8 stays: 71.4.
PRICES = np.array([[10.0, 20.0], [11.0, 18.0], [5.5, 18.0]])
TARGETS = np.array([0.6, 0.4])
RESTORED = np.array([False, True, False])


def test_a_rebalanced_portfolio_by_hand() -> None:
    path = simulate(PRICES, TARGETS, RESTORED)
    assert_allclose(path.values, [1.0, 1.02, 0.714])
    assert_allclose(path.turnover, [0, 0.048 / 1.02, 0])
    assert_allclose(path.weights, [[0.6, 0.4], [0.6, 0.4], [0.306 / 0.714, 0.408 / 0.714]])
    assert_allclose(path.gains, [[0.06, -0.04], [-0.306, 0.0]], atol=1e-15)
    assert_allclose(contributions_to_return(path), [0.06 - 0.306, -0.04])


def test_costs_are_of_what_is_sold_and_of_what_is_bought() -> None:
    path = simulate(PRICES, TARGETS, RESTORED, cost_bps=100)
    # 1 % of the 0.048 sold and of the 0.048 bought
    assert_allclose(path.costs, [0, 0.00096, 0])
    assert_allclose(path.values, [1.0, 1.01904, 1.01904 * 0.7])


def test_without_rebalancing_the_holdings_drift() -> None:
    path = simulate(PRICES, TARGETS, np.zeros(3, dtype=bool))
    assert_allclose(path.values, [1.0, 1.02, 0.6 * 0.55 + 0.4 * 0.9])


def test_contributions_to_risk_by_hand() -> None:
    # Of constant weights 0.5 in returns (2, -2, 4) and (0, 2, 2) percent: the portfolio's are 1, 0 and 3 percent.
    # Sums of products of deviations: 0.5 · 22/3 and 0.5 · 2/3, of 14/3 in all.
    prices = np.cumprod(np.vstack((np.ones(2), 1 + np.array([[0.02, 0.0], [-0.02, 0.02], [0.04, 0.02]]))), axis=0)
    path = simulate(prices, np.array([0.5, 0.5]), np.array([False, True, True, False]))
    shares = contributions_to_risk(path, np.ones(3, dtype=bool))
    assert_allclose(shares, [0.5 * 26 / 14, 0.5 * 2 / 14], rtol=1e-9)


def test_a_portfolio_that_does_not_move_has_no_risk_to_share() -> None:
    path = simulate(np.ones((5, 2)), TARGETS, np.zeros(5, dtype=bool))
    assert np.isnan(contributions_to_risk(path, np.ones(4, dtype=bool))).all()


def test_turnover_and_holdings_by_hand() -> None:
    path = simulate(PRICES, TARGETS, RESTORED)
    assert annual_turnover(path, 2) == pytest.approx(0.048 / 1.02 * 126)
    assert np.isnan(annual_turnover(path, 0))
    assert effective_holdings(np.full(4, 0.25)) == pytest.approx(4)
    assert effective_holdings(np.array([1.0, 0.0])) == pytest.approx(1)


def ledger(prices: Floats, targets: Floats, restored: Flags, cost_bps: float) -> list[float]:
    """The values of a portfolio kept as numbers of shares, one session after the other."""
    shares, values = targets / prices[0], [1.0]
    for day in range(1, len(prices)):
        value = float((shares * prices[day]).sum())
        if restored[day]:
            traded = np.abs(targets * value - shares * prices[day]).sum()
            value -= traded * cost_bps / 10_000
            shares = targets * value / prices[day]
        values.append(value)
    return values


@st.composite
def portfolios(draw: st.DrawFn) -> tuple[Floats, Floats, Flags]:
    days, count = draw(st.integers(2, 12)), draw(st.integers(1, 5))
    returns = draw(st.lists(st.floats(-0.5, 0.8), min_size=days * count, max_size=days * count))
    weights = np.array(draw(st.lists(st.floats(0.01, 1), min_size=count, max_size=count)))
    restored = np.array([False, *draw(st.lists(st.booleans(), min_size=days, max_size=days))])
    prices = np.cumprod(np.vstack((np.full(count, 50.0), 1 + np.reshape(returns, (days, count)))), axis=0)
    return prices, weights / weights.sum(), restored


@given(portfolios(), st.floats(0, 200))
def test_a_path_is_that_of_a_ledger_of_shares(portfolio: tuple[Floats, Floats, Flags], cost: float) -> None:
    prices, targets, restored = portfolio
    assert_allclose(
        simulate(prices, targets, restored, cost).values, ledger(prices, targets, restored, cost), rtol=1e-9
    )


@given(portfolios(), st.floats(0, 200))
def test_contributions_less_costs_are_the_cumulative_return(
    portfolio: tuple[Floats, Floats, Flags], cost: float
) -> None:
    path = simulate(*portfolio, cost)
    assert contributions_to_return(path).sum() - path.costs.sum() == pytest.approx(path.values[-1] - 1, abs=1e-9)


@given(portfolios())
def test_contributions_to_risk_sum_to_one(portfolio: tuple[Floats, Floats, Flags]) -> None:
    path = simulate(*portfolio)
    shares = contributions_to_risk(path, np.ones(len(path.gains), dtype=bool))
    assert np.isnan(shares).all() or shares.sum() == pytest.approx(1, abs=1e-9)


@given(portfolios(), st.floats(1, 200))
def test_costs_only_lower_the_value(portfolio: tuple[Floats, Floats, Flags], cost: float) -> None:
    prices, targets, restored = portfolio
    free = simulate(prices, targets, restored).values
    assert (simulate(prices, targets, restored, cost).values <= free * (1 + 1e-12)).all()


@given(portfolios())
def test_a_single_holding_is_the_ticker_whatever_the_rebalancing(portfolio: tuple[Floats, Floats, Flags]) -> None:
    prices, _, restored = portfolio
    path = simulate(prices[:, :1], np.ones(1), restored, cost_bps=50)
    assert_allclose(path.values, prices[:, 0] / prices[0, 0], rtol=1e-12)


@given(portfolios())
def test_a_weight_of_all_in_the_first_is_the_first(portfolio: tuple[Floats, Floats, Flags]) -> None:
    prices, targets, restored = portfolio
    first = np.eye(len(targets))[0]
    assert_allclose(simulate(prices, first, restored, cost_bps=50).values, prices[:, 0] / prices[0, 0], rtol=1e-12)


@given(portfolios())
def test_equal_weights_restored_daily_have_the_mean_of_the_returns(portfolio: tuple[Floats, Floats, Flags]) -> None:
    prices, targets, _ = portfolio
    daily = np.arange(len(prices)) > 0
    path = simulate(prices, np.full(len(targets), 1 / len(targets)), daily)
    returns = prices[1:] / prices[:-1] - 1
    assert_allclose(path.values[1:] / path.values[:-1] - 1, returns.mean(axis=1), atol=1e-12)
