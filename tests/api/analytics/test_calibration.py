"""Walk-forward forecasts and their scores, against hand values."""

import numpy as np
import pytest

from api.analytics.calibration import WINDOW, brier_score, calibration_bins, walk_forward
from api.analytics.outlook import probability_positive, simulate

LOGS = np.random.default_rng(7).normal(0, 0.01, (WINDOW + 4 * 63 + 5, 2))


def test_horizons_meet_and_the_last_ends_at_the_newest_return() -> None:
    walked = walk_forward(LOGS, 63, 0.10)
    assert walked.origins.tolist() == [WINDOW + 5 + 63 * place for place in range(4)]
    spread = LOGS[:, 0] - LOGS[:, 1]
    assert walked.spreads == pytest.approx(
        [spread[WINDOW + 5 + 63 * k : WINDOW + 5 + 63 * (k + 1)].sum() for k in range(4)]
    )
    assert walked.outcomes.tolist() == [1.0 if one > 0 else 0.0 for one in walked.spreads]


def test_a_forecast_knows_nothing_of_its_horizon() -> None:
    changed = LOGS.copy()
    changed[WINDOW + 5 :, 0] += 0.05
    before, after = walk_forward(LOGS, 63, 0.10), walk_forward(changed, 63, 0.10)
    assert before.probabilities[0] == after.probabilities[0]
    assert after.outcomes.tolist() == [1.0] * 4
    assert before.probabilities[0] == probability_positive(simulate(LOGS[5 : WINDOW + 5], 63, 2000).spreads(0.10))


def test_without_a_whole_window_and_horizon_there_is_no_forecast() -> None:
    assert len(walk_forward(LOGS[: WINDOW + 62], 63, 0.10).probabilities) == 0
    assert len(walk_forward(LOGS[: WINDOW + 63], 63, 0.10).probabilities) == 1


def test_a_tie_is_half_an_outcome() -> None:
    same = np.repeat(LOGS[:, :1], 2, axis=1)
    walked = walk_forward(same, 63, 0.10)
    assert (set(walked.outcomes), set(walked.probabilities)) == ({0.5}, {0.5})


def test_brier_by_hand() -> None:
    """Forecasts 0.8, 0.6, 0.3 and outcomes 1, 0, 0: errors 0.04, 0.36, 0.09; a coin's 0.25 each."""
    said, came, coin = np.array([0.8, 0.6, 0.3]), np.array([1.0, 0.0, 0.0]), np.full(3, 0.5)
    found = brier_score(said, coin, came)
    assert found.brier == pytest.approx(0.49 / 3)
    assert found.difference == pytest.approx(0.49 / 3 - 0.25)
    assert found.standard_error == pytest.approx(np.std([-0.21, 0.11, -0.16], ddof=1) / np.sqrt(3))
    assert np.isnan(brier_score(said[:1], coin[:1], came[:1]).standard_error)


def test_bins_by_hand() -> None:
    bins = calibration_bins(np.array([0.05, 0.55, 0.57, 0.60, 1.0]), np.array([0.0, 1.0, 0.0, 1.0, 1.0]))
    assert [one.forecasts for one in bins] == [1, 0, 0, 0, 0, 2, 1, 0, 0, 1]
    assert (bins[5].low, bins[5].high) == (0.5, 0.6)
    assert bins[5].mean_forecast == pytest.approx(0.56)
    assert bins[5].share == 0.5
    assert np.isnan(bins[1].mean_forecast)
