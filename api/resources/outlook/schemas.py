"""The response models of `/outlook` and `/outlook/calibration`."""

from datetime import date
from typing import Any, Literal

from pydantic import Field

from api.http.schemas import TIME, WARNINGS, Meta, Model, SnapshotMeta, time_field

Side = Literal["a", "b"]
Method = Literal["outlook", "coin", "base_rate"]
Verdict = Literal["no reliable difference", "slight lean to A", "slight lean to B"]
BASKET: Any = Field(description="Which of the two baskets: a or b")
NAME: Any = Field(description="The tickers of the basket, joined by a plus", examples=["META+GOOGL"])
_NO_BASE = "null without the close before the window"


# Any, because a Field() stands where a default of the annotated type is expected.
def _quantile(percent: int, what: str) -> Any:
    return Field(description=f"{percent} % quantile of {what}, a fraction")


_SPREAD = "(1 + return of A) ÷ (1 + return of B) − 1 over the horizon"
_RETURN = "the basket's own total return over the horizon, centred on the long-run prior, not on its past"


class OutlookSummary(Model):
    """The answer: how likely A returns more than B over the horizon, and how uncertain that is."""

    a: str = NAME
    b: str = NAME
    p_a_beats_b: float = Field(description="P(S > 0) + ½ P(S = 0) of the simulated log spread S, a fraction")
    monte_carlo_error: float = Field(description="Standard error of p_a_beats_b from drawing finitely many paths")
    p_low: float = Field(description="Lowest p_a_beats_b of `sensitivity`, a fraction")
    p_high: float = Field(description="Highest p_a_beats_b of `sensitivity`, a fraction")
    verdict: Verdict = Field(
        description="no reliable difference for 0.40 < p_a_beats_b < 0.60, else the side it leans to"
    )
    weight_on_history: float = Field(
        description="w = τ² ÷ (τ² + se²): the share of the past mean spread that the model carries forward, a fraction"
    )
    horizon_sessions: int = Field(description="NYSE sessions ahead that the outlook is for")
    spread_05: float = _quantile(5, _SPREAD)
    spread_25: float = _quantile(25, _SPREAD)
    spread_50: float = _quantile(50, _SPREAD)
    spread_75: float = _quantile(75, _SPREAD)
    spread_95: float = _quantile(95, _SPREAD)


class BasketOutlook(Model):
    """One basket, equally weighted and rebalanced daily, dividends included: its past window and its own interval."""

    basket: Side = BASKET
    name: str = NAME
    tickers: list[str] = Field(description="Its members")
    past_return: float | None = Field(description=f"Total return over the past window, a fraction; {_NO_BASE}")
    past_average_daily_return: float = Field(description="Arithmetic mean of its daily returns, a fraction")
    past_volatility: float = Field(description="Standard deviation of its daily returns, ddof 1, × √252, a fraction")
    return_05: float = _quantile(5, _RETURN)
    return_25: float = _quantile(25, _RETURN)
    return_50: float = _quantile(50, _RETURN)
    return_75: float = _quantile(75, _RETURN)
    return_95: float = _quantile(95, _RETURN)


class PastSpread(Model):
    """Facts of the past window, which are no forecast."""

    sessions: int = Field(description="Daily spreads n = ln(1 + r_A) − ln(1 + r_B) on the sessions all members share")
    first_session: date = Field(description="First session of the window that all members share, the base apart")
    last_session: date = Field(description="Last session of the window that all members share")
    mean_spread: float = Field(description="Their mean × 252, a fraction a year")
    standard_error: float = Field(description="Standard error of mean_spread: s ÷ √n × 252, a fraction a year")
    tracking_error: float = Field(description="Their standard deviation s, ddof 1, × √252, a fraction a year")
    t_statistic: float | None = Field(description="mean_spread ÷ standard_error; null where the spread never moves")
    years_for_power: float | None = Field(
        description="How many years of history for 80 % power (two-sided 5 % test) to see a true edge of 10 % a year "
        "at this tracking error; null where the spread never moves"
    )


