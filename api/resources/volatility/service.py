"""How much each ticker moves: over the window, session by session, and where that stands in its history. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats, quotient
from api.analytics.cone import FEWEST_FOR_A_REGIME, Slice, cone, regime
from api.analytics.ewma_atr import average_true_ranges, ewma_volatilities
from api.analytics.ranges import log_ranges
from api.analytics.registry import Figures, Inputs, figures_of
from api.analytics.returns import simple_returns
from api.analytics.rolling import rolling_volatility, rolling_yang_zhang
from api.formatting import numbers, times
from api.http.metric_fields import slugs_of
from api.panel.comparison import compare, inputs_of
from api.panel.panel import PRICES, Basis, History, Panel
from api.resources.volatility.schemas import ConeSlice, VolatilityRow, VolatilitySummary

_COLUMNS = (
    *("daily_return", "log_range", "volume", "rolling_volatility", "rolling_yang_zhang"),
    *("ewma_volatility", "atr", "atr_ratio"),
)
_METRICS = slugs_of(VolatilitySummary)


@dataclass(frozen=True)
class Motion:
    """One ticker: its bars up to the window's end, and what the metrics need; `returns` are of all those bars."""

    ticker: str
    history: History
    returns: Floats
    inputs: Inputs


def motions_of(panel: Panel, basis: Basis) -> list[Motion]:
    """A motion a ticker of `panel`, which looks back on the WHOLE of their history."""
    return [_motion(panel, ticker, basis) for ticker in panel.tickers]


def volatility_rows(motions: Sequence[Motion]) -> list[VolatilityRow]:
    """A row a session of the window, ascending in time, then ticker."""
    rows = [row for motion in motions for row in _rows(motion)]
    return sorted(rows, key=lambda row: (row.time, row.ticker))


def volatility_summaries(motions: Sequence[Motion]) -> list[VolatilitySummary]:
    """The registered metrics of each ticker, its regime and the prices that the expected ranges mean."""
    return [_summary(motion, figures_of(_METRICS, [motion.inputs])[0]) for motion in motions]


def cones(motions: Sequence[Motion]) -> list[ConeSlice]:
    """The volatility cone of each ticker."""
    return [_slice(motion.ticker, piece) for motion in motions for piece in cone(motion.returns)]


def short_histories_in_words(motions: Sequence[Motion]) -> list[str]:
    """Whose history is too short for a regime."""
    return [
        f"{motion.ticker}: no regime is given, {len(motion.returns)} daily returns up to the window's end are fewer "
        f"than {FEWEST_FOR_A_REGIME}"
        for motion in motions
        if 0 < len(motion.returns) < FEWEST_FOR_A_REGIME
    ]


def _motion(panel: Panel, ticker: str, basis: Basis) -> Motion:
    comparison, history = compare(panel, (ticker,), basis), panel.history(ticker, basis)
    if not comparison.taking_part:
        history = _nothing_of(history)
    returns = simple_returns(history.close)
    window = {f"{name}s": getattr(history, name)[history.start :] for name in PRICES}
    inputs = inputs_of(comparison, ticker, ticker)
    past = {
        "befores": inputs["prices"][:-1],
        "history_returns": returns,
        "history_highs": history.high,
        "history_lows": history.low,
        "history_closes": history.close,
        "history_befores": _befores(history),
    }
    return Motion(ticker, history, returns, inputs | window | past)


def _nothing_of(history: History) -> History:
    """No bar: a ticker that ends before the window has no state at its end."""
    empty = np.empty(0)
    return History(history.days[:0], open=empty, high=empty, low=empty, close=empty, volume=empty, start=0)


def _befores(history: History) -> Floats:
    """The close before each bar; NaN for the first."""
    return np.concatenate(([UNKNOWN], history.close))[: len(history.close)]


def _rows(motion: Motion) -> Iterator[VolatilityRow]:
    history, series = motion.history, _series(motion)
    stamps = times(history.days[history.start :].tolist())
    columns = zip(*(numbers(series[name][history.start :]) for name in _COLUMNS), strict=True)
    for time, row in zip(stamps, columns, strict=True):
        yield VolatilityRow(time=time, ticker=motion.ticker, **dict(zip(_COLUMNS, row, strict=True)))


def _series(motion: Motion) -> dict[str, Floats]:
    """Each of _COLUMNS at each bar of the history."""
    bars, returns = motion.history, motion.returns
    befores = _befores(bars)
    ranges = average_true_ranges(bars.high, bars.low, befores)
    later = (values[1:] for values in (bars.open, bars.high, bars.low, bars.close, befores))
    series = {
        "daily_return": returns,
        "log_range": log_ranges(bars.high, bars.low),
        "volume": bars.volume,
        "rolling_volatility": rolling_volatility(returns),
        "rolling_yang_zhang": rolling_yang_zhang(*later),
        "ewma_volatility": ewma_volatilities(returns),
        "atr": ranges,
        "atr_ratio": quotient(ranges, bars.close),
    }
    count = len(bars.close)
    return {name: np.concatenate((np.full(count - len(each), UNKNOWN), each)) for name, each in series.items()}


def _summary(motion: Motion, figures: Figures) -> VolatilitySummary:
    place, last = figures["regime_percentile"], numbers(motion.history.close[-1:])
    return VolatilitySummary(
        ticker=motion.ticker,
        sessions=len(motion.inputs["closes"]),
        returns=len(motion.inputs["returns"]),
        regime=None if place is None else regime(place),
        **figures,
        **_prices(figures, last[0] if last else None),
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
