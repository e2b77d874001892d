"""Bootstrap intervals against arch's circular block bootstrap: equal except for the randomness of the draws."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from arch.bootstrap import CircularBlockBootstrap
from scipy import stats

from api.analytics import benchmark, ratios, risk
from api.analytics.arrays import Floats
from api.analytics.bootstrap_figures import DRAWN
from api.analytics.bootstrap_interval import block_length, draw_count, interval, resampled_indices
from api.analytics.rank_statistics import RankedSeries, lagged_spearman, spearman_interval
from tests.reference import golden

STOCK, OTHER = golden.frames()
RETURNS = STOCK["close"].pct_change().iloc[1:].to_numpy()
PAIR = pd.concat([STOCK["close"], OTHER["close"]], axis=1, join="inner").pct_change().iloc[1:].to_numpy()
DRAWS = 4000


def by_arch(function: Callable[..., float], *series: Floats) -> Floats:
    """Percentile interval at 95 %, with blocks as long as ours."""
    bootstrap = CircularBlockBootstrap(block_length(len(series[0])), *series, seed=np.random.default_rng(7))
    drawn = bootstrap.apply(lambda *args: np.atleast_1d(function(*args)), DRAWS)
    return np.quantile(drawn[:, 0], [0.025, 0.975])


def same(found: tuple[Floats, Floats], wanted: Floats) -> None:
    """Equal within a tenth of the interval's width, more than the ends vary over 1000 draws."""
    np.testing.assert_allclose(np.array(found)[:, 0], wanted, atol=0.1 * np.ptp(wanted))


@pytest.mark.parametrize("function", [risk.volatility, risk.value_at_risk, risk.conditional_value_at_risk])
def test_of_one_series(function: Callable[[Floats], Floats]) -> None:
    same(interval(function, RETURNS[:, None]), by_arch(lambda values: float(function(values)), RETURNS))


def test_of_a_ratio_with_a_constant() -> None:
    rate = np.array([0.0002])
    wanted = by_arch(lambda values: float(ratios.sortino(values, np.array(0.0002))), RETURNS)
    same(interval(ratios.sortino, RETURNS[:, None], rate), wanted)


@pytest.mark.parametrize("function", [benchmark.up_capture, benchmark.down_capture, benchmark.beta])
def test_of_two_series_drawn_together(function: Callable[[Floats, Floats], Floats]) -> None:
    own, other = PAIR.T
    wanted = by_arch(lambda one, two: float(function(one, two)), own, other)
    same(interval(function, own[:, None], other[:, None]), wanted)


def test_of_a_rank_correlation() -> None:
    moves, volumes = RETURNS[-100:], STOCK["volume"].to_numpy(dtype=np.float64)[-100:]
    found = lagged_spearman(moves, volumes, 0)
    wanted = by_arch(lambda one, other: float(stats.spearmanr(one, other).statistic), moves, volumes)
    np.testing.assert_allclose((found.low, found.high), wanted, atol=0.1 * np.ptp(wanted))


def test_indices_are_blocks_on_a_circle() -> None:
    places = resampled_indices(30)
    length = block_length(30)
    assert (places.shape, length) == ((30, 1000), 6)
    steps = np.diff(places, axis=0) % 30
    inside = np.arange(1, 30) % length != 0
    assert (steps[inside] == 1).all()
    assert (steps[~inside] != 1).mean() > 0.8
    counts = np.bincount(places.ravel(), minlength=30)
    assert stats.chisquare(counts[::length]).pvalue > 1e-4  # every session is drawn as often as another


def test_the_same_question_has_the_same_interval() -> None:
    found = [interval(risk.value_at_risk, RETURNS[:, None]) for _ in range(2)]
    np.testing.assert_array_equal(found[0], found[1])
    with pytest.raises(ValueError, match="read-only"):
        resampled_indices(30)[0, 0] = 1


def test_nineteen_returns_have_no_interval() -> None:
    assert np.isnan(interval(risk.volatility, RETURNS[:19, None])).all()
    assert np.isfinite(interval(risk.volatility, RETURNS[:20, None])).all()
    assert np.isnan(lagged_spearman(RETURNS[:19], RETURNS[:19], 0).low)


@pytest.mark.parametrize("function", DRAWN)
@pytest.mark.parametrize("count", [20, 21, 126, 700])
def test_figures_from_counts_are_those_of_the_draws_laid_out(function: Callable[..., Floats], count: int) -> None:
    """With returns that are equal, a column that never moves, and one that never falls."""
    returns = np.random.default_rng(count).normal(0.001, 0.02, (count, 4)).round(3)
    returns[:, 1], returns[:, 2] = 0, np.abs(returns[:, 2])
    other = np.random.default_rng(1).normal(0, 0.01, (count, 4)).round(3)
    needs = {ratios.sortino: (returns, np.full(4, 0.0002))}
    series = needs.get(function, (returns, other) if "capture" in function.__name__ else (returns,))
    places = resampled_indices(count)
    laid_out = [
        function(*(one[:, column][places] if one.ndim > 1 else one[column] for one in series)) for column in range(4)
    ]
    np.testing.assert_allclose(DRAWN[function](*series).T, laid_out, rtol=1e-9, atol=1e-12)


def test_draws_without_a_figure_do_not_count() -> None:
    """Beta is NaN in a draw without a move of the benchmark: in some if it moves once, in all if it never does."""
    moves, nearly = RETURNS[:30, None], np.zeros((30, 1))
    assert np.isnan(interval(benchmark.beta, moves, nearly)).all()
    nearly[7] = 0.01
    assert np.isfinite(interval(benchmark.beta, moves, nearly)).all()


@pytest.mark.parametrize(("count", "digits"), [(40, 1), (600, 9), (600, 3), (600, 1), (600, 0)])
def test_each_draw_of_a_rank_correlation_is_spearmans(count: int, digits: int) -> None:
    """Without ties, with a few, and with hardly anything else: the interval is that of scipy's figures of the draws."""
    values = np.random.default_rng(3).normal(size=(2, count)).round(digits)
    drawn = [stats.spearmanr(values[0][column], values[1][column]).statistic for column in resampled_indices(count).T]
    found = spearman_interval(values[0], values[1])
    np.testing.assert_allclose(found, np.quantile(drawn, [0.025, 0.975]), atol=1e-6)


@pytest.mark.parametrize("digits", [9, 2])
def test_ranks_of_the_draws_are_exact_in_the_longest_window(digits: int) -> None:
    """Twice a rank is more than 16 bits hold there."""
    count = 17_000
    values = np.random.default_rng(5).normal(size=count).round(digits)
    places = resampled_indices(count)[:, :3]
    wanted = 2 * stats.rankdata(values[places], axis=0) - (count + 1)
    found = RankedSeries(values).draws[:, :3]
    np.testing.assert_array_equal(np.take_along_axis(found, places, axis=0), wanted)


def test_long_series_are_resampled_less_often() -> None:
    assert [draw_count(count) for count in (20, 250, 1000, 10_000)] == [1000, 1000, 250, 200]
    assert resampled_indices(5000).shape == (5000, 200)
