"""Returns of each ticker, session by session and in all, and against the benchmark. Panel in, rows out; pure.

Each ticker is on its own sessions. Its daily return after a session that the lake lacks is null.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from api.analytics.arrays import MIN_SESSIONS_PER_YEAR, NAN, SESSIONS_PER_YEAR, Floats, quotient
from api.analytics.bootstrap_interval import MIN_RETURNS
from api.analytics.drawdown import deepest_drawdown, drawdowns, max_drawdown
from api.analytics.registry import Figures, Inputs, figures_of, intervals_of
from api.analytics.returns import simple_returns
from api.analytics.rolling import (
    QUARTER_SESSIONS,
    latest_known,
    rolling_beta,
    rolling_correlation,
    rolling_sharpe,
    rolling_volatility,
)
from api.formatting import counted
from api.http.metric_fields import slugs_of
from api.http.rows import Rows
from api.panel.comparison import Comparison, column_of, compare, inputs_of, unpaired_warnings
from api.panel.panel import Basis, Panel
from api.resources.returns.schemas import ReturnsRow, ReturnsSummary
from api.resources.rows import in_time_order, period_rows

_METRICS = slugs_of(ReturnsSummary)
# Sessions before the window: 20 more than a rolling figure needs, so that the first one survives 20 missing sessions.
LOOKBACK = QUARTER_SESSIONS + 20


@dataclass(frozen=True)
class TickerReturns:
    """One ticker on its own sessions, the inputs of its metrics, and its rolling figures on the panel's axis."""

    ticker: str
    comparison: Comparison
    inputs: Inputs
    rolling: dict[str, Floats]


def ticker_returns(
    panel: Panel, tickers: Sequence[str], benchmark: str | None, *, basis: Basis, rate: float
) -> list[TickerReturns]:
    """The returns of each ticker, in the order asked for; `rate` is the risk-free return a session.

    `panel` was loaded with the benchmark, if there is one, and with LOOKBACK.
    """
    returns = []
    for ticker in tickers:
        own = panel.of([ticker] if benchmark is None else [ticker, benchmark])
        comparison = compare(own, (ticker,), basis)
        inputs = inputs_of(comparison, ticker, benchmark, rate)
        extended = own.extended(basis)["close"]
        closes = np.column_stack([column_of(extended, own, name) for name in (ticker, benchmark)])
        returns.append(TickerReturns(ticker, comparison, inputs, _rolling(closes, rate, len(panel.held))))
    return returns


def returns_rows(returns: Sequence[TickerReturns], benchmark: str | None) -> Rows[ReturnsRow]:
    """A row a session, from the base if the lake has it, ascending in time, then ticker."""
    return in_time_order(ReturnsRow, (_rows(one, benchmark) for one in returns if one.comparison.taking_part))


def returns_summaries(returns: Sequence[TickerReturns]) -> list[ReturnsSummary]:
    """The registered metrics of each ticker, with their intervals and dates."""
    inputs = [one.inputs for one in returns]
    figures = zip(returns, figures_of(_METRICS, inputs), intervals_of(_METRICS, inputs), strict=True)
    return [_summary(one, values | bounds) for one, values, bounds in figures]


def pairing_warnings(returns: Sequence[TickerReturns], benchmark: str | None) -> list[str]:
    """A sentence for each ticker that shares fewer daily returns with the benchmark than it has."""
    counts = ((one.ticker, len(one.inputs["returns"]), len(one.inputs["paired_returns"])) for one in returns)
    return unpaired_warnings(counts, benchmark)


def withheld_warnings(returns: Sequence[TickerReturns]) -> list[str]:
    """Why cagr, calmar, sortino, tails and intervals are withheld, and how uncertain ratios are.

    A sentence names the tickers that it holds for, unless it holds for all that have a daily return.
    """
    known = [one for one in returns if len(one.inputs["returns"])]
    reasons: dict[str, list[str]] = {}
    for one in known:
        for reason in _withheld(one):
            reasons.setdefault(reason, []).append(one.ticker)
    return [
        reason if len(tickers) == len(known) else f"{', '.join(tickers)}: {reason}"
        for reason, tickers in reasons.items()
    ] + _noise_warnings(max((len(one.inputs["returns"]) for one in known), default=0))


