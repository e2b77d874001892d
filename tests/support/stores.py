"""Stores in the states that a good lake never has."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from api.errors import StoreError
from api.store.protocol import Event, Published, Sentiment, Snapshots, TickerBars
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
