"""The outlook's skill on the lake's own history. Panel in, figures and words out; pure."""

import numpy as np

from api.analytics.arrays import Floats
from api.analytics.calibration import PATHS, WINDOW, Forecasts, brier_score, calibration_bins, walk_forward
from api.analytics.outlook import SEED
from api.formatting import counted, numbers, times
from api.panel.panel import Panel
from api.resources.outlook.baskets import baskets_of
from api.resources.outlook.request import OutlookRequest
from api.resources.outlook.schemas import (
    CalibrationRow,
    CalibrationSettings,
    CalibrationSummary,
    Method,
    ReliabilityBin,
)

_MIN_WINDOWS = 30  # with horizons of three months about eight years
_STANDARD_ERRORS = 2.0  # about a 95 % interval


def calibrate(panel: Panel, request: OutlookRequest) -> tuple[list[CalibrationRow], Forecasts]:
    """Each forecast of A over B and its outcome, ascending in time, as rows and as arrays."""
    baskets = baskets_of(panel, request.a, request.b)
    forecasts = walk_forward(baskets.logs[:, :: request.sign], request.horizon.sessions, request.prior.tau)
    # Forecasts are made in canonical order, as the outlook is, and turned round where A and B were asked for swapped.
    if request.sign < 0:
        forecasts = forecasts._replace(
            probabilities=1 - forecasts.probabilities, outcomes=1 - forecasts.outcomes, spreads=-forecasts.spreads
        )
    stamps = times(baskets.return_days[int(origin) - 1].item() for origin in forecasts.origins)
    columns = (forecasts.probabilities, forecasts.outcomes, np.expm1(forecasts.spreads))
    rows = zip(stamps, *(column.tolist() for column in columns), strict=True)
    return [
        CalibrationRow(time=time, p_a_beats_b=p, outcome=came, spread=spread) for time, p, came, spread in rows
    ], forecasts


def calibration_summary(forecasts: Forecasts) -> list[CalibrationSummary]:
    """The scores of the outlook, of a coin and of the base rate; empty without a forecast."""
    if not len(forecasts.probabilities):
        return []
    coin = np.full_like(forecasts.outcomes, 0.5)
    # The base rate is known only afterwards, so no forecaster could have used it: beating it is the hard test.
    rate = np.full_like(forecasts.outcomes, forecasts.outcomes.mean())
    methods: dict[Method, Floats] = {"outlook": forecasts.probabilities, "coin": coin, "base_rate": rate}
    summaries = []
    for method, probabilities in methods.items():
        against_coin = brier_score(probabilities, coin, forecasts.outcomes)
        against_rate = brier_score(probabilities, rate, forecasts.outcomes)
        summaries.append(
            CalibrationSummary(
                method=method,
                windows=len(probabilities),
                brier=against_coin.brier,
                less_coin=against_coin.difference,
                less_coin_standard_error=_known(against_coin.standard_error),
                less_base_rate=against_rate.difference,
                less_base_rate_standard_error=_known(against_rate.standard_error),
            )
        )
    return summaries


def reliability_bins(forecasts: Forecasts) -> list[ReliabilityBin]:
    """Forecasts grouped by their probability: of those near 60 %, six in ten should have come true."""
    return [
        ReliabilityBin(low=low, high=high, forecasts=count, mean_forecast=_known(mean), share_a_won=_known(share))
        for low, high, count, mean, share in calibration_bins(forecasts.probabilities, forecasts.outcomes)
    ]


def settings_of(request: OutlookRequest) -> CalibrationSettings:
    """The settings that the forecasts were made with."""
    return CalibrationSettings(
        window_sessions=WINDOW,
        horizon_sessions=request.horizon.sessions,
        tau=request.prior.tau,
        paths=PATHS,
        seed=SEED,
    )


def describe_skill(summary: list[CalibrationSummary]) -> str:
    """What may be said of the skill, in a sentence; with fewer than 30 windows, that nothing may."""
    if not summary:
        return (
            "The baskets share too little history for a single forecast and what came of it: no skill can be claimed."
        )
    outlook, _, rate = summary
    found = (
        f"Over {counted(outlook.windows, 'window')} that do not overlap, the Brier score is {outlook.brier:.4f}, that "
        f"of a coin 0.2500 and that of the base rate {rate.brier:.4f}"
    )
    if outlook.windows < _MIN_WINDOWS:
        return f"{found}; below {_MIN_WINDOWS} windows, about eight years, no skill can be claimed."
    distances = (
        (outlook.less_coin, outlook.less_coin_standard_error),
        (outlook.less_base_rate, outlook.less_base_rate_standard_error),
    )
    if all(less + _STANDARD_ERRORS * (error or 0.0) < 0 for less, error in distances):
        return f"{found}: better than both by more than two standard errors, on this history."
    if all(less - _STANDARD_ERRORS * (error or 0.0) > 0 for less, error in distances):
        return f"{found}: worse than both by more than two standard errors, so no skill can be claimed."
    return f"{found}: within two standard errors of at least one of them, so no skill can be claimed."


def _known(value: float) -> float | None:
    return numbers(np.array([value]))[0]
