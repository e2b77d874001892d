"""What the API asks of a store, and the data that a store answers with."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from api.analytics.arrays import Floats
from api.errors import StoreError
from lake.snapshot import Manifest

Days = npt.NDArray[np.datetime64]

VALUES = (
    *("raw_open", "raw_high", "raw_low", "raw_close", "raw_volume"),
    *("open", "high", "low", "close", "volume", "total_return_index"),
)


@dataclass(frozen=True)
class Published:
    """The snapshot that is served, and what is in it.

    `problem`: why it may not be the newest one; None if it is. `held`: a rollback holds the lake there.
    """

    snapshot: str
    manifest: Manifest
    problem: str | None = None
    held: bool = False

    @property
    def stale(self) -> bool:
        """Whether this is the last readable snapshot, because the newest one or the lake cannot be read."""
        return self.problem is not None


@dataclass(frozen=True)
class Snapshots:
    """Every snapshot that is kept, the newest first; which is served, and whether a rollback holds the lake there."""

    manifests: tuple[Manifest, ...]
    served: str | None
    held: bool


@dataclass(frozen=True)
class TickerBars:
    """One ticker's daily bars, ascending; a session without a bar is left out.

    `days`: (n,) datetime64[D]; `values`: (len(VALUES), n) float64, one row for each of VALUES, NaN for null.
    """

    days: Days
    values: Floats

    def column(self, name: str) -> Floats:
        """(n,) the values of one of VALUES."""
        column: Floats = self.values[VALUES.index(name)]
        return column

    def between(self, first: date, last: date) -> "TickerBars":
        """The bars from `first` to `last`, both inclusive, as views."""
        rows = rows_between(self.days, first, last)
        return TickerBars(self.days[rows], self.values[:, rows])


def bars_by_ticker(names: Sequence[str], days: Days, values: Floats, tickers: Iterable[str]) -> dict[str, TickerBars]:
    """The bars of each of `tickers`, as views of a query's columns, which ascend by ticker name, then day."""
    places = {ticker: slice(bisect_left(names, ticker), bisect_right(names, ticker)) for ticker in tickers}
    return {ticker: TickerBars(days[rows], values[:, rows]) for ticker, rows in places.items()}


def joined(parts: Sequence[TickerBars]) -> TickerBars:
    """The bars of one ticker in consecutive periods."""
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return TickerBars(np.empty(0, "datetime64[D]"), np.empty((len(VALUES), 0)))
    return TickerBars(
        np.concatenate([part.days for part in parts]), np.concatenate([part.values for part in parts], axis=1)
    )


def rows_between(days: Days, first: date, last: date) -> slice:
    """The places of ascending days from `first` to `last`, both inclusive."""
    begin = int(np.searchsorted(days, np.datetime64(first), "left"))
    return slice(begin, max(begin, int(np.searchsorted(days, np.datetime64(last), "right"))))


@dataclass(frozen=True)
class Event:
    """A row of `corporate_actions`: kind is split, spin_off or dividend; value the ratio, or USD a share as paid."""

    ticker: str
    day: date
    kind: str
    value: float


@dataclass(frozen=True)
class Sentiment:
    """Daily sentiment in columns of one length n, ascending by ticker, then day; a session without news has no row.

    `tickers`: n names; `days`: (n,) datetime64[D]; `score`: (n,) from −1 to 1; `articles`: (n,) counts, one at least.
    """

    tickers: Sequence[str]
    days: Days
    score: Floats
    articles: Floats

    @classmethod
    def of_rows(cls, rows: Iterable[Sequence[Any]]) -> "Sentiment":
        """From rows of ticker, day, score and articles."""
        tickers, days, score, articles = list(zip(*rows, strict=True)) or [()] * 4
        return cls(tickers, np.array(days, dtype="datetime64[D]"), np.array(score, float), np.array(articles, float))


class Store(Protocol):
    """A lake's published side. Every method raises StoreError where the lake or its query engine fails."""

    async def current(self) -> Published | None:
        """The snapshot that is served; None where nothing is published yet."""

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        """The bars of a snapshot from `first` to `last`, both inclusive: an entry for each ticker, perhaps empty."""

    async def events(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        """Splits, spin-offs and dividends of the same days, ascending by day, then ticker; none where the snapshot has
        no table of them. Some may lie after as-of: announced, not yet in any price."""

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        """Daily sentiment of the same days; none where the snapshot has no table of it."""

    async def snapshots(self) -> Snapshots:
        """What is published and kept."""

    async def last_refusal(self) -> Any:
        """What glue wrote about the last run that a quality rule refused, as parsed JSON; None where there is none."""

    async def forecasts(self) -> Mapping[str, bytes]:
        """Each object of committed forecasts, by its key: newline JSON, which nobody has validated yet."""


@dataclass(frozen=True)
class Snapshot:
    """A published snapshot and the store that reads it.

    It is resolved once a request and passed down, so that no answer can mix two snapshots, whatever is published
    meanwhile. `resolved`: the snapshot, or why there is none.
    """

    resolved: Published | StoreError
    store: Store

    @property
    def published(self) -> Published:
        """The snapshot; StoreError where there is none."""
        if isinstance(self.resolved, StoreError):
            raise self.resolved
        return self.resolved

    async def bars(self, tickers: Sequence[str], first: date, last: date) -> Mapping[str, TickerBars]:
        """As Store.bars."""
        return await self.store.bars(self.published.snapshot, tickers, first, last)

    async def events(self, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        """As Store.events."""
        return await self.store.events(self.published.snapshot, tickers, first, last)

    async def sentiment(self, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        """As Store.sentiment."""
        return await self.store.sentiment(self.published.snapshot, tickers, first, last)
