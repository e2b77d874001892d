"""Which of two baskets is likelier to return more over a horizon. Panel in, figures and sentences out; pure."""

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

import numpy as np

from api.analytics.arrays import SESSIONS_PER_YEAR, Floats
from api.analytics.outlook import (
    PATHS,
    QUANTILES,
    SEED,
    Simulation,
    SpreadStatistics,
    monte_carlo_error,
    probability_positive,
    simulate,
    spread_statistics,
    years_for_power,
)
from api.errors import TooLittleHistoryError
from api.formatting import counted, percent
from api.panel.panel import Panel
from api.panel.response_meta import standing_warnings, warnings_of
from api.panel.window import Last, Span, resolve
from api.resources.outlook.baskets import SIDES, Baskets, baskets_of, name_of
from api.resources.outlook.request import OutlookRequest
from api.resources.outlook.schemas import (
    Assumptions,
    BasketOutlook,
    OutlookSummary,
    PastSpread,
    SensitivityRow,
    Verdict,
)

# Sessions before the base: enough for the alternative windows of up to six months behind any shorter window.
LOOKBACK = 140
_TAUS = (0.05, 0.10, 0.20)
_MONTHS = (4, 5, 6)
_MIN_RETURNS, _MIN_RETURNS_ALTERNATIVE = 99, 60
_EDGE = 0.10
_NO_DIVIDENDS, _NOT_HERE = "dividends are unknown", "not in the lake"  # what warnings of these say
_LEAN_TO_B, _LEAN_TO_A = 0.40, 0.60


class SimulatedWindow(NamedTuple):
    """A past window by its label, such as 5m, and its simulation with the baskets in canonical order."""

    range: str
    simulation: Simulation


@dataclass(frozen=True)
class Outlook:
    """The answer before it is put into figures and words.

    `baskets`: over the window asked for; `has_base`: whether they share its base. `windows`: that window, then the
    alternatives. `omitted`: a sentence for each alternative window that has too little history.
    """

    request: OutlookRequest
    baskets: Baskets
    has_base: bool
    windows: tuple[SimulatedWindow, ...]
    omitted: tuple[str, ...]

    @property
    def main(self) -> Simulation:
        """The simulation of the window asked for."""
        return self.windows[0].simulation

    @cached_property
    def past(self) -> SpreadStatistics:
        """The spread of A over B in the window asked for."""
        return spread_statistics(self.baskets.logs)

    @cached_property
    def spreads(self) -> Floats:
        """(paths,) log spreads of A over B, from the window and the prior asked for."""
        return self.request.sign * self.main.spreads(self.request.prior.tau)

    @cached_property
    def sensitivity(self) -> list[SensitivityRow]:
        """Every window with every prior."""
        taus = sorted({*_TAUS, self.request.prior.tau})
        return [self._sensitivity_row(window, tau) for window in self.windows for tau in taus]

    def _sensitivity_row(self, window: SimulatedWindow, tau: float) -> SensitivityRow:
        observed = window.simulation.observed
        return SensitivityRow(
            range=window.range,
            sessions=observed.sessions,
            tau=tau,
            p_a_beats_b=probability_positive(self.request.sign * window.simulation.spreads(tau)),
            weight_on_history=observed.weight(tau),
        )


def compute_outlook(panel: Panel, span: Span, request: OutlookRequest) -> Outlook:
    """The outlook of a panel loaded with LOOKBACK; TooLittleHistoryError where its window has fewer than 99 returns."""
    whole = baskets_of(panel, request.a, request.b)
    main = whole.since(panel.window.first)
    if len(main.returns) < _MIN_RETURNS:
        raise TooLittleHistoryError(span, len(main.returns), _MIN_RETURNS, _too_little(panel, span, main))
    alternatives = {f"{months}m": whole.since(_months_back(panel, months)) for months in _MONTHS}
    # The window asked for is not its own alternative.
    alternatives.pop(str(span), None)
    windows = {str(span): main} | {
        label: one for label, one in alternatives.items() if len(one.returns) >= _MIN_RETURNS_ALTERNATIVE
    }
    sign, horizon = request.sign, request.horizon.sessions
    return Outlook(
        request=request,
        baskets=main,
        # NaT equals nothing, so a window that has no base before it shares none.
        has_base=main.base == np.datetime64(panel.window.base or "NaT"),
        windows=tuple(SimulatedWindow(label, simulate(one.logs[:, ::sign], horizon)) for label, one in windows.items()),
        omitted=tuple(_omitted(label, len(one.returns)) for label, one in alternatives.items() if label not in windows),
    )


def outlook_summary(outlook: Outlook) -> OutlookSummary:
    """The probability with its range under other windows and priors, and the distribution of the spread."""
    chance, chances = probability_positive(outlook.spreads), [row.p_a_beats_b for row in outlook.sensitivity]
    return OutlookSummary(
        a=name_of(outlook.request.a),
        b=name_of(outlook.request.b),
        p_a_beats_b=chance,
        monte_carlo_error=monte_carlo_error(chance, PATHS),
        p_low=min(chances),
        p_high=max(chances),
        verdict=verdict_of(chance),
        weight_on_history=outlook.past.weight(outlook.request.prior.tau),
        horizon_sessions=outlook.main.horizon,
        **_quantiles("spread", outlook.spreads),
    )