class SensitivityRow(Model):
    """The same question under another window and another prior."""

    range: str = Field(description="The past window, ending where the asked one ends", examples=["5m"])
    sessions: int = Field(description="Number of daily spreads in it")
    tau: float = Field(description="Prior standard deviation of the true spread, a fraction a year")
    p_a_beats_b: float = Field(description="As in summary, a fraction")
    weight_on_history: float = Field(description="As in summary, a fraction")


class Assumptions(Model):
    """The assumptions of the answer: the prior and the settings of the simulation."""

    tau: float = Field(description="Prior standard deviation of the true spread around 0, a fraction a year")
    long_run: float = Field(
        description="Long-run prior that each basket's own interval is centred on, a fraction a year"
    )
    paths: int = Field(description="Simulated paths")
    seed: int = Field(description="Number that seeds the random generator: the same question has the same answer")
    block_length: float = Field(
        description="Mean block length of the stationary bootstrap, sessions: the larger of Politis and White's for "
        "the spread and for its square, from 3 to 15"
    )


class OutlookRow(Model):
    """One session of one basket in the past window; the first row of each is the base, at growth 0."""

    time: str = TIME
    basket: Side = BASKET
    name: str = NAME
    growth: float | None = Field(description=f"Total return since the base, a fraction; {_NO_BASE}")


class OutlookResponse(Model):
    """Which of two baskets is likelier to return more; rows ascending in time, then basket."""

    meta: Meta
    summary: list[OutlookSummary] = Field(description="One entry: the answer")
    baskets: list[BasketOutlook] = Field(description="A, then B")
    past: PastSpread = Field(description="Facts of the past window, apart from the outlook")
    sensitivity: list[SensitivityRow] = Field(description="Three priors by windows of four, five and six months")
    assumptions: Assumptions = Field(description="The prior and the settings of the simulation")
    power: str = Field(description="How much history it would take to know, in a sentence")
    advice: Literal["not advice"] = Field(default="not advice", description="Always this: the answer is not advice")
    rows: list[OutlookRow]
    warnings: list[str] = WARNINGS


class CalibrationSettings(Model):
    """How the forecasts were made."""

    window_sessions: int = Field(description="Daily returns that each forecast is made of")
    horizon_sessions: int = Field(description="Daily returns ahead that each is for; the horizons do not overlap")
    tau: float = Field(description="Prior standard deviation of the true spread, a fraction a year")
    paths: int = Field(description="Simulated paths a forecast")
    seed: int = Field(description="Number that seeds each forecast's random generator")


class CalibrationSummary(Model):
    """One method of forecasting, scored on the lake's own history."""

    method: Method = Field(
        description="outlook: this service's; coin: always 0.5; base_rate: always the share of windows that A won"
    )
    windows: int = Field(description="Number of forecasts, of horizons that do not overlap")
    brier: float = Field(description="Mean of (forecast − outcome)², both fractions; 0.25 is a coin's, less is better")
    less_coin: float = Field(description="brier − the coin's, in points")
    less_coin_standard_error: float | None = Field(description="Standard error of less_coin; null below two windows")
    less_base_rate: float = Field(
        description="brier − that of the base rate, which is known only afterwards, in points"
    )
    less_base_rate_standard_error: float | None = Field(
        description="Standard error of less_base_rate; null below two windows"
    )


Timing = Literal["ahead", "afterwards"]
Status = Literal["pending", "scored", "overlapping", "unknown"]
TIMING: Any = Field(
    description="ahead: made before the session after it closed, so that no part of its outcome was known; afterwards: "
    "made later, such as from an old lake, which proves nothing"
)


class ReliabilityBin(Model):
    """The forecasts of one tenth of the scale."""

    low: float = Field(description="Lower end of the bin, inclusive, a fraction")
    high: float = Field(description="Upper end of the bin, exclusive except for 1, a fraction")
    forecasts: int = Field(description="Number of forecasts in it")
    mean_forecast: float | None = Field(description="Their mean, a fraction; null in an empty bin")
    share_a_won: float | None = Field(
        description="Share of them after which A returned more, a fraction; null in an empty bin"
    )


