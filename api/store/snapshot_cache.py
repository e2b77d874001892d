"""A store that asks another one at most once for the same data of a snapshot, and outlives its failures.

A small lake is read whole with the first question. Of a wide one come only the tickers asked for, by whole years: a
year is what a query reads anyway.
"""

import time
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Coroutine, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

import numpy as np

from api.errors import StoreError
from api.store.base import VALUES, Bars, Event, Published, Sentiment, Snapshots, Store
from api.store.served_snapshot import Serving
from api.store.shelf import Asked, Shelf

_BAR_BYTES = 8 * (2 + len(VALUES))
_SENTIMENT_BYTES = 8 * 4
_EVENT_BYTES = 250
SMALL_ROWS = 100_000  # ten tickers over forty years; more takes seconds to read, and most of it is never asked for
_T = TypeVar("_T")


class CachedStore:
    """`store`, with at most `memory` bytes of its data kept, and its pointer read at most every `pointer_seconds`.

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
        self._serving = Serving(store, pointer_seconds, clock)
        tenth = memory // 10
        self._bars = Shelf[Bars](memory - 2 * tenth, self._asker(store.bars), _bars_apart, _bars_bytes)
        self._events = Shelf[Sequence[Event]](tenth, self._asker(store.events), _events_apart, _events_bytes)
        self._sentiment = Shelf[Sentiment](tenth, self._asker(store.sentiment), _sentiment_apart, _sentiment_bytes)

    async def current(self) -> Published | None:
        return await self._serving.current()

    async def snapshots(self) -> Snapshots:
        return await self._store.snapshots()

    async def last_refusal(self) -> Any:
        return await self._store.last_refusal()

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Bars:
        if not tickers:
            return Bars.of_rows(())
        parts = await self._parts(self._bars, snapshot, tickers, first, last)
        cut = [(ticker, part, _between(part.days, first, last)) for ticker, part in parts]
        return Bars(
            tickers=[ticker for ticker, _, rows in cut for _ in range(rows.start, rows.stop)],
            days=np.concatenate([part.days[rows] for _, part, rows in cut]),
            values={name: np.concatenate([part.values[name][rows] for _, part, rows in cut]) for name in VALUES},
        )

    async def events(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        parts = await self._parts(self._events, snapshot, tickers, first, last)
        events = (event for _, part in parts for event in part if first <= event.day <= last)
        return sorted(events, key=lambda event: (event.day, event.ticker, event.kind))

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        if not tickers:
            return Sentiment.of_rows(())
        parts = await self._parts(self._sentiment, snapshot, tickers, first, last)
        cut = [(ticker, part, _between(part.days, first, last)) for ticker, part in parts]
        return Sentiment(
            tickers=[ticker for ticker, _, rows in cut for _ in range(rows.start, rows.stop)],
            days=np.concatenate([part.days[rows] for _, part, rows in cut]),
            score=np.concatenate([part.score[rows] for _, part, rows in cut]),
            articles=np.concatenate([part.articles[rows] for _, part, rows in cut]),
        )

    async def _parts(
        self, shelf: Shelf[_T], snapshot: str, tickers: Sequence[str], first: date, last: date
    ) -> list[tuple[str, _T]]:
        """What a shelf has of each ticker, ascending by ticker; more days than asked for."""
        asked = Asked(snapshot, tuple(sorted(tickers)), first, last)
        found = await shelf.get(asked, self._wider(asked))
        return [(ticker, found[ticker]) for ticker in asked.tickers]

    def _wider(self, asked: Asked) -> Asked:
        """What to read so that the next questions need nothing more."""
        manifest = self._serving.manifest_of(asked.snapshot)
        if manifest is not None and manifest.rows <= self._small:
            first = min(asked.first, *(held.first for held in manifest.tickers.values()))
            return Asked(asked.snapshot, tuple(manifest.tickers), first, max(asked.last, manifest.as_of))
        return asked._replace(first=asked.first.replace(month=1, day=1), last=asked.last.replace(month=12, day=31))

    def _asker(
        self, method: Callable[[str, Sequence[str], date, date], Coroutine[Any, Any, _T]]
    ) -> Callable[[Asked], Coroutine[Any, Any, _T]]:
        """The store's method, which also tells whether a snapshot can be read."""

        async def ask(asked: Asked) -> _T:
            try:
                answer = await method(*asked)
            except StoreError as error:
                self._serving.failed(asked.snapshot, error)
                raise
            self._serving.succeeded(asked.snapshot)
            return answer

        return ask


def _between(days: Any, first: date, last: date) -> slice:
    """The places of ascending days from `first` to `last`."""
    begin = int(np.searchsorted(days, np.datetime64(first), "left"))
    return slice(begin, max(begin, int(np.searchsorted(days, np.datetime64(last), "right"))))


def _places(names: Sequence[str], tickers: Sequence[str]) -> Mapping[str, slice]:
    """Where each ticker stands among names in ascending order."""
    return {ticker: slice(bisect_left(names, ticker), bisect_right(names, ticker)) for ticker in tickers}


def _bars_apart(bars: Bars, tickers: Sequence[str]) -> Mapping[str, Bars]:
    """Copies, so that one ticker's memory can be let go without the others'."""
    return {ticker: _some_bars(bars, rows) for ticker, rows in _places(bars.tickers, tickers).items()}


def _some_bars(bars: Bars, rows: slice) -> Bars:
    values = {name: column[rows].copy() for name, column in bars.values.items()}
    return Bars(bars.tickers[rows], bars.days[rows].copy(), values)


def _sentiment_apart(found: Sentiment, tickers: Sequence[str]) -> Mapping[str, Sentiment]:
    return {
        ticker: Sentiment(
            found.tickers[rows], found.days[rows].copy(), found.score[rows].copy(), found.articles[rows].copy()
        )
        for ticker, rows in _places(found.tickers, tickers).items()
    }


def _events_apart(events: Sequence[Event], tickers: Sequence[str]) -> Mapping[str, Sequence[Event]]:
    return {ticker: [event for event in events if event.ticker == ticker] for ticker in tickers}


def _bars_bytes(bars: Bars) -> int:
    return _BAR_BYTES * len(bars.days)


def _sentiment_bytes(found: Sentiment) -> int:
    return _SENTIMENT_BYTES * len(found.days)


def _events_bytes(events: Sequence[Event]) -> int:
    return _EVENT_BYTES * len(events)