def verdict_of(chance: float) -> Verdict:
    """A lean at 60 % or above and 40 % or below, in either direction; never more than a slight one."""
    # Between the two bounds the past of half a year tells no difference; see the power that the answer states.
    if _LEAN_TO_B < chance < _LEAN_TO_A:
        return "no reliable difference"
    return "slight lean to A" if chance >= _LEAN_TO_A else "slight lean to B"


def basket_outlooks(outlook: Outlook) -> list[BasketOutlook]:
    """A, then B: the past of each, and the quantiles of its own return around the long-run prior."""
    returns = outlook.main.centred_on(outlook.request.prior.long_run)[:, :: outlook.request.sign]
    return [
        BasketOutlook(
            basket=basket,
            name=name_of(tickers),
            tickers=list(tickers),
            past_return=float(outlook.baskets.growth[-1, column]) if outlook.has_base else None,
            past_average_daily_return=float(outlook.baskets.returns[:, column].mean()),
            past_volatility=float(outlook.baskets.returns[:, column].std(ddof=1) * SESSIONS_PER_YEAR**0.5),
            **_quantiles("return", returns[:, column]),
        )
        for column, (basket, tickers) in enumerate(zip(SIDES, outlook.request[:2], strict=True))
    ]


def past_spread(outlook: Outlook) -> PastSpread:
    """The spread of the window asked for, annualised."""
    past, days = outlook.past, outlook.baskets.days
    return PastSpread(
        sessions=past.sessions,
        first_session=days[0].item(),
        last_session=days[-1].item(),
        mean_spread=past.mean * SESSIONS_PER_YEAR,
        standard_error=past.standard_error * SESSIONS_PER_YEAR,
        tracking_error=past.deviation * SESSIONS_PER_YEAR**0.5,
        t_statistic=past.mean / past.standard_error if past.deviation else None,
        years_for_power=years_for_power(past.deviation, _EDGE) if past.deviation else None,
    )


def assumptions_of(outlook: Outlook) -> Assumptions:
    """The prior, and the settings of the simulation."""
    return Assumptions(
        tau=outlook.request.prior.tau,
        long_run=outlook.request.prior.long_run,
        paths=PATHS,
        seed=SEED,
        block_length=outlook.main.block_length,
    )


def describe_power(outlook: Outlook) -> str:
    """How much history it would take to know, in a sentence."""
    past = past_spread(outlook)
    if past.years_for_power is None:
        return "The two baskets moved identically, so there is no difference to find."
    return (
        f"With a tracking error of {percent(past.tracking_error)} a year it would take about "
        f"{counted(max(1, round(past.years_for_power)), 'year')} of history to detect a true edge of "
        f"{percent(_EDGE, 0)} a year with 80 % probability; this window has {counted(past.sessions, 'daily return')}."
    )


def outlook_warnings(panel: Panel, outlook: Outlook) -> list[str]:
    """The panel's warnings, unshared sessions, and windows that were omitted."""
    shared, window = len(outlook.baskets.days), len(panel.window.sessions)
    paired = [f"the baskets share {shared:,} of the period's {counted(window, 'session')}"] if shared < window else []
    return [*warnings_of(panel, "total", cumulative=True), *paired, *outlook.omitted]


def _quantiles(name: str, logs: Floats) -> dict[str, float]:
    """Quantiles of log returns as simple returns, by field name: spread_05 and so on."""
    values = np.expm1(np.quantile(logs, QUANTILES)).tolist()
    return {f"{name}_{share * 100:02.0f}": value for share, value in zip(QUANTILES, values, strict=True)}


def _too_little(panel: Panel, span: Span, baskets: Baskets) -> str:
    # The standing warnings come first and say nothing of missing history.
    reasons = warnings_of(panel, "total", cumulative=False)[len(standing_warnings(panel.published)) :]
    found = f"{' and '.join(baskets.names)} share {counted(len(baskets.returns), 'daily total return')} in {span}"
    needed = f"{found}, and an outlook needs at least {_MIN_RETURNS}"
    # A longer range helps against a short window, but not against unknown dividends or a ticker that is not there.
    empty = not panel.window.sessions
    blockers = [reason for reason in reasons if empty or _NO_DIVIDENDS in reason or _NOT_HERE in reason]
    if blockers:
        return "; ".join((*blockers, needed, *(reason for reason in reasons if reason not in blockers)))
    return "; ".join((f"{needed}: take a longer range", *reasons))


def _omitted(label: str, sessions: int) -> str:
    return (
        f"{label}: the baskets share {counted(sessions, 'daily total return')} there, fewer than "
        f"{_MIN_RETURNS_ALTERNATIVE}, so p_low and p_high leave this window out"
    )


def _months_back(panel: Panel, months: int) -> date:
    """The first day of the window of so many months that ends where the one asked for does."""
    last = panel.window.last
    return resolve(Last(months, "m"), last, last).first