class CalibrationRow(Model):
    """One forecast and its outcome."""

    time: str = time_field("The last session known to the forecast, as midnight UTC of its day")
    p_a_beats_b: float = Field(description="The forecast, a fraction")
    outcome: float = Field(
        description="Share of the win that went to A, a fraction: 1 where it returned more over the horizon, 0 where B "
        "did, 0.5 where neither"
    )
    spread: float = Field(description=_SPREAD + ", as it turned out")


class CalibrationResponse(Model):
    """How good such forecasts have been on this lake's history; rows ascending in time."""

    meta: Meta
    summary: list[CalibrationSummary] = Field(description="The three methods; empty without a window")
    settings: CalibrationSettings = Field(description="How the forecasts were made")
    reliability: list[ReliabilityBin] = Field(description="Ten bins of the forecast")
    claim: str = Field(description="What may be said of its skill, in a sentence")
    rows: list[CalibrationRow]
    warnings: list[str] = WARNINGS


class RecordSummary(Model):
    """One method of forecasting, scored on the committed forecasts of one horizon."""

    horizon_sessions: int = Field(description="NYSE sessions ahead that the forecasts are for")
    timing: Timing = TIMING
    method: Method = Field(
        description="outlook: what was committed; coin: always 0.5; base_rate: always the share of them that A won"
    )
    forecasts: int = Field(description="Number of forecasts that are scored")
    days: int = Field(description="Number of sessions that they were made on; their horizons do not overlap")
    brier: float = Field(
        description="Mean over those days of the day's mean of (forecast − outcome)², both fractions; 0.25 is a "
        "coin's, less is better"
    )
    less_coin: float = Field(description="brier − the coin's, in points")
    less_coin_standard_error: float | None = Field(
        description="Standard error of less_coin from its daily means, in points; null below two days"
    )
    less_base_rate: float = Field(
        description="brier − that of the base rate, which is known only afterwards, in points"
    )
    less_base_rate_standard_error: float | None = Field(
        description="Standard error of less_base_rate, in points, as that of less_coin; null as it is"
    )


class RecordBin(ReliabilityBin):
    """The scored forecasts of one horizon and one tenth of the scale."""

    horizon_sessions: int = Field(description="NYSE sessions ahead that the forecasts are for")
    timing: Timing = TIMING


class RecordRow(Model):
    """One committed forecast, and what came of it."""

    time: str = time_field("The last session known to the forecast, as midnight UTC of its day")
    made: str = time_field("When it was made, by the clock of the machine that made it", "2026-11-21T01:30:05Z")
    timing: Timing = TIMING
    snapshot: str = Field(description="The snapshot that it was made from")
    a: str = NAME
    b: str = NAME
    horizon_sessions: int = Field(description="NYSE sessions ahead that it is for")
    ends: date | None = Field(description="The session at whose close that is; null beyond the end of the calendar")
    p_a_beats_b: float = Field(description="The probability that was committed, a fraction")
    status: Status = Field(
        description="pending: not there yet; scored; overlapping: its horizon overlaps that of one already scored; "
        "unknown: the lake lacks a close at one of its two ends"
    )
    outcome: float | None = Field(description="As in /outlook/calibration, a fraction; null while pending or unknown")
    spread: float | None = Field(description=_SPREAD + ", as it turned out; null while pending or unknown")


class RecordResponse(Model):
    """The track record of committed forecasts; rows ascending in time, then horizon, then basket."""

    meta: SnapshotMeta
    summary: list[RecordSummary] = Field(description="Three methods for each horizon and timing with a scored forecast")
    reliability: list[RecordBin] = Field(description="The bins that have a scored forecast")
    claim: str = Field(description="What may be said of the skill, in a few sentences")
    rows: list[RecordRow]
    warnings: list[str] = WARNINGS
