"""How good forecasts of the outlook's kind have been: walked forward through a history, and scored.

The Brier score is proper: it is least for whoever says what they believe (Bröcker and Smith 2007).
"""

from typing import NamedTuple

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats
from api.analytics.outlook import probability, simulate

WINDOW = 126  # six months
PATHS = 2_000
_BINS = 10


class Forecasts(NamedTuple):
    """Each (w,): how many returns each forecast knew, its probability, what came (1, ½ or 0), and the log spread."""

    known: Floats
    chances: Floats
    outcomes: Floats
    spreads: Floats


class Score(NamedTuple):
    """A mean Brier score, its distance to another's, and the standard error of that, NaN below two forecasts."""

    brier: float
    less: float
    standard_error: float


class Bin(NamedTuple):
    """The forecasts from `low` on: how many, their mean, and the mean of what came; NaN without one."""

    low: float
    high: float
    forecasts: int
    mean_forecast: float
    share: float


def walk_forward(logs: Floats, horizon: int, tau: float) -> Forecasts:
    """Forecast each horizon of (n, 2) log returns from the WINDOW before it; the horizons meet, the last ends at n."""
    ends = np.arange(len(logs) - horizon, WINDOW - 1, -horizon)[::-1]
    pasts = (logs[end - WINDOW : end] for end in ends)
    chances = [probability(simulate(past, horizon, PATHS).spreads(tau)) for past in pasts]
    spreads = np.array([(logs[end : end + horizon, 0] - logs[end : end + horizon, 1]).sum() for end in ends])
    return Forecasts(ends.astype(np.float64), np.array(chances), (np.sign(spreads) + 1) / 2, spreads)


def score(chances: Floats, others: Floats, outcomes: Floats) -> Score:
    """The Brier score of (w,) chances, w ≥ 1, against that of `others`, forecast by forecast."""
    errors = (chances - outcomes) ** 2
    differences = errors - (others - outcomes) ** 2
    error = differences.std(ddof=1) / np.sqrt(len(errors)) if len(errors) > 1 else UNKNOWN
    return Score(float(errors.mean()), float(differences.mean()), float(error))


def reliability(chances: Floats, outcomes: Floats) -> list[Bin]:
    """Ten bins of equal width; a forecast of 1 is in the last."""
    places = np.minimum((chances * _BINS).astype(int), _BINS - 1)
    return [
        Bin(place / _BINS, (place + 1) / _BINS, int(inside.sum()), _mean(chances[inside]), _mean(outcomes[inside]))
        for place in range(_BINS)
        for inside in [places == place]
    ]


def _mean(values: Floats) -> float:
    return float(values.mean()) if len(values) else UNKNOWN
