"""Calibration of the outlook: forecasts walked forward through a history, and their Brier scores.

The Brier score is proper: a forecaster minimises it by saying what they believe (Bröcker and Smith 2007).
"""

from typing import NamedTuple

import numpy as np

from api.analytics.arrays import NAN, Floats
from api.analytics.outlook import probability_positive, simulate

WINDOW = 126  # six months of sessions
# Fewer paths than the outlook's 10,000, because a history of 20 years takes 80 simulations. Their Monte Carlo error of
# about one percentage point is small against that of 80 outcomes.
PATHS = 2_000
_BINS = 10


class Forecasts(NamedTuple):
    """One entry a forecast, each field (w,).

    `origins`: how many returns were known when it was made. `probabilities`: of the first series returning more.
    `outcomes`: 1 where it did, 0 where it did not, ½ for a tie. `spreads`: the log spread that came.
    """

    origins: Floats
    probabilities: Floats
    outcomes: Floats
    spreads: Floats


class BrierScore(NamedTuple):
    """A Brier score, its difference to a reference forecast's, and the difference's standard error (NaN for one)."""

    brier: float
    difference: float
    standard_error: float


class CalibrationBin(NamedTuple):
    """The forecasts from `low` to `high`: their number, mean, and mean outcome; NaN in an empty bin."""

    low: float
    high: float
    forecasts: int
    mean_forecast: float
    share: float


def walk_forward(logs: Floats, horizon: int, tau: float) -> Forecasts:
    """Forecast every horizon of (n, 2) daily log returns from the WINDOW before it; `tau` is annual.

    Horizons follow each other without overlap, so that no session counts in two outcomes; the last one ends at n.
    """
    # From the end backwards, so that the remainder of the division is lost at the oldest end.
    ends = np.arange(len(logs) - horizon, WINDOW - 1, -horizon)[::-1]
    windows = (logs[end - WINDOW : end] for end in ends)
    probabilities = [probability_positive(simulate(window, horizon, PATHS).spreads(tau)) for window in windows]
    spreads = np.array([(logs[end : end + horizon, 0] - logs[end : end + horizon, 1]).sum() for end in ends])
    return Forecasts(ends.astype(np.float64), np.array(probabilities), (np.sign(spreads) + 1) / 2, spreads)


def brier_score(probabilities: Floats, reference: Floats, outcomes: Floats) -> BrierScore:
    """The Brier score of (w,) probabilities, w ≥ 1, and its difference to that of `reference`.

    Differences are paired, forecast by forecast, because two forecasts of the same outcome have correlated errors.
    """
    errors = (probabilities - outcomes) ** 2
    differences = errors - (reference - outcomes) ** 2
    error = differences.std(ddof=1) / np.sqrt(len(errors)) if len(errors) > 1 else NAN
    return BrierScore(float(errors.mean()), float(differences.mean()), float(error))


def calibration_bins(probabilities: Floats, outcomes: Floats) -> list[CalibrationBin]:
    """Ten bins of equal width; a forecast of exactly 1 is in the last."""
    places = np.minimum((probabilities * _BINS).astype(int), _BINS - 1)
    bins = []
    for place in range(_BINS):
        inside = places == place
        mean_forecast, share = _mean(probabilities[inside]), _mean(outcomes[inside])
        bins.append(CalibrationBin(place / _BINS, (place + 1) / _BINS, int(inside.sum()), mean_forecast, share))
    return bins


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else NAN
