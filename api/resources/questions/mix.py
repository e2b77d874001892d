"""The equal mix of the tickers of question 3, as a portfolio: contributions and months. Panel in; pure."""

from collections.abc import Sequence
from typing import NamedTuple

from api.panel.panel import Panel
from api.resources.calendar_returns.schemas import CalendarSummary
from api.resources.calendar_returns.service import calendar_rows, calendar_summaries
from api.resources.portfolio.request import PortfolioRequest
from api.resources.portfolio.schemas import Holding, PortfolioSummary
from api.resources.portfolio.service import PORTFOLIO, holdings_of, portfolio_of, summaries

_FEWEST = 2  # tickers of a mix


class Mix(NamedTuple):
    """Equal parts, restored every day so that its volatility is that of `/compare`'s diversification.

    `months`: the whole calendar months inside the window, of the mix, which is called `portfolio`, and its parts.
    """

    summary: PortfolioSummary
    holdings: list[Holding]
    months: list[CalendarSummary]


def mix_of(panel: Panel, tickers: Sequence[str], benchmark: str) -> Mix | None:
    """The mix over a panel on the total basis that holds its tickers; None for fewer than two."""
    if len(tickers) < _FEWEST:
        return None
    request = PortfolioRequest(dict.fromkeys(tickers, 1 / len(tickers)), "daily")
    portfolio = portfolio_of(panel, request, benchmark, "total")
    own, *_ = summaries(portfolio, benchmark, "total", rate=0.0)
    months = _months(portfolio.panel, (PORTFOLIO,)) + _months(panel, tickers)
    return Mix(own, holdings_of(portfolio), months)


def _months(panel: Panel, tickers: Sequence[str]) -> list[CalendarSummary]:
    # Without a lookback the window's first month has no earlier close, and so counts only where it is whole.
    return calendar_summaries(calendar_rows(panel, tickers, "month", "total"), tickers)
