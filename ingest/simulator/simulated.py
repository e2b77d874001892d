"""A feed of the simulated market: every ticker of the universe over the last twenty years."""

from collections.abc import Callable
from datetime import date, datetime, timedelta

from ingest.alpha_vantage.protocol import COMPACT_SESSIONS, NewsOrder
from ingest.simulator import responses
from ingest.simulator.news import articles
from ingest.simulator.parameters import PARAMETERS
from ingest.simulator.path import bars_between, dividends_between
from ingest.simulator.years import FIRST_YEAR
from lake.calendar import last_closed, sessions_back
from lake.universe import universe

YEARS = 20


class SimulatedFeed:
    """Answers as of the clock's time: no bar, split or dividend after the last closed session."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def daily(self, symbol: str, outputsize: str) -> bytes:
        if symbol not in universe():
            return responses.unknown_symbol("TIME_SERIES_DAILY")
        first = self._first(symbol)
        if outputsize != "full":
            first = max(first, sessions_back(self._last, COMPACT_SESSIONS)[0])
        return responses.daily(symbol, bars_between(symbol, first, self._last), outputsize)

    def splits(self, symbol: str) -> bytes:
        if symbol not in universe():
            return responses.unknown_symbol("SPLITS")
        known = PARAMETERS[symbol].splits if symbol in PARAMETERS else {}
        return responses.splits(symbol, [(day, ratio) for day, ratio in known.items() if day <= self._last])

    def dividends(self, symbol: str) -> bytes:
        if symbol not in universe():
            return responses.unknown_symbol("DIVIDENDS")
        # Of all years, as the vendor does: one that left the answer as the years pass would be withdrawn.
        first = universe()[symbol].listed or date(FIRST_YEAR, 1, 1)
        return responses.dividends(symbol, dividends_between(symbol, first, self._last))

    def news(self, symbol: str, after: datetime, until: datetime, order: NewsOrder, limit: int) -> bytes:
        if symbol not in universe():
            return responses.invalid_news_inputs()
        found = list(articles(symbol, after, min(until, self._clock())))
        if not found:
            return responses.no_articles()
        return responses.news((found if order == "EARLIEST" else found[::-1])[:limit])

    @property
    def _last(self) -> date:
        return last_closed(self._clock())

    def _first(self, symbol: str) -> date:
        listed = universe()[symbol].listed
        begin = years_before(self._last, YEARS) + timedelta(days=1)
        return max(begin, listed) if listed else begin


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; 28 February for 29 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
