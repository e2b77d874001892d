"""Caches a snapshot's data in front of another store, and serves the last good snapshot when that store fails.

A small lake is read whole with the first question. Of a large one whole years of the tickers asked for are read.
"""

import asyncio
import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import product
from typing import Any, TypeVar

import numpy as np

from api.errors import StoreError
from api.store.protocol import (
    VALUES,
    Days,
    Event,
    Published,
    Sentiment,
    Snapshots,
    Store,
    TickerBars,
    joined,
    rows_between,
)
from api.store.served_snapshot import ServedSnapshot
from api.store.year_cache import TickerYear, YearCache, first_and_last, year_of, years_between

SMALL_ROWS = 100_000  # ten tickers over forty years; more takes seconds to read, and most of it is never asked for
_PART_BYTES = 700  # of one ticker's year without its rows: the key, the objects and the headers of the arrays
_BAR_BYTES = 8 * (1 + len(VALUES))
_SENTIMENT_BYTES = 8 * 4
_EVENT_BYTES = 250
_R = TypeVar("_R")
_P = TypeVar("_P")


class SnapshotCache:
    """`store`, with at most `memory` bytes of its data cached, and its pointer read at most every `pointer_seconds`.

    A lake of at most `small` rows is read whole.
    """

    def __init__(
        self,
        store: Store,
        memory: int,
        pointer_seconds: float,
        clock: Callable[[], float] = time.monotonic,
        small: int = SMALL_ROWS,
    ) -> None:
        self._store, self._small = store, small
        self._served = ServedSnapshot(store, pointer_seconds, clock)
        tenth = memory // 10
        bars = self._reader(store.bars, _bars_by_year)
        events, sentiment = self._reader(store.events, _events_by_year), self._reader(store.sentiment, _news_by_year)
        self._bars = YearCache[TickerBars](memory - 2 * tenth, bars, _bars_size)
        self._events = YearCache[Sequence[Event]](tenth, events, _events_size)
        self._sentiment = YearCache[Sentiment](tenth, sentiment, _sentiment_size)

    async def current(self) -> Published | None:
        return await self._served.current()

    async def snapshots(self) -> Snapshots:
        return await self._store.snapshots()

    async def last_refusal(self) -> Any:
        return await self._store.last_refusal()

    async def forecasts(self) -> Mapping[str, bytes]:
        return await self._store.forecasts()

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        parts = await self._parts(self._bars, snapshot, tickers, years_between(first, last))
        return _Joined(parts, tuple(dict.fromkeys(tickers)), first, last)

    async def events(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        parts = await self._parts(self._events, snapshot, tickers, years_between(first, last))
        events = (event for part in parts.values() for event in part if first <= event.day <= last)
        return sorted(events, key=lambda event: (event.day, event.ticker, event.kind))

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        parts = await self._parts(self._sentiment, snapshot, tickers, years_between(first, last))
        chosen = [_news_at(part, rows_between(part.days, first, last)) for _, part in sorted(parts.items())]
        return Sentiment(
            tickers=[ticker for part in chosen for ticker in part.tickers],
            days=np.concatenate([np.empty(0, "datetime64[D]"), *(part.days for part in chosen)]),
            score=np.concatenate([np.empty(0), *(part.score for part in chosen)]),
            articles=np.concatenate([np.empty(0), *(part.articles for part in chosen)]),
        )

    async def _parts(
        self, cache: YearCache[_P], snapshot: str, tickers: Sequence[str], years: range
    ) -> dict[TickerYear, _P]:
        """The table's part for each ticker and year."""
        wanted = list(product(sorted(tickers), years))
        found = await cache.get(snapshot, wanted, self._whole_lake(snapshot)) if wanted else {}
        return {one: found[one] for one in wanted}

    def _whole_lake(self, snapshot: str) -> Iterable[TickerYear]:
        """Every ticker and year of a small lake; nothing for a large one."""
        manifest = self._served.manifest_of(snapshot)
        if manifest is None or manifest.rows > self._small or not manifest.tickers:
            return ()
        first = min(held.first for held in manifest.tickers.values())
        return product(manifest.tickers, range(first.year, manifest.as_of.year + 1))

    def _reader(
        self,
        query: Callable[[str, Sequence[str], date, date], Coroutine[Any, Any, _R]],
        by_year: Callable[[_R, Sequence[str], range], Mapping[TickerYear, _P]],
    ) -> Callable[[str, Sequence[str], range], Coroutine[Any, Any, Mapping[TickerYear, _P]]]:
        """The query of some tickers' years, which also notes whether the snapshot can be read."""

        async def read(snapshot: str, tickers: Sequence[str], years: range) -> Mapping[TickerYear, _P]:
            try:
                result = await query(snapshot, tickers, *first_and_last(years))
            except StoreError as error:
                self._served.mark_unreadable(snapshot, error)
                raise
            self._served.mark_readable(snapshot)
            return await asyncio.to_thread(by_year, result, tickers, years)

        return read


class _Joined(Mapping[str, TickerBars]):
    """The bars of tickers from `first` to `last`, each joined when it is read, for all of them are megabytes."""

    def __init__(self, parts: Mapping[TickerYear, TickerBars], tickers: Sequence[str], first: date, last: date) -> None:
        self._parts, self._tickers, self._first, self._last = parts, tickers, first, last

    def __getitem__(self, ticker: str) -> TickerBars:
        if ticker not in self._tickers:
            raise KeyError(ticker)
        years = years_between(self._first, self._last)
        return joined([self._parts[ticker, year] for year in years]).between(self._first, self._last)

    def __iter__(self) -> Iterator[str]:
        return iter(self._tickers)

    def __len__(self) -> int:
        return len(self._tickers)


def _year_rows(days: Days, years: range) -> dict[int, slice]:
    return {year: rows_between(days, *first_and_last(range(year, year + 1))) for year in years}


# The parts are copies: a view would keep the whole query result in memory for as long as one part is cached.
def _bars_by_year(
    bars: Mapping[str, TickerBars], tickers: Sequence[str], years: range
) -> Mapping[TickerYear, TickerBars]:
    return {
        (ticker, year): TickerBars(bars[ticker].days[rows].copy(), bars[ticker].values[:, rows].copy())
        for ticker in tickers
        for year, rows in _year_rows(bars[ticker].days, years).items()
    }


def _events_by_year(
    events: Sequence[Event], tickers: Sequence[str], years: range
) -> Mapping[TickerYear, Sequence[Event]]:
    parts: dict[TickerYear, list[Event]] = {one: [] for one in product(tickers, years)}
    for event in events:
        parts[event.ticker, year_of(event.day)].append(event)
    return parts


def _news_by_year(found: Sentiment, tickers: Sequence[str], years: range) -> Mapping[TickerYear, Sentiment]:
    parts: dict[TickerYear, Sentiment] = {}
    for ticker in tickers:
        own = _news_at(found, slice(bisect_left(found.tickers, ticker), bisect_right(found.tickers, ticker)))
        parts |= {(ticker, year): _news_at(own, rows) for year, rows in _year_rows(own.days, years).items()}
    return parts


def _news_at(found: Sentiment, rows: slice) -> Sentiment:
    days, score, articles = found.days[rows].copy(), found.score[rows].copy(), found.articles[rows].copy()
    return Sentiment(found.tickers[rows], days, score, articles)


def _bars_size(bars: TickerBars) -> int:
    return _PART_BYTES + _BAR_BYTES * len(bars.days)


def _sentiment_size(found: Sentiment) -> int:
    return _PART_BYTES + _SENTIMENT_BYTES * len(found.days)


def _events_size(events: Sequence[Event]) -> int:
    return _PART_BYTES + _EVENT_BYTES * len(events)
