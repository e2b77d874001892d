"""Block lengths and the stationary bootstrap, against arch's and the formulas of Politis and Romano."""

import numpy as np
import pytest
from arch.bootstrap import StationaryBootstrap, optimal_block_length

from api.analytics import block_length
from api.analytics.arrays import Floats
from api.analytics.stationary_bootstrap import blocks as drawn_blocks
from api.analytics.stationary_bootstrap import resampled_sums

Indices = np.ndarray[tuple[int, int], np.dtype[np.int64]]


def autoregressive(count: int, pull: float, seed: int) -> Floats:
    """x_t = pull · x_{t−1} + e_t."""
    series = np.random.default_rng(seed).standard_normal(count)
    for place in range(1, count):
        series[place] += pull * series[place - 1]
    return series


@pytest.mark.parametrize("count", [60, 84, 126, 252, 1000])
@pytest.mark.parametrize("pull", [0.0, 0.3, 0.8, -0.5, 0.99])
def test_the_optimal_block_length_equals_that_of_arch(count: int, pull: float) -> None:
    series = autoregressive(count, pull, seed=count)
    for values in (series, series**2, series * 1e-3):
        wanted = optimal_block_length(values)["stationary"].iloc[0]
        assert block_length.optimal_block_length(values) == pytest.approx(wanted, rel=1e-8)


def test_block_lengths_are_clipped_and_the_longer_of_two_is_taken() -> None:
    calm, sticky = np.random.default_rng(3).standard_normal(126), autoregressive(2000, 0.98, seed=1)
    assert block_length.block_length(calm) >= 3
    assert block_length.block_length(sticky) == 15
    assert block_length.block_length(np.zeros(126)) == 3
    bursts = np.exp(autoregressive(252, 0.9, seed=5) / 2) * autoregressive(252, 0, seed=105)  # memory in the square
    own, squared = (optimal_block_length(values)["stationary"].iloc[0] for values in (bursts, bursts**2))
    assert own < squared
    assert block_length.block_length(bursts) == pytest.approx(min(squared, 15))


def drawn_indices(count: int, horizon: int, length: float, paths: int) -> Indices:
    """The resampled indices of each path."""
    walks: list[list[int]] = [[] for _ in range(paths)]
    for path, starts, runs in drawn_blocks(count, horizon, length, paths, np.random.default_rng(5)):
        for one, start, run in zip(path, starts, runs, strict=True):
            walks[one] += [(start + step) % count for step in range(run)]
    return np.array(walks)


def block_lengths(indices: Indices, count: int) -> float:
    """Mean length of the runs of consecutive indices on the circle."""
    joins = (indices[:, 1:] - indices[:, :-1]) % count == 1
    return indices.size / (indices.size - int(joins.sum()))


@pytest.mark.parametrize("length", [3, 8, 15])
def test_blocks_have_the_lengths_of_arch_and_uniform_indices(length: int) -> None:
    count = 126
    own = drawn_indices(count, count, length, 2000)
    bootstrap = StationaryBootstrap(length, np.arange(count), seed=np.random.default_rng(6))
    reference = np.array([bootstrap.update_indices() for _ in range(2000)])
    assert own.shape == reference.shape
    assert block_lengths(own, count) == pytest.approx(block_lengths(reference, count), rel=0.02)
    shares, reference_shares = (np.bincount(drawn.ravel()) / drawn.size * count for drawn in (own, reference))
    assert shares == pytest.approx(np.ones(count), abs=0.25)
    assert np.std(shares) == pytest.approx(np.std(reference_shares), rel=0.3)


@pytest.mark.parametrize("length", [3.0, 10.0])
def test_the_variance_of_a_resampled_sum_equals_its_theory(length: float) -> None:
    """Politis and Romano 1994, lemma 1: n·(R(0) + 2 Σ (1 − i/n)(1 − 1/L)^i R(i)), R on the circle."""
    series = autoregressive(126, 0.6, seed=9)
    count, centred = len(series), series - series.mean()
    circular = np.array([centred @ np.roll(centred, -lag) / count for lag in range(count)])
    lags = np.arange(1, count)
    kept = (1 - lags / count) * (1 - 1 / length) ** lags
    wanted = count * (circular[0] + 2 * (kept * circular[1:]).sum())
    sums = resampled_sums(centred[:, None], count, length, 20_000, np.random.default_rng(2))
    assert sums.var() == pytest.approx(wanted, rel=0.05)
    assert sums.mean() == pytest.approx(0, abs=4 * np.sqrt(wanted / 20_000))


def test_columns_move_together() -> None:
    series = np.random.default_rng(4).standard_normal(126)
    sums = resampled_sums(np.column_stack((series, -2 * series)), 63, 5, 1000, np.random.default_rng(1))
    np.testing.assert_allclose(sums[:, 1], -2 * sums[:, 0], atol=1e-12)
