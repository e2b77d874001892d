"""Drawdowns of each ticker on its own sessions. Panel in, rows out; pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from api.analytics.arrays import Floats, Integers
from api.analytics.drawdown import DrawdownPeriod, drawdown_periods, drawdowns
from api.panel.comparison import compare
from api.panel.panel import Basis, Panel
from api.resources.drawdowns.schemas import DrawdownRow, DrawdownSummary
from api.store.protocol import Days


@dataclass(frozen=True)
class TickerDrawdowns:
    """One ticker's drawdowns in time's order.

    `rows`, `days` and `closes`: (r,) its sessions with the base first; from its first close on where it has no base.
    """

    ticker: str
    rows: Integers
    days: Days
    closes: Floats
    periods: Sequence[DrawdownPeriod]

    @property
    def known(self) -> bool:
        """Whether there are two closes, all known: on the total basis none is where dividends are unknown."""
        return len(self.closes) > 1 and bool(np.isfinite(self.closes).all())


def ticker_drawdowns(panel: Panel, tickers: Sequence[str], basis: Basis) -> list[TickerDrawdowns]:
    """The drawdowns of each ticker, in the order asked for."""
    return [_of_ticker(panel, ticker, basis) for ticker in tickers]


def drawdown_summaries(found: Sequence[TickerDrawdowns]) -> list[DrawdownSummary]:
    """The deepest and the current drawdown of each ticker."""
    return [_summary(one) for one in found]


def drawdown_rows(found: Sequence[TickerDrawdowns], top: int) -> list[DrawdownRow]:
    """The `top` deepest of each ticker, and its current one."""
    return [row for one in found for row in _rows(one, top)]


def late_starts(found: Sequence[TickerDrawdowns], base: date | None) -> list[str]:
    """A sentence for each ticker whose drawdowns do not begin at the window's base."""
    return [
        f"{one.ticker}: no close before the period is known, so drawdowns are measured from its first close in it, "
        f"{one.days[0].item()}"
        for one in found
        if one.known and one.days[0].item() != base
    ]


def _of_ticker(panel: Panel, ticker: str, basis: Basis) -> TickerDrawdowns:
    panel = panel.of([ticker])
    comparison = compare(panel, (ticker,), basis)
    # A fall needs a peak and no close before the window: a young ticker's first close is its first peak.
    first = 0 if comparison.has_base else 1
    closes = comparison.closes[first:, panel.column(ticker)]
    rows = comparison.rows[first:]
    return TickerDrawdowns(ticker, rows, panel.axis[rows], closes, drawdown_periods(closes))


def _summary(one: TickerDrawdowns) -> DrawdownSummary:
    if not one.known:
        nothing = dict.fromkeys(("max_drawdown", "current_drawdown", "peak", "sessions_below_peak"))
        return DrawdownSummary(ticker=one.ticker, drawdowns=0, **nothing)
    depths = drawdowns(one.closes)
    # The last session at the highest close, as a drawdown's peak is.
    peak = int(np.flatnonzero(one.closes == one.closes.max())[-1])
    return DrawdownSummary(
        ticker=one.ticker,
        drawdowns=len(one.periods),
        max_drawdown=float(depths.min()),
        current_drawdown=float(depths[-1]),
        peak=one.days[peak].item(),
        sessions_below_peak=int(one.rows[-1] - one.rows[peak]),
    )


def _rows(one: TickerDrawdowns, top: int) -> list[DrawdownRow]:
    ranked = sorted(one.periods, key=lambda period: one.closes[period.trough] / one.closes[period.peak])
    return [
        _row(one, rank, period) for rank, period in enumerate(ranked, start=1) if rank <= top or period.recovery is None
    ]


def _row(one: TickerDrawdowns, rank: int, period: DrawdownPeriod) -> DrawdownRow:
    peak, trough, recovery = period
    end = len(one.rows) - 1 if recovery is None else recovery

    def sessions(first: int, last: int) -> int:
        return int(one.rows[last] - one.rows[first])

    return DrawdownRow(
        ticker=one.ticker,
        rank=rank,
        depth=float(one.closes[trough] / one.closes[peak] - 1),
        peak=one.days[peak].item(),
        trough=one.days[trough].item(),
        recovery=None if recovery is None else one.days[recovery].item(),
        current=recovery is None,
        sessions_down=sessions(peak, trough),
        sessions_up=None if recovery is None else sessions(trough, recovery),
        sessions=sessions(peak, end),
    )
