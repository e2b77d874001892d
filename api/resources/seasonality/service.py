"""Weekday effects of each ticker. Panel in, rows out; pure.

A daily return across a session that the lake lacks belongs to no weekday, and is left out.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from api.analytics.arrays import Floats, Integers
from api.analytics.weekdays import MIN_RETURNS_PER_WEEKDAY, WEEKDAYS, joint_test, mean_interval
from api.formatting import mean, numbers
from api.panel.panel import Basis, Panel
from api.resources.prices.service import daily_figures
from api.resources.seasonality.schemas import SeasonalitySummary, WeekdayRow

_SIGNIFICANT = 0.05
_LEAST_P_SHOWN = 0.01


def weekday_rows(panel: Panel, basis: Basis) -> list[WeekdayRow]:
    """Five rows a ticker, in the order asked for."""
    figures, weekdays = daily_figures(panel, basis), _weekdays(panel)
    return [
        _row(ticker, weekday, {name: grid[weekdays == weekday, column] for name, grid in figures.items()})
        for column, ticker in enumerate(panel.tickers)
        for weekday in range(len(WEEKDAYS))
    ]


def seasonality_summaries(panel: Panel, basis: Basis) -> list[SeasonalitySummary]:
    """The joint test of each ticker, in the order asked for."""
    returns, weekdays = daily_figures(panel, basis)["change_ratio"], _weekdays(panel)
    return [_summary(ticker, returns[:, column], weekdays) for column, ticker in enumerate(panel.tickers)]


def weekday_warnings(summaries: Sequence[SeasonalitySummary]) -> list[str]:
    """A sentence on the tickers whose window is too short for a test."""
    short = [one.ticker for one in summaries if one.sessions and one.verdict is None]
    why = f"a weekday has fewer than {MIN_RETURNS_PER_WEEKDAY} daily returns, or the close never moves"
    return [f"{', '.join(short)}: too little data to judge weekdays; {why}"] if short else []


def _weekdays(panel: Panel) -> Integers:
    return np.array([day.weekday() for day in panel.window.sessions], dtype=np.intp)


def _row(ticker: str, weekday: int, figures: Mapping[str, Floats]) -> WeekdayRow:
    returns = _known(figures["change_ratio"])
    average, low, high = numbers(np.array(mean_interval(returns)))
    return WeekdayRow(
        ticker=ticker,
        weekday=weekday + 1,
        name=WEEKDAYS[weekday],
        sessions=len(returns),
        mean_return=average,
        low=low,
        high=high,
        share_positive=mean((returns > 0).astype(np.float64)),
        mean_range_ratio=mean(figures["range_ratio"]),
        mean_volume=mean(figures["volume"]),
    )


def _summary(ticker: str, returns: Floats, weekdays: Integers) -> SeasonalitySummary:
    known = np.isfinite(returns)
    statistic, p_value = numbers(np.array(joint_test(returns[known], weekdays[known])))
    return SeasonalitySummary(
        ticker=ticker,
        sessions=int(known.sum()),
        kruskal_wallis=statistic,
        p_value=p_value,
        verdict=describe_verdict(p_value),
    )


def describe_verdict(p_value: float | None) -> str | None:
    """The joint test in a sentence, which also says why five intervals cannot be read one by one."""
    if p_value is None:
        return None
    found = "the weekdays differ" if p_value < _SIGNIFICANT else "no effect"
    digits = 3 if abs(p_value - _SIGNIFICANT) < 0.005 else 2  # so that 0.049 is not shown as the bound
    shown = f"p = {p_value:.{digits}f}" if p_value >= _LEAST_P_SHOWN else f"p < {_LEAST_P_SHOWN}"
    return f"One weekday of five can look special by chance; overall: {found} ({shown})"


def _known(values: Floats) -> Floats:
    return values[np.isfinite(values)]
