"""The outlook's arithmetic, against the golden case, hand values and limits."""

from dataclasses import replace
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from api.analytics.arrays import Floats
from api.analytics.outlook import monte_carlo_error, probability_positive, simulate, spread_statistics, years_for_power

N, HORIZON = 126, 63
TRACKING = 0.18 / np.sqrt(252)


def spread_series(seed: int, t: float) -> Floats:
    """(126, 2): normal quantiles in some order, of tracking error 18 % a year and t-statistic t, against nothing."""
    order = np.random.default_rng(seed).permutation(stats.norm.ppf((np.arange(N) + 0.5) / N))
    spread = order / order.std(ddof=1) * TRACKING + t * TRACKING / np.sqrt(N)
    return np.column_stack((spread, np.zeros(N)))


def test_the_golden_case() -> None:
    """Merton's point: half a year with t = 2 moves the odds to 57 %, not to the naive Φ(√2) = 92 %."""
    past = spread_statistics(spread_series(0, t=2))
    assert past.sessions == N
    assert past.mean / past.standard_error == pytest.approx(2)
    assert past.weight(0.10) == pytest.approx(0.14, abs=0.01)
    chances = [probability_positive(simulate(spread_series(seed, t=2), HORIZON).spreads(0.10)) for seed in range(24)]
    weight = 0.1**2 / (0.1**2 + 0.18**2 * 252 / N)
    error = 0.18 / np.sqrt(252 * N)
    variance = HORIZON * TRACKING**2 + HORIZON**2 * weight * error**2
    wanted = NormalDist().cdf(HORIZON * weight * 2 * error / np.sqrt(variance))
    assert wanted == pytest.approx(0.57, abs=0.005)
    assert np.mean(chances) == pytest.approx(wanted, abs=0.01)


def test_the_weight_by_hand() -> None:
    past = replace(spread_statistics(spread_series(1, t=1)), sessions=N, deviation=TRACKING)
    assert past.weight(0.18 * np.sqrt(252 / N)) == pytest.approx(0.5)  # τ as large as the standard error of a year
    assert past.weight(0.0) == 0
    assert 0.99 < past.weight(100.0) < 1


def test_without_a_prior_a_symmetric_spread_is_even() -> None:
    logs = spread_series(2, t=3)
    chances = [probability_positive(simulate(logs, HORIZON).spreads(tau)) for tau in (0.10, 0.01, 1e-4, 0.0)]
    assert chances[0] > 0.55
    assert chances[-2:] == pytest.approx([0.5, 0.5], abs=0.015)


def test_with_a_wide_prior_it_is_the_naive_answer() -> None:
    """Φ(t/√3) with the uncertainty of the mean: horizon half the window."""
    chances = [probability_positive(simulate(spread_series(seed, t=2), HORIZON).spreads(50.0)) for seed in range(12)]
    assert np.mean(chances) == pytest.approx(NormalDist().cdf(2 / np.sqrt(3)), abs=0.02)


def test_a_basket_against_itself_has_even_odds() -> None:
    series = np.random.default_rng(3).normal(0, 0.01, N)
    simulation = simulate(np.column_stack((series, series)), HORIZON)
    assert probability_positive(simulation.spreads(0.10)) == 0.5
    assert simulation.observed.weight(0.10) == 1  # nothing is left open


def test_the_same_seed_gives_the_same_draws() -> None:
    logs = spread_series(4, t=1)
    np.testing.assert_array_equal(simulate(logs, HORIZON).spreads(0.1), simulate(logs, HORIZON).spreads(0.1))
    assert (simulate(logs, HORIZON).centred_sums != simulate(logs, HORIZON, seed=7).centred_sums).any()


def test_a_series_by_itself_is_centred_on_the_long_run() -> None:
    rising = np.random.default_rng(5).normal(0.004, 0.01, (N, 2))  # a past of 170 % a year
    own = simulate(rising, HORIZON).centred_on(0.08)
    assert own.mean(axis=0) == pytest.approx([np.log(1.08) / 4] * 2, abs=0.003)


def test_ties_count_half() -> None:
    assert probability_positive(np.array([1.0, 0.0, -1.0, 2.0])) == 0.625
    assert monte_carlo_error(0.5, 10_000) == 0.005


def test_power_takes_decades() -> None:
    """A tracking error of 18 % a year and an edge of 10 %: about 25 years."""
    assert years_for_power(TRACKING, 0.10) == pytest.approx(25.4, abs=0.1)
