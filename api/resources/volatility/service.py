"""Volatility of each ticker: over the window, at each session, and its place in the ticker's history. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from api.analytics.arrays import Floats, quotient
from api.analytics.cone import MIN_RETURNS_FOR_PERCENTILE, MIN_RETURNS_FOR_REGIME, ConeWindow, cone, regime
from api.analytics.ewma_atr import average_true_ranges, ewma_volatilities
from api.analytics.range_volatility import log_ranges
from api.analytics.registry import Figures, Inputs, figures_of
from api.analytics.rolling import latest_known, rolling_volatility, rolling_yang_zhang
from api.formatting import numbers
from api.http.metric_fields import slugs_of
from api.http.rows import Rows
from api.panel.comparison import compare, inputs_of
from api.panel.coverage import describe_long_holes
from api.panel.panel import PRICES, Basis, History, Panel
from api.panel.period_bars import PeriodBars, period_bars
from api.resources.rows import in_time_order, session_rows
from api.resources.volatility.schemas import ConeSlice, VolatilityRow, VolatilitySummary

_METRICS = slugs_of(VolatilitySummary)


@dataclass(frozen=True)
class TickerVolatility:
    """One ticker's bars up to the window's end, all its known daily returns, and the inputs of its metrics."""

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
    """A sentence for each ticker whose history is too short for a regime, or for any percentile."""
    counts = {one.ticker: len(one.returns) for one in volatilities}
    short = {ticker: count for ticker, count in counts.items() if 0 < count < MIN_RETURNS_FOR_REGIME}
    return [_short_history(ticker, count) for ticker, count in short.items()]


def earlier_hole_warnings(panel: Panel) -> list[str]:
    """A sentence for each ticker of which long holes lie before the window, in the history that its figures use."""
    entries = panel.published.manifest.tickers
    before = {
        ticker: describe_long_holes([day for day in entries[ticker].missing if day < panel.window.first])
        for ticker in panel.tickers
        if ticker in entries
    }
    return [
        f"{ticker}: its history before the period lacks {named}; ewma_volatility, atr and the cone skip the gap"
        for ticker, named in before.items()
        if named
    ]


def _ticker_volatility(panel: Panel, ticker: str, basis: Basis) -> TickerVolatility:
    own = panel.of([ticker])
    comparison, history = compare(own, (ticker,), basis), own.history(ticker, basis)
    if not comparison.taking_part:
        history = _no_bars(history)
    returns = history.returns[np.isfinite(history.returns)]
    window = {f"{name}s": getattr(history, name)[history.start :] for name in PRICES}
    linked = history.linked
    in_window = np.flatnonzero(linked[history.start :]) + history.start
    linked_inputs = {f"linked_{name}s": getattr(history, name)[in_window] for name in (*PRICES, "previous_close")}
    history_inputs = {
        "history_returns": returns,
        "history_closes": history.close,
        **{f"history_linked_{name}s": getattr(history, name)[linked] for name in ("high", "low", "previous_close")},
    }
    # The ticker is its own benchmark, because no metric of volatility needs one.
    inputs = inputs_of(comparison, ticker, ticker)
    return TickerVolatility(ticker, history, returns, inputs | window | linked_inputs | history_inputs)


def _short_history(ticker: str, count: int) -> str:
    known = f"daily returns up to the end of the period, and there {'is' if count == 1 else 'are'} {count}"
    if count < MIN_RETURNS_FOR_PERCENTILE:
        needed = f"{MIN_RETURNS_FOR_REGIME} and {MIN_RETURNS_FOR_PERCENTILE}"
        return f"{ticker}: no regime and no cone_percentile is given; they need {needed} {known}"
    return f"{ticker}: no regime is given; it needs {MIN_RETURNS_FOR_REGIME} {known}"


def _no_bars(history: History) -> History:
    """An empty history, for a ticker without a bar in the window: its older bars say nothing of the window's end."""
    empty = np.empty(0)
    prices = dict.fromkeys((*PRICES, "volume", "previous_close"), empty)
    return History(history.days[:0], **prices, start=0)


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
    linked, known = bars.linked, np.isfinite(bars.returns)
    # A bar after a hole has no true range and no return; its figures are those of the bars up to it.
    opens, highs, lows, closes, previous_closes = (
        values[linked] for values in (bars.open, bars.high, bars.low, bars.close, bars.previous_close)
    )
    ranges = latest_known(average_true_ranges(highs, lows, previous_closes), linked)
    return {
        "rolling_volatility": latest_known(rolling_volatility(returns), known),
        "rolling_yang_zhang": latest_known(rolling_yang_zhang(opens, highs, lows, closes, previous_closes), linked),
        "ewma_volatility": latest_known(ewma_volatilities(returns), known),
        "atr": ranges,
        "atr_ratio": quotient(ranges, bars.close),
    }


def _summary(one: TickerVolatility, figures: Figures) -> VolatilitySummary:
    percentile, last = figures["regime_percentile"], numbers(one.history.close[-1:])
    days = one.history.days[one.history.start :]
    return VolatilitySummary(
        ticker=one.ticker,
        sessions=len(one.inputs["closes"]),
        first_session=days[0].item() if len(days) else None,
        last_session=days[-1].item() if len(days) else None,
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
