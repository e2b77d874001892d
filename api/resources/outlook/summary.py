"""An outlook in figures and in words, as `/outlook` gives them. Pure."""

import numpy as np

from api.analytics.arrays import SESSIONS_PER_YEAR, Floats
from api.analytics.outlook import PATHS, QUANTILES, SEED, monte_carlo_error, probability_positive, years_for_power
from api.formatting import counted, percent
from api.panel.panel import Panel
from api.panel.response_meta import warnings_of
from api.resources.outlook.baskets import SIDES, name_of
from api.resources.outlook.schemas import Assumptions, BasketOutlook, OutlookSummary, PastSpread, Verdict
from api.resources.outlook.service import Outlook

_EDGE = 0.10
_TO_B, _TO_A = 0.40, 0.60


def outlook_summary(outlook: Outlook) -> OutlookSummary:
    """The answer in figures."""
    chance, chances = probability_positive(outlook.spreads), [row.p_a_beats_b for row in outlook.sensitivity]
    return OutlookSummary(
        a=name_of(outlook.inquiry.a),
        b=name_of(outlook.inquiry.b),
        p_a_beats_b=chance,
        monte_carlo_error=monte_carlo_error(chance, PATHS),
        p_low=min(chances),
        p_high=max(chances),
        verdict=verdict_of(chance),
        weight_on_history=outlook.past.weight(outlook.inquiry.prior.tau),
        horizon_sessions=outlook.main.horizon,
        **_quantiles("spread", outlook.spreads),
    )


def verdict_of(chance: float) -> Verdict:
    """No difference is called reliable, and none is named between 40 and 60 %."""
    if _TO_B < chance < _TO_A:
        return "no reliable difference"
    return "slight lean to A" if chance >= _TO_A else "slight lean to B"


def basket_outlooks(outlook: Outlook) -> list[BasketOutlook]:
    """A, then B: what each has returned, and what it may, each around the long-run prior."""
    around = outlook.main.centred_on(outlook.inquiry.prior.long_run)[:, :: outlook.inquiry.sign]
    return [
        BasketOutlook(
            basket=basket,
            name=name_of(tickers),
            tickers=list(tickers),
            past_return=float(outlook.baskets.growth[-1, column]) if outlook.rooted else None,
            past_average_daily_return=float(outlook.baskets.returns[:, column].mean()),
            past_volatility=float(outlook.baskets.returns[:, column].std(ddof=1) * SESSIONS_PER_YEAR**0.5),
            **_quantiles("return", around[:, column]),
        )
        for column, (basket, tickers) in enumerate(zip(SIDES, outlook.inquiry[:2], strict=True))
    ]


def past_spread(outlook: Outlook) -> PastSpread:
    """The facts of the asked window."""
    past = outlook.past
    return PastSpread(
        sessions=past.sessions,
        mean_spread=past.mean * SESSIONS_PER_YEAR,
        standard_error=past.standard_error * SESSIONS_PER_YEAR,
        tracking_error=past.deviation * SESSIONS_PER_YEAR**0.5,
        t_statistic=past.mean / past.standard_error if past.deviation else None,
        years_for_power=years_for_power(past.deviation, _EDGE) if past.deviation else None,
    )


def assumptions_of(outlook: Outlook) -> Assumptions:
    """What the answer takes for granted."""
    return Assumptions(
        tau=outlook.inquiry.prior.tau,
        long_run=outlook.inquiry.prior.long_run,
        paths=PATHS,
        seed=SEED,
        block_length=outlook.main.block_length,
    )


def power_in_words(outlook: Outlook) -> str:
    """How much history it would take to know."""
    past = past_spread(outlook)
    if past.years_for_power is None:
        return "The two baskets have moved as one, so that there is no difference to find."
    return (
        f"At a tracking error of {percent(past.tracking_error)} a year it takes about "
        f"{counted(max(1, round(past.years_for_power)), 'year')} of history to find a true edge of "
        f"{percent(_EDGE, 0)} a year in four cases of five; this window has {counted(past.sessions, 'session')}."
    )


def outlook_warnings(panel: Panel, outlook: Outlook) -> list[str]:
    """What to know before using the figures."""
    shared, window = len(outlook.baskets.days), len(panel.window.sessions)
    paired = [f"the baskets share {shared} of the window's {counted(window, 'session')}"] if shared < window else []
    return [*warnings_of(panel, "total", cumulative=True), *paired, *outlook.left_out]


def _quantiles(name: str, logs: Floats) -> dict[str, float]:
    """Quantiles of log returns as simple returns, by the names they have in the answer."""
    values = np.expm1(np.quantile(logs, QUANTILES)).tolist()
    return {f"{name}_{share * 100:02.0f}": value for share, value in zip(QUANTILES, values, strict=True)}
