"""Returns of each ticker, session by session and in all, and against the benchmark. Panel in, rows out; pure.

Each ticker is on its own sessions. Its daily return after a session that the lake lacks is null.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from api.analytics.arrays import MIN_SESSIONS_PER_YEAR, NAN, SESSIONS_PER_YEAR, Floats, quotient
from api.analytics.bootstrap_interval import MIN_RETURNS
from api.analytics.drawdown import deepest_drawdown, drawdowns
from api.analytics.registry import Figures, Inputs, figures_of, intervals_of
from api.analytics.returns import simple_returns
from api.analytics.rolling import PAIRED_SESSIONS, latest_known, rolling_beta, rolling_correlation
from api.formatting import times
from api.http.metric_fields import slugs_of
from api.panel.comparison import Comparison, compare, inputs_of
from api.panel.panel import Basis, Panel
from api.resources.returns.schemas import ReturnsRow, ReturnsSummary
from api.resources.rows import in_time_order, session_rows

_METRICS = slugs_of(ReturnsSummary)
# Sessions before the window: 20 more than a rolling figure needs, so that the first one survives 20 missing sessions.
LOOKBACK = PAIRED_SESSIONS + 20


@dataclass(frozen=True)
class TickerReturns:
    """One ticker on its own sessions, the inputs of its metrics, and its rolling figures on the panel's axis."""

    ticker: str
    comparison: Comparison
    inputs: Inputs
    rolling: dict[str, Floats]


def ticker_returns(
    panel: Panel, tickers: Sequence[str], benchmark: str, *, basis: Basis, rate: float
) -> list[TickerReturns]:
    """The returns of each ticker, in the order asked for; `rate` is the risk-free return a session.

    `panel` was loaded with the benchmark and with LOOKBACK.
    """
    returns, extended = [], panel.extended(basis)["close"]
    for ticker in tickers:
        comparison = compare(panel, (ticker,), basis)
        inputs = inputs_of(comparison, ticker, benchmark, rate)
        closes = extended[:, [panel.column(ticker), panel.column(benchmark)]]
        returns.append(TickerReturns(ticker, comparison, inputs, _rolling(closes, len(panel.held))))
    return returns


def returns_rows(returns: Sequence[TickerReturns], benchmark: str) -> list[ReturnsRow]:
    """A row a session, from the base if the lake has it, ascending in time, then ticker."""
    return in_time_order(row for one in returns for row in _rows(one, benchmark))


def returns_summaries(returns: Sequence[TickerReturns]) -> list[ReturnsSummary]:
    """The registered metrics of each ticker, with their intervals and dates."""
    inputs = [one.inputs for one in returns]
    figures = zip(returns, figures_of(_METRICS, inputs), intervals_of(_METRICS, inputs), strict=True)
    return [_summary(one, values | bounds) for one, values, bounds in figures]


def pairing_warnings(returns: Sequence[TickerReturns], benchmark: str) -> list[str]:
    """A sentence for each ticker that shares fewer daily returns with the benchmark than it has."""
    return [
        f"{one.ticker}: {len(one.inputs['paired_returns'])} daily returns are shared with {benchmark}, of "
        f"{len(one.inputs['returns'])}; what is held against it is of those"
        for one in returns
        if len(one.inputs["paired_returns"]) < len(one.inputs["returns"])
    ]


def short_window_warnings(returns: Sequence[TickerReturns]) -> list[str]:
    """Which figures are withheld, and which are uncertain, because the window is short."""
    count = max((len(one.inputs["returns"]) for one in returns), default=0)
    if not 0 < count < MIN_SESSIONS_PER_YEAR:
        return []
    warnings = [f"cagr and calmar are withheld: {count} daily returns are less than a year's"]
    if count < MIN_RETURNS:
        warnings.append(
            f"value_at_risk, sortino, the captures and every interval are withheld: {count} daily returns are fewer "
            f"than {MIN_RETURNS}"
        )
    if count > 1:
        # Lo's standard error for a ratio near 0, √(252 ÷ n)
        error = (SESSIONS_PER_YEAR / count) ** 0.5
        warnings.append(
            f"a ratio a year of {count} daily returns has a standard error of about {error:.1f}: "
            "a difference below twice that is noise"
        )
    return warnings


def _summary(one: TickerReturns, figures: Figures) -> ReturnsSummary:
    known: dict[str, Any] = {**figures, **_dates(one)}
    return ReturnsSummary(
        ticker=one.ticker,
        sessions=len(one.inputs["closes"]),
        returns=len(one.inputs["returns"]),
        paired_returns=len(one.inputs["paired_returns"]),
        **known,
    )


def _rolling(closes: Floats, count: int) -> dict[str, Floats]:
    """The rolling figures of (E + T, 2) closes of a ticker and the benchmark, at the last `count` rows.

    NaN at a row where one of the two has no close.
    """
    returns = np.vstack((np.full((1, 2), NAN), simple_returns(closes)))
    paired = np.isfinite(returns).all(axis=1)
    # Paired first, so that a session that one of the two lacks shortens no window.
    own, benchmark = returns[paired].T
    both_held = np.isfinite(closes).all(axis=1)
    figures = {"rolling_correlation": rolling_correlation(own, benchmark), "rolling_beta": rolling_beta(own, benchmark)}
    return {name: np.where(both_held, latest_known(values, paired), NAN)[-count:] for name, values in figures.items()}


def _rows(one: TickerReturns, benchmark: str) -> list[ReturnsRow]:
    comparison = one.comparison
    if not comparison.taking_part:
        return []
    # Without a base its row would be empty in every column.
    start = 0 if comparison.has_base else 1
    stamps = times(day for day in comparison.days[start:] if day)
    columns = {name: series[start:] for name, series in _series(one, benchmark).items()}
    return session_rows(ReturnsRow, stamps, [one.ticker] * len(stamps), columns)


def _series(one: TickerReturns, benchmark: str) -> dict[str, Floats]:
    """Each figure of a ReturnsRow by name, at the comparison's rows."""
    comparison, panel = one.comparison, one.comparison.panel
    closes, benchmark_closes = (comparison.closes[:, panel.column(name)] for name in (one.ticker, benchmark))
    growth, benchmark_growth = (
        quotient(series, np.full_like(series, series[0])) - 1 for series in (closes, benchmark_closes)
    )
    return {
        "close": closes,
        "daily_return": comparison.returns[:, panel.column(one.ticker)],
        "growth": growth,
        "benchmark_growth": benchmark_growth,
        "excess_growth": growth - benchmark_growth,
        "drawdown": drawdowns(closes),
    } | {name: values[comparison.rows] for name, values in one.rolling.items()}


def _dates(one: TickerReturns) -> dict[str, date | None]:
    """The sessions of the best and worst day and of the deepest drawdown."""
    days, lowest = one.comparison.days, deepest_drawdown(one.inputs["prices"])
    returns = one.comparison.returns[:, one.comparison.panel.column(one.ticker)]
    known = len(one.inputs["returns"]) > 0
    return {
        "best_day_on": days[int(np.nanargmax(returns))] if known else None,
        "worst_day_on": days[int(np.nanargmin(returns))] if known else None,
        "drawdown_peak": days[lowest.peak] if lowest else None,
        "drawdown_trough": days[lowest.trough] if lowest else None,
        "drawdown_recovery": None if lowest is None or lowest.recovery is None else days[lowest.recovery],
    }
