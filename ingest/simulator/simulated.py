"""A feed of the simulated market: every ticker of the universe over the last ten years."""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from ingest.alpha_vantage.protocol import COMPACT_SESSIONS, NewsOrder
from ingest.simulator import responses
from ingest.simulator.market import Bar, history
from ingest.simulator.news import articles
from ingest.simulator.parameters import OTHERS, PARAMETERS
from lake.calendar import last_closed
from lake.universe import universe

YEARS = 10


class SimulatedFeed:
    """Answers as of the clock's time: no bar, split or dividend after the last closed session."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock

    def daily(self, symbol: str, outputsize: str) -> bytes:
        if symbol not in universe():
            return responses.unknown_symbol("TIME_SERIES_DAILY")
        bars = self._bars(symbol)
        return responses.daily(symbol, bars if outputsize == "full" else bars[-COMPACT_SESSIONS:], outputsize)

    def splits(self, symbol: str) -> bytes:
        if symbol not in universe():
            return responses.unknown_symbol("SPLITS")
        known = PARAMETERS.get(symbol, OTHERS).splits
        return responses.splits(symbol, [(day, ratio) for day, ratio in known.items() if day <= self._last])

    def dividends(self, symbol: str) -> bytes:
        if symbol not in universe():
            return responses.unknown_symbol("DIVIDENDS")
        paid = history(symbol).dividends
        return responses.dividends(symbol, [(day, amount) for day, amount in paid if day <= self._last])

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

    def _bars(self, symbol: str) -> Sequence[Bar]:
        first = max(years_before(self._last, YEARS), universe()[symbol].listed or date.min)
        return [bar for bar in history(symbol).bars if first < bar.session <= self._last]


def years_before(day: date, years: int) -> date:
    """The same day of an earlier year; 28 February for 29 February."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return day.replace(year=day.year - years, day=28)
