"""What each ticker gained, session by session and in all, and against the benchmark. Panels in, rows out; pure.

Each ticker is on its own sessions: a daily return across one that the lake lacks spans both.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from api.analytics.arrays import FEWEST_IN_A_YEAR, SESSIONS_A_YEAR, UNKNOWN, Floats, quotient
from api.analytics.drawdown import deepest, drawdowns
from api.analytics.registry import Figures, Inputs, figures_of, intervals_of
from api.analytics.resampling import FEWEST
from api.analytics.returns import simple_returns
from api.analytics.rolling import PAIRED_SESSIONS, rolling_beta, rolling_correlation
from api.formatting import numbers, times
from api.http.metric_fields import slugs_of
from api.panel.comparison import Comparison, compare, inputs_of
from api.panel.panel import Basis, Panel
from api.resources.returns.schemas import ReturnsRow, ReturnsSummary

_COLUMNS = (
    *("close", "daily_return", "growth", "benchmark_growth", "excess_growth", "drawdown"),
    *("rolling_correlation", "rolling_beta"),
)
_METRICS = slugs_of(ReturnsSummary)
LOOKBACK = PAIRED_SESSIONS + 20  # sessions before the window: its first rolling figure survives 20 that are missing


@dataclass(frozen=True)
class Track:
    """One ticker: its comparison with itself, what the metrics need, and the rolling figures on the panel's axis."""

    ticker: str
    comparison: Comparison
    inputs: Inputs
    rolling: dict[str, Floats]


def tracks_of(panel: Panel, tickers: Sequence[str], benchmark: str, *, basis: Basis, rate: float) -> list[Track]:
    """A track a ticker, in the order asked for; `panel` holds the benchmark too, and LOOKBACK; `rate` a session's."""
    tracks, extended = [], panel.extended(basis)["close"]
    for ticker in tickers:
        comparison = compare(panel, (ticker,), basis)
        inputs = inputs_of(comparison, ticker, benchmark, rate)
        closes = extended[:, [panel.column(ticker), panel.column(benchmark)]]
        tracks.append(Track(ticker, comparison, inputs, _rolling(closes, len(panel.held))))
    return tracks


def returns_rows(tracks: Sequence[Track], benchmark: str) -> list[ReturnsRow]:
    """A row a session, from the base if the lake has it, ascending in time, then ticker."""
    rows = [row for track in tracks for row in _rows(track, benchmark)]
    return sorted(rows, key=lambda row: (row.time, row.ticker))


def returns_summaries(tracks: Sequence[Track]) -> list[ReturnsSummary]:
    """The registered metrics of each ticker, with intervals and days."""
    inputs = [track.inputs for track in tracks]
    figures = zip(tracks, figures_of(_METRICS, inputs), intervals_of(_METRICS, inputs), strict=True)
    return [_summary(track, values | bounds) for track, values, bounds in figures]


def pairing_in_words(tracks: Sequence[Track], benchmark: str) -> list[str]:
    """Of whose sessions the benchmark lacks some, so that what is held against it is of fewer."""
    return [
        f"{track.ticker}: {len(track.inputs['paired_returns'])} daily returns are shared with {benchmark}, of "
        f"{len(track.inputs['returns'])}; what is held against it is of those"
        for track in tracks
        if len(track.inputs["paired_returns"]) < len(track.inputs["returns"])
    ]


def short_windows_in_words(tracks: Sequence[Track]) -> list[str]:
    """What is withheld, and what is uncertain, because the window is short."""
    count = max((len(track.inputs["returns"]) for track in tracks), default=0)
    if not 0 < count < FEWEST_IN_A_YEAR:
        return []
    words = [f"cagr and calmar are withheld: {count} daily returns are less than a year's"]
    if count < FEWEST:
        words.append(
            f"value_at_risk, sortino, the captures and every interval are withheld: {count} daily returns are fewer "
            f"than {FEWEST}"
        )
    if count > 1:
        error = (SESSIONS_A_YEAR / count) ** 0.5
        words.append(
            f"a ratio a year of {count} daily returns has a standard error of about {error:.1f}: "
            "a difference below twice that is noise"
        )
    return words


def _summary(track: Track, figures: Figures) -> ReturnsSummary:
    known: dict[str, Any] = {**figures, **_days(track)}
    return ReturnsSummary(
        ticker=track.ticker,
        sessions=len(track.inputs["closes"]),
        returns=len(track.inputs["returns"]),
        paired_returns=len(track.inputs["paired_returns"]),
        **known,
    )


def _rolling(closes: Floats, count: int) -> dict[str, Floats]:
    """Of (E + T, 2) closes of a ticker and the benchmark, at the last `count` rows; NaN where either is missing."""
    rows = np.flatnonzero(np.isfinite(closes).all(axis=1))
    mine, theirs = simple_returns(closes[rows]).T
    placed = np.full((2, len(closes)), UNKNOWN)
    placed[:, rows[1:]] = rolling_correlation(mine, theirs), rolling_beta(mine, theirs)
    return dict(zip(("rolling_correlation", "rolling_beta"), placed[:, -count:], strict=True))


def _rows(track: Track, benchmark: str) -> Iterator[ReturnsRow]:
    comparison = track.comparison
    if not comparison.taking_part:
        return
    start = 0 if comparison.has_base else 1
    stamps = times(day for day in comparison.days[start:] if day)
    series = _series(track, benchmark)
    columns = zip(*(numbers(series[name][start:]) for name in _COLUMNS), strict=True)
    for time, row in zip(stamps, columns, strict=True):
        yield ReturnsRow(time=time, ticker=track.ticker, **dict(zip(_COLUMNS, row, strict=True)))


def _series(track: Track, benchmark: str) -> dict[str, Floats]:
    comparison, panel = track.comparison, track.comparison.panel
    closes, theirs = (comparison.closes[:, panel.column(name)] for name in (track.ticker, benchmark))
    growth, other = (quotient(series, np.full_like(series, series[0])) - 1 for series in (closes, theirs))
    return {
        "close": closes,
        "daily_return": np.concatenate(([UNKNOWN], simple_returns(closes))),
        "growth": growth,
        "benchmark_growth": other,
        "excess_growth": growth - other,
        "drawdown": drawdowns(closes),
    } | {name: values[comparison.rows] for name, values in track.rolling.items()}


def _days(track: Track) -> dict[str, date | None]:
    """The days of the metrics that lie on one."""
    days, prices = track.comparison.days, track.inputs["prices"]
    lowest = deepest(prices)
    moves = simple_returns(prices)
    known = np.isfinite(moves).any()
    return {
        "best_day_on": days[1 + int(np.nanargmax(moves))] if known else None,
        "worst_day_on": days[1 + int(np.nanargmin(moves))] if known else None,
        "drawdown_peak": days[lowest.peak] if lowest else None,
        "drawdown_trough": days[lowest.trough] if lowest else None,
        "drawdown_recovery": None if lowest is None or lowest.recovery is None else days[lowest.recovery],
    }
