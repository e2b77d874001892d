"""What may be said of the outlook's skill on the lake's own history. Panel in, figures and words out; pure."""

import numpy as np

from api.analytics.arrays import Floats
from api.analytics.calibration import PATHS, WINDOW, Forecasts, Score, reliability, score, walk_forward
from api.analytics.outlook import SEED
from api.formatting import counted, numbers, times
from api.panel.panel import Panel
from api.resources.outlook.baskets import baskets_of
from api.resources.outlook.schemas import (
    CalibrationRow,
    CalibrationSettings,
    CalibrationSummary,
    Method,
    ReliabilityBin,
)
from api.resources.outlook.service import Inquiry

_ENOUGH = 30  # windows; with horizons of three months about eight years
_SURE = 2.0  # standard errors


def calibrate(panel: Panel, inquiry: Inquiry) -> tuple[list[CalibrationRow], Forecasts]:
    """Each forecast of A over B and what came of it, ascending in time."""
    baskets = baskets_of(panel, inquiry.a, inquiry.b)
    walked = walk_forward(baskets.logs[:, :: inquiry.sign], inquiry.horizon.sessions, inquiry.prior.tau)
    if inquiry.sign < 0:
        walked = walked._replace(chances=1 - walked.chances, outcomes=1 - walked.outcomes, spreads=-walked.spreads)
    stamps = times(baskets.days[int(known) - 1].item() for known in walked.known)
    columns = (walked.chances, walked.outcomes, np.expm1(walked.spreads))
    rows = zip(stamps, *(column.tolist() for column in columns), strict=True)
    return [
        CalibrationRow(time=time, p_a_beats_b=p, outcome=came, spread=spread) for time, p, came, spread in rows
    ], walked


def calibration_summary(forecasts: Forecasts) -> list[CalibrationSummary]:
    """The outlook, a coin and the base rate, scored alike; nothing without a forecast."""
    if not len(forecasts.chances):
        return []
    coin = np.full_like(forecasts.outcomes, 0.5)
    rate = np.full_like(forecasts.outcomes, forecasts.outcomes.mean())
    methods: dict[Method, Floats] = {"outlook": forecasts.chances, "coin": coin, "base_rate": rate}
    return [
        _scored(method, score(said, coin, forecasts.outcomes), score(said, rate, forecasts.outcomes), len(said))
        for method, said in methods.items()
    ]


def reliability_bins(forecasts: Forecasts) -> list[ReliabilityBin]:
    """Whether what was called 60 % came six times of ten."""
    return [
        ReliabilityBin(low=low, high=high, forecasts=count, mean_forecast=_known(mean), share_a_won=_known(share))
        for low, high, count, mean, share in reliability(forecasts.chances, forecasts.outcomes)
    ]


def settings_of(inquiry: Inquiry) -> CalibrationSettings:
    """How the forecasts were made."""
    return CalibrationSettings(
        window_sessions=WINDOW,
        horizon_sessions=inquiry.horizon.sessions,
        tau=inquiry.prior.tau,
        paths=PATHS,
        seed=SEED,
    )


def claim_of(summary: list[CalibrationSummary]) -> str:
    """What may be said of the skill; below 30 windows, that nothing may."""
    if not summary:
        return (
            "The baskets share too little history for a single forecast and what came of it: no skill can be claimed."
        )
    outlook, _, rate = summary
    found = (
        f"Over {counted(outlook.windows, 'window')} that do not overlap, the Brier score is {outlook.brier:.4f}, that "
        f"of a coin 0.2500 and that of the base rate {rate.brier:.4f}"
    )
    if outlook.windows < _ENOUGH:
        return f"{found}; below {_ENOUGH} windows, about eight years, no skill can be claimed."
    distances = (
        (outlook.less_coin, outlook.less_coin_standard_error),
        (outlook.less_base_rate, outlook.less_base_rate_standard_error),
    )
    if all(less + _SURE * (error or 0.0) < 0 for less, error in distances):
        return f"{found}: better than both by more than two standard errors, on this history."
    if all(less - _SURE * (error or 0.0) > 0 for less, error in distances):
        return f"{found}: worse than both by more than two standard errors, so no skill can be claimed."
    return f"{found}: within two standard errors of one of them at least, so no skill can be claimed."


def _scored(method: Method, coin: Score, rate: Score, windows: int) -> CalibrationSummary:
    return CalibrationSummary(
        method=method,
        windows=windows,
        brier=coin.brier,
        less_coin=coin.less,
        less_coin_standard_error=_known(coin.standard_error),
        less_base_rate=rate.less,
        less_base_rate_standard_error=_known(rate.standard_error),
    )


def _known(value: float) -> float | None:
    return numbers(np.array([value]))[0]
