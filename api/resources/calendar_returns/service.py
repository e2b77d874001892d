"""Calendar returns of each ticker on its own sessions. Panel in, rows out; pure."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

import numpy as np

from api.analytics.calendar_returns import Period, period_returns
from api.formatting import numbers
from api.panel.panel import Basis, Panel
from api.resources.calendar_returns.schemas import CalendarRow, CalendarSummary, CalendarYear
from lake import calendar

# Sessions before the window: its first year is measured from the last close of the one before.
LOOKBACK = 255
_LENGTH = {"month": 7, "year": 4}  # of the ISO text of a day: 2026-11, 2026
_MONTHS = [name for name in CalendarYear.model_fields if name not in {"ticker", "year", "full_year"}]


def calendar_rows(panel: Panel, tickers: Sequence[str], by: Period, basis: Basis) -> list[CalendarRow]:
    """A row for each period in which the window has a session of the ticker, ascending in time, then ticker."""
    rows = [row for ticker in tickers for row in _ticker_rows(panel, ticker, by, basis)]
    return sorted(rows, key=lambda row: (row.period, row.ticker))


def calendar_summaries(rows: Sequence[CalendarRow], tickers: Sequence[str]) -> list[CalendarSummary]:
    """Best, worst, mean and share positive of each ticker's whole periods."""
    return [_summary(ticker, [row for row in rows if row.ticker == ticker]) for ticker in tickers]


def calendar_grid(tickers: Sequence[str], rows: Iterable[CalendarRow]) -> list[CalendarYear]:
    """The rows of months and of years as a row a year: the tickers in this order, each ascending."""
    known = {(row.ticker, row.period): row.period_return for row in rows}
    years = sorted(period for _, period in known if len(period) == _LENGTH["year"])
    return [
        CalendarYear(
            ticker=ticker,
            year=int(year),
            full_year=known[ticker, year],
            **{name: known.get((ticker, f"{year}-{month:02d}")) for month, name in enumerate(_MONTHS, 1)},
        )
        for ticker in tickers
        for year in dict.fromkeys(years)
        if (ticker, year) in known
    ]


def _ticker_rows(panel: Panel, ticker: str, by: Period, basis: Basis) -> list[CalendarRow]:
    history = panel.of([ticker]).history(ticker, basis)
    known = np.isfinite(history.close)
    days, closes = history.days[known], history.close[known]
    found = period_returns(days, closes, by)
    first = np.datetime64(panel.window.sessions[0]) if panel.window.sessions else np.datetime64("NaT")
    returns = numbers(found.returns)
    return [
        CalendarRow(
            period=str(days[closing])[: _LENGTH[by]],
            ticker=ticker,
            period_return=value,
            partial=days[closing].item() != _last_session(days[closing].item(), by),
            from_session=days[opening].item() if opening >= 0 else None,
            to_session=days[closing].item(),
        )
        for closing, opening, value in zip(found.closing, found.opening, returns, strict=True)
        if days[closing] >= first
    ]


def _last_session(day: date, by: Period) -> date:
    """The last NYSE session of the month or year of a day."""
    following = date(day.year + 1, 1, 1) if by == "year" or day.month == 12 else date(day.year, day.month + 1, 1)
    return calendar.sessions(day, following - timedelta(days=1))[-1]


def _summary(ticker: str, rows: Sequence[CalendarRow]) -> CalendarSummary:
    whole = [(row.period_return, row.period) for row in rows if row.period_return is not None and not row.partial]
    if not whole:
        nothing = dict.fromkeys(("best", "best_period", "worst", "worst_period", "mean", "positive_share"))
        return CalendarSummary(ticker=ticker, periods=0, **nothing)
    (best, best_period), (worst, worst_period) = max(whole), min(whole)
    values = np.array([value for value, _ in whole])
    return CalendarSummary(
        ticker=ticker,
        periods=len(whole),
        best=best,
        best_period=best_period,
        worst=worst,
        worst_period=worst_period,
        mean=float(values.mean()),
        positive_share=float((values > 0).mean()),
    )
