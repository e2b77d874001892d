"""Volatility of each ticker: over the window, at each session, and its place in the ticker's history. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from api.analytics.arrays import Floats, quotient
from api.analytics.cone import MIN_RETURNS_FOR_REGIME, ConeWindow, cone, regime
from api.analytics.ewma_atr import average_true_ranges, ewma_volatilities
from api.analytics.range_volatility import log_ranges
from api.analytics.registry import Figures, Inputs, figures_of
from api.analytics.rolling import latest_known, rolling_volatility, rolling_yang_zhang
from api.formatting import numbers, times
from api.http.metric_fields import slugs_of
from api.panel.comparison import compare, inputs_of
from api.panel.panel import PRICES, Basis, History, Panel
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


def volatility_rows(volatilities: Sequence[TickerVolatility]) -> list[VolatilityRow]:
    """A row a session of the window, ascending in time, then ticker."""
    return in_time_order(row for one in volatilities for row in _rows(one))


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


def _no_bars(history: History) -> History:
    """An empty history, for a ticker without a bar in the window: its older bars say nothing of the window's end."""
    empty = np.empty(0)
    prices = dict.fromkeys((*PRICES, "volume", "previous_close"), empty)
    return History(history.days[:0], **prices, start=0)


def _rows(one: TickerVolatility) -> list[VolatilityRow]:
    start = one.history.start
    stamps = times(one.history.days[start:].tolist())
    columns = {name: series[start:] for name, series in _series(one).items()}
    return session_rows(VolatilityRow, stamps, [one.ticker] * len(stamps), columns)


def _series(one: TickerVolatility) -> dict[str, Floats]:
    """Each figure of a VolatilityRow by name, at each bar of the history: EWMA and ATR are seeded at its first."""
    bars, returns = one.history, one.returns
    linked, known = bars.linked, np.isfinite(bars.returns)
    # A bar after a hole has no true range and no return; its figures are those of the bars up to it.
    opens, highs, lows, closes, previous_closes = (
        values[linked] for values in (bars.open, bars.high, bars.low, bars.close, bars.previous_close)
    )
    ranges = latest_known(average_true_ranges(highs, lows, previous_closes), linked)
    return {
        "daily_return": bars.returns,
        "log_range": log_ranges(bars.high, bars.low),
        "volume": bars.volume,
        "rolling_volatility": latest_known(rolling_volatility(returns), known),
        "rolling_yang_zhang": latest_known(rolling_yang_zhang(opens, highs, lows, closes, previous_closes), linked),
        "ewma_volatility": latest_known(ewma_volatilities(returns), known),
        "atr": ranges,
        "atr_ratio": quotient(ranges, bars.close),
    }


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
