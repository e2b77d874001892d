"""Volatility of each ticker: over the window, at each session, and its place in the ticker's history. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from api.analytics.arrays import NAN, Floats, quotient
from api.analytics.cone import MIN_RETURNS_FOR_REGIME, ConeWindow, cone, regime
from api.analytics.ewma_atr import average_true_ranges, ewma_volatilities
from api.analytics.range_volatility import log_ranges
from api.analytics.registry import Figures, Inputs, figures_of
from api.analytics.returns import simple_returns
from api.analytics.rolling import rolling_volatility, rolling_yang_zhang
from api.formatting import numbers
from api.http.metric_fields import slugs_of
from api.http.rows import Rows
from api.panel.comparison import compare, inputs_of
from api.panel.panel import PRICES, Basis, History, Panel
from api.panel.period_bars import PeriodBars, period_bars
from api.resources.rows import in_time_order, session_rows
from api.resources.volatility.schemas import ConeSlice, VolatilityRow, VolatilitySummary

_METRICS = slugs_of(VolatilitySummary)


@dataclass(frozen=True)
class TickerVolatility:
    """One ticker's bars up to the window's end, the daily returns of all of them, and the inputs of its metrics."""

    ticker: str
    history: History
    returns: Floats
    inputs: Inputs


def ticker_volatilities(panel: Panel, basis: Basis) -> list[TickerVolatility]:
    """What volatility is computed from, of each ticker of a `panel` that was loaded with `lookback=WHOLE`."""
    return [_ticker_volatility(panel, ticker, basis) for ticker in panel.tickers]


def volatility_rows(volatilities: Sequence[TickerVolatility], panel: Panel, basis: Basis) -> Rows[VolatilityRow]:
    """A row a period of the window, ascending in time, then ticker."""
    bars = period_bars(panel, basis)
    return in_time_order(VolatilityRow, (_rows(one, panel, bars) for one in volatilities if len(one.history.days)))


def volatility_summaries(volatilities: Sequence[TickerVolatility]) -> list[VolatilitySummary]:
    """The registered metrics of each ticker, its regime, and its expected ranges as prices."""
    # One ticker at a time: histories have different lengths, so there is nothing to compute at once.
    return [_summary(one, figures_of(_METRICS, [one.inputs])[0]) for one in volatilities]


def cones(volatilities: Sequence[TickerVolatility]) -> list[ConeSlice]:
    """The volatility cone of each ticker."""
    return [_cone_slice(one.ticker, window) for one in volatilities for window in cone(one.returns)]


def short_history_warnings(volatilities: Sequence[TickerVolatility]) -> list[str]:
    """A sentence for each ticker whose history is too short for a regime."""
    return [
        f"{one.ticker}: no regime is given, {len(one.returns)} daily returns up to the window's end are fewer "
        f"than {MIN_RETURNS_FOR_REGIME}"
        for one in volatilities
        if 0 < len(one.returns) < MIN_RETURNS_FOR_REGIME
    ]


def _ticker_volatility(panel: Panel, ticker: str, basis: Basis) -> TickerVolatility:
    comparison, history = compare(panel, (ticker,), basis), panel.history(ticker, basis)
    if not comparison.taking_part:
        history = _no_bars(history)
    returns = simple_returns(history.close)
    window = {f"{name}s": getattr(history, name)[history.start :] for name in PRICES}
    # The ticker is its own benchmark, because no metric of volatility needs one.
    inputs = inputs_of(comparison, ticker, ticker)
    history_inputs = {
        "previous_closes": inputs["prices"][:-1],
        "history_returns": returns,
        "history_highs": history.high,
        "history_lows": history.low,
        "history_closes": history.close,
        "history_previous_closes": _previous_closes(history),
    }
    return TickerVolatility(ticker, history, returns, inputs | window | history_inputs)


def _no_bars(history: History) -> History:
    """An empty history, for a ticker without a bar in the window: its older bars say nothing of the window's end."""
    empty = np.empty(0)
    return History(history.days[:0], open=empty, high=empty, low=empty, close=empty, volume=empty, start=0)


def _previous_closes(history: History) -> Floats:
    """The close of the bar before each; NaN for the first."""
    return np.concatenate(([NAN], history.close))[: len(history.close)]


def _rows(one: TickerVolatility, panel: Panel, bars: PeriodBars) -> Rows[VolatilityRow]:
    column, periods = panel.column(one.ticker), panel.periods
    rows, held = np.flatnonzero(panel.held[:, column]), np.flatnonzero(bars.held[:, column])
    high, low, close, volume = (bars.values[name][held, column] for name in ("high", "low", "close", "volume"))
    ends = periods.last_places(rows)
    # The last bars of the history are the base's, if it is held, and those of the window.
    figures = {name: values[len(values) - len(rows) :][ends] for name, values in _series(one).items()}
    figures |= {
        "daily_return": periods.returns(close, rows[ends]),
        "log_range": log_ranges(high, low),
        "volume": volume,
    }
    table = session_rows(VolatilityRow, periods.days(panel.axis, rows[ends]), one.ticker, figures)
    return table.take(np.arange(int(panel.held[0, column]), len(table)))


def _series(one: TickerVolatility) -> dict[str, Floats]:
    """The rolling figures of a VolatilityRow by name, at each bar of the history: EWMA and ATR begin at its first."""
    bars, returns = one.history, one.returns
    previous_closes = _previous_closes(bars)
    ranges = average_true_ranges(bars.high, bars.low, previous_closes)
    # The first bar has no previous close, which Yang-Zhang needs of every bar.
    later = (values[1:] for values in (bars.open, bars.high, bars.low, bars.close, previous_closes))
    series = {
        "rolling_volatility": rolling_volatility(returns),
        "rolling_yang_zhang": rolling_yang_zhang(*later),
        "ewma_volatility": ewma_volatilities(returns),
        "atr": ranges,
        "atr_ratio": quotient(ranges, bars.close),
    }
    count = len(bars.close)
    return {name: np.concatenate((np.full(count - len(each), NAN), each)) for name, each in series.items()}


def _summary(one: TickerVolatility, figures: Figures) -> VolatilitySummary:
    percentile, last = figures["regime_percentile"], numbers(one.history.close[-1:])
    return VolatilitySummary(
        ticker=one.ticker,
        sessions=len(one.inputs["closes"]),
        returns=len(one.inputs["returns"]),
        regime=None if percentile is None else regime(percentile),
        **figures,
        **_range_prices(figures, last[0] if last else None),
    )


def _range_prices(figures: Figures, close: float | None) -> Figures:
    """The last close × (1 ∓ each expected range)."""
    prices: Figures = {}
    for slug in ("expected_range_1d", "expected_range_5d"):
        share = figures[slug]
        around = (None, None) if close is None or share is None else (close * (1 - share), close * (1 + share))
        prices[f"{slug}_low"], prices[f"{slug}_high"] = around
    return prices


def _cone_slice(ticker: str, one: ConeWindow) -> ConeSlice:
    window, *values = one
    return ConeSlice(
        ticker=ticker, window=window, **dict(zip(ConeWindow._fields[1:], numbers(np.array(values)), strict=True))
    )