def _withheld(one: TickerReturns) -> Iterator[str]:
    """What is withheld of a ticker that has a daily return, and why."""
    inputs, count, sessions = one.inputs, len(one.inputs["returns"]), int(one.inputs["sessions"])
    if not one.comparison.has_base:
        yield "cagr and calmar are withheld: no close before the period is in the lake"
    elif sessions < MIN_SESSIONS_PER_YEAR:
        few = f"{counted(sessions, 'session')} up to the last close {'is' if sessions == 1 else 'are'} less than a year"
        yield f"cagr and calmar are withheld: {few}"
    elif max_drawdown(inputs["prices"]) == 0:
        yield "calmar is withheld: no close is below an earlier one, so that there is no drawdown"
    if count < MIN_RETURNS:
        few = f"{counted(count, 'daily return')} {'is' if count == 1 else 'are'} fewer than {MIN_RETURNS}"
        yield f"value_at_risk, sortino, the captures and every interval are withheld: {few}"
    elif not (inputs["returns"] < inputs["rate"]).any():
        yield "sortino is withheld: no daily return is below the risk-free rate, so that there is no downside"


def _noise_warnings(count: int) -> list[str]:
    """How uncertain ratios of so few daily returns are; nothing for one, or for a year's."""
    if not 1 < count < MIN_SESSIONS_PER_YEAR:
        return []
    # Lo's standard error for a ratio near 0, √(252 ÷ n)
    error = (SESSIONS_PER_YEAR / count) ** 0.5
    sure = f"has a standard error of about {error:.1f}"
    return [f"an annual ratio from {count} daily returns {sure}; differences below twice that are noise"]


def _summary(one: TickerReturns, figures: Figures) -> ReturnsSummary:
    known: dict[str, Any] = {**figures, **_dates(one)}
    first, last = one.comparison.ends(one.ticker)
    return ReturnsSummary(
        ticker=one.ticker,
        sessions=len(one.inputs["closes"]),
        first_session=first,
        last_session=last,
        returns=len(one.inputs["returns"]),
        paired_returns=len(one.inputs["paired_returns"]),
        **known,
    )


def _rolling(closes: Floats, rate: float, count: int) -> dict[str, Floats]:
    """The rolling figures of (E + T, 2) closes of a ticker and the benchmark, at the last `count` rows.

    NaN at a row where the ticker has no close, and those against the benchmark where that has none.
    """
    returns = np.vstack((np.full((1, 2), NAN), simple_returns(closes)))
    held, known = np.isfinite(closes), np.isfinite(returns)
    own, paired = returns[known[:, 0], 0], known.all(axis=1)
    # Paired first, so that a session that one of the two lacks shortens no window.
    moves, benchmark = returns[paired].T
    figures = {
        "rolling_volatility": (rolling_volatility(own, QUARTER_SESSIONS), known[:, 0], held[:, 0]),
        "rolling_sharpe": (rolling_sharpe(own, rate), known[:, 0], held[:, 0]),
        "rolling_correlation": (rolling_correlation(moves, benchmark), paired, held.all(axis=1)),
        "rolling_beta": (rolling_beta(moves, benchmark), paired, held.all(axis=1)),
    }
    return {name: np.where(at, latest_known(values, of), NAN)[-count:] for name, (values, of, at) in figures.items()}


def _rows(one: TickerReturns, benchmark: str | None) -> Rows[ReturnsRow]:
    comparison = one.comparison
    # Without a base its row would be empty in every column.
    start = 0 if comparison.has_base else 1
    rows = comparison.rows[start:]
    columns = {name: series[start:] for name, series in _series(one, benchmark).items()}
    return period_rows(ReturnsRow, comparison.panel, one.ticker, rows, columns)


def _series(one: TickerReturns, benchmark: str | None) -> dict[str, Floats]:
    """Each figure of a ReturnsRow but daily_return by name, at the comparison's rows."""
    comparison, panel = one.comparison, one.comparison.panel
    closes, benchmark_closes = (column_of(comparison.closes, panel, name) for name in (one.ticker, benchmark))
    growth, benchmark_growth = (
        quotient(series, np.full_like(series, series[0])) - 1 for series in (closes, benchmark_closes)
    )
    return {
        "close": closes,
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
