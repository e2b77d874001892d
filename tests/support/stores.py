"""Stores in the states that a good lake never has."""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import numpy as np

from api.errors import StoreError
from api.store.protocol import VALUES, Event, Published, Sentiment, Snapshots, TickerBars
from lake import calendar
from lake.snapshot import Manifest


class FailingStore:
    """Every question meets the same error."""

    def __init__(self, error: StoreError) -> None:
        self._error = error

    async def current(self) -> Published | None:
        raise self._error

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        raise self._error

    async def events(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        raise self._error

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        raise self._error

    async def snapshots(self) -> Snapshots:
        raise self._error

    async def last_refusal(self) -> Any:
        raise self._error

    async def forecasts(self) -> Mapping[str, bytes]:
        raise self._error


class ManifestStore:
    """A snapshot of which only the manifest may be read."""

    def __init__(self, manifest: Manifest) -> None:
        self._manifest = manifest

    async def current(self) -> Published:
        return Published(self._manifest.snapshot, self._manifest)

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        raise AssertionError("the limit comes first")

    async def events(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        raise AssertionError("the limit comes first")

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        raise AssertionError("the limit comes first")

    async def snapshots(self) -> Snapshots:
        return Snapshots((self._manifest,), self._manifest.snapshot, held=False)

    async def last_refusal(self) -> None:
        return None

    async def forecasts(self) -> Mapping[str, bytes]:
        return {}


class WalkStore(ManifestStore):
    """Random walks of every ticker on each session of the manifest's, in memory: a lake of any size in no time."""

    def __init__(self, manifest: Manifest) -> None:
        super().__init__(manifest)
        self._walk = cache(self._new_walk)

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        return {ticker: self._walk(ticker).between(first, last) for ticker in tickers}

    async def events(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        return []

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        return Sentiment.of_rows([])

    def _new_walk(self, ticker: str) -> TickerBars:
        entry = self._manifest.tickers[ticker]
        days = np.array(calendar.sessions(entry.first, entry.last), dtype="datetime64[D]")
        draws = np.random.default_rng(list(ticker.encode()))
        close = 100 * np.exp(np.cumsum(draws.normal(0, 0.01, len(days))))
        factors = {"open": 1.0, "high": 1.01, "low": 0.99, "close": 1.0}
        columns = {name: close * factor for name, factor in factors.items()}
        columns |= {"volume": np.rint(1e9 / close), "total_return_index": close / close[0]}
        return TickerBars(days, np.array([columns[name.removeprefix("raw_")] for name in VALUES]))
