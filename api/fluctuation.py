"""How much each ticker moves: over the window, session by session, and where that stands in its history. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from api.analytics.arrays import Floats, quotient
from api.analytics.cone import FEWEST_FOR_A_REGIME, Slice, cone, regime
from api.analytics.ranges import log_ranges
from api.analytics.registry import Figures, Inputs, figures_of
from api.analytics.rolling import rolling_volatility, rolling_yang_zhang
from api.analytics.smoothed import average_true_ranges, ewma_volatilities
from api.cells import numbers, times
from api.comparison import Comparison, compare, inputs_of
from api.history import Past, past_of
from api.models.metrics import slugs_of
from api.models.volatility import ConeSlice, VolatilityRow, VolatilitySummary
from api.panel import PRICES, Basis, Panel

_COLUMNS = (
    *("daily_return", "log_range", "volume", "rolling_volatility", "rolling_yang_zhang"),
    *("ewma_volatility", "atr", "atr_ratio"),
)
_METRICS = slugs_of(VolatilitySummary)


@dataclass(frozen=True)
class Motion:
    """One ticker: its window, its past, and what the metrics need of both."""

    ticker: str
    comparison: Comparison
    past: Past
    inputs: Inputs


def motions_of(panel: Panel, history: Panel, tickers: Sequence[str], basis: Basis) -> list[Motion]:
    """A motion a ticker, in the order asked for."""
    return [_motion(panel, history, ticker, basis) for ticker in tickers]


def volatility_rows(motions: Sequence[Motion]) -> list[VolatilityRow]:
    """A row a session of the window, ascending in time, then ticker."""
    rows = [row for motion in motions for row in _rows(motion)]
    return sorted(rows, key=lambda row: (row.time, row.ticker))


def volatility_summaries(motions: Sequence[Motion]) -> list[VolatilitySummary]:
    """The registered metrics of each ticker, its regime and the prices that the expected ranges mean."""
    return [_summary(motion, figures_of(_METRICS, [motion.inputs])[0]) for motion in motions]


def cones(motions: Sequence[Motion]) -> list[ConeSlice]:
    """The volatility cone of each ticker."""
    return [_slice(motion.ticker, piece) for motion in motions for piece in cone(motion.past.returns)]


def short_histories_in_words(motions: Sequence[Motion]) -> list[str]:
    """Whose history is too short for a regime."""
    return [
        f"{motion.ticker}: no regime is given, {len(motion.past.returns)} daily returns up to the window's end are "
        f"fewer than {FEWEST_FOR_A_REGIME}"
        for motion in motions
        if 0 < len(motion.past.rows) <= FEWEST_FOR_A_REGIME
    ]


def _motion(panel: Panel, history: Panel, ticker: str, basis: Basis) -> Motion:
    comparison, past = compare(panel, (ticker,), basis), past_of(history, ticker, basis)
    return Motion(ticker, comparison, past, _inputs(comparison, past, ticker, basis))


def _inputs(comparison: Comparison, past: Past, ticker: str, basis: Basis) -> Inputs:
    panel = comparison.panel
    inputs = inputs_of(comparison, ticker, ticker)
    rows, column, bars = comparison.rows[1:], panel.column(ticker), panel.on(basis)
    known = np.isfinite(bars["close"][rows, column])
    window = {f"{name}s": bars[name][rows, column][known] for name in PRICES}
    return (
        inputs
        | window
        | {
            "befores": inputs["prices"][:-1][known] if len(rows) else np.empty(0),
            "history_returns": past.returns,
            "history_highs": past.highs,
            "history_lows": past.lows,
            "history_closes": past.closes,
            "history_befores": past.befores,
        }
    )


def _rows(motion: Motion) -> Iterator[VolatilityRow]:
    comparison = motion.comparison
    if not comparison.taking_part:
        return
    rows = comparison.rows[1:]
    series = _series(motion)
    stamps = times(day for day in comparison.days[1:] if day)
    columns = zip(*(numbers(series[name][rows]) for name in _COLUMNS), strict=True)
    for time, row in zip(stamps, columns, strict=True):
        yield VolatilityRow(time=time, ticker=motion.ticker, **dict(zip(_COLUMNS, row, strict=True)))


def _series(motion: Motion) -> dict[str, Floats]:
    """Each of _COLUMNS on the axis of the panel."""
    past, panel = motion.past, motion.comparison.panel
    ranges = average_true_ranges(past.highs, past.lows, past.befores)
    bars = (past.opens, past.highs, past.lows, past.closes, past.befores)
    series = {
        "daily_return": past.returns,
        "log_range": log_ranges(past.highs, past.lows),
        "volume": past.volumes,
        "rolling_volatility": rolling_volatility(past.returns),
        "rolling_yang_zhang": rolling_yang_zhang(*(values[1:] for values in bars)),
        "ewma_volatility": ewma_volatilities(past.returns),
        "atr": ranges,
        "atr_ratio": quotient(ranges, past.closes),
    }
    return {name: past.on_window(values, panel) for name, values in series.items()}


def _summary(motion: Motion, figures: Figures) -> VolatilitySummary:
    place, last = figures["regime_percentile"], motion.past.closes[-1:]
    return VolatilitySummary(
        ticker=motion.ticker,
        sessions=len(motion.inputs["closes"]),
        returns=len(motion.inputs["returns"]),
        regime=None if place is None else regime(place),
        **figures,
        **_prices(figures, float(last[0]) if len(last) else None),
    )


def _prices(figures: Figures, close: float | None) -> Figures:
    """The last close less and more each expected range."""
    prices: Figures = {}
    for slug in ("expected_range_1d", "expected_range_5d"):
        share = figures[slug]
        around = (None, None) if close is None or share is None else (close * (1 - share), close * (1 + share))
        prices[f"{slug}_low"], prices[f"{slug}_high"] = around
    return prices


def _slice(ticker: str, piece: Slice) -> ConeSlice:
    window, *values = piece
    return ConeSlice(
        ticker=ticker, window=window, **dict(zip(Slice._fields[1:], numbers(np.array(values)), strict=True))
    )
