"""What the API asks of a store, and the queries that every store runs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lake.snapshot import Manifest
from lake.tables import CORPORATE_ACTIONS, DAILY_PRICES, DAILY_SENTIMENT, Table, at_snapshot

Floats = npt.NDArray[np.float64]

VALUES = (
    *("raw_open", "raw_high", "raw_low", "raw_close", "raw_volume"),
    *("open", "high", "low", "close", "volume", "total_return_index"),
)
_RELATION = re.compile(r"[a-z_]+_\d{8}t\d{6}z", re.ASCII)


@dataclass(frozen=True)
class Published:
    """The snapshot that is served, and what is in it. `problem`: why it may not be the newest one; None if it is."""

    snapshot: str
    manifest: Manifest
    problem: str | None = None

    @property
    def stale(self) -> bool:
        """Whether this is the last good one, because the lake cannot be asked."""
        return self.problem is not None


@dataclass(frozen=True)
class Snapshots:
    """Every snapshot that is kept, the newest first; which is served, and whether it is held there against the next."""

    manifests: tuple[Manifest, ...]
    served: str | None
    held: bool


@dataclass(frozen=True)
class Bars:
    """Daily bars in columns of one length n, ascending by ticker, then day.

    `tickers`: n names; `days`: (n,) datetime64[D]; `values`: each of VALUES as (n,) float64, NaN for null.
    """

    tickers: Sequence[str]
    days: npt.NDArray[np.datetime64]
    values: Mapping[str, Floats]

    @classmethod
    def of_rows(cls, rows: Iterable[Sequence[Any]]) -> "Bars":
        """From rows of ticker, day and VALUES; None for null."""
        columns = list(zip(*rows, strict=True)) or [()] * (2 + len(VALUES))
        return cls(
            tickers=columns[0],
            days=np.array(columns[1], dtype="datetime64[D]"),
            values={name: np.array(column, dtype=np.float64) for name, column in zip(VALUES, columns[2:], strict=True)},
        )


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
    days: npt.NDArray[np.datetime64]
    score: Floats
    articles: Floats

    @classmethod
    def of_rows(cls, rows: Iterable[Sequence[Any]]) -> "Sentiment":
        """From rows of ticker, day, score and articles."""
        tickers, days, score, articles = list(zip(*rows, strict=True)) or [()] * 4
        return cls(tickers, np.array(days, dtype="datetime64[D]"), np.array(score, float), np.array(articles, float))


class Store(Protocol):
    """A lake's published side. Every method raises StoreError where the lake or its engine fails."""

    async def current(self) -> Published | None:
        """The snapshot that is served; None where nothing is published yet."""

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Bars:
        """The bars of `tickers` from `first` to `last`, both inclusive, at a snapshot."""

    async def events(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sequence[Event]:
        """Splits, spin-offs and dividends likewise, ascending by day, then ticker; none where the snapshot has no
        table of them. Some may lie after as-of: announced, not yet in any price."""

    async def sentiment(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Sentiment:
        """Daily sentiment likewise; none where the snapshot has no table of it."""

    async def snapshots(self) -> Snapshots:
        """What is published and kept."""

    async def last_refusal(self) -> Any:
        """What glue wrote of the last run that a rule refused, as parsed JSON; None where there is none."""


@dataclass(frozen=True)
class Query:
    """SQL with a `?` for each of `values`, which answers with `columns`, in this order."""

    sql: str
    values: tuple[str | date | int, ...]
    columns: tuple[str, ...]


def relation_of(table: Table, snapshot: str) -> str:
    """The name of a table at one snapshot, the catalog's own; ValueError where it could be anything else."""
    name = at_snapshot(table, snapshot)
    if not _RELATION.fullmatch(name):
        raise ValueError(f"snapshot={snapshot!r} names no table of ours")
    return name


@dataclass(frozen=True)
class _Selection:
    """Some columns of a table, in an order of rows."""

    table: Table
    columns: tuple[str, ...]
    order: tuple[str, ...]


_BARS = _Selection(DAILY_PRICES, ("ticker", "date", *VALUES), DAILY_PRICES.key)
_EVENTS = _Selection(CORPORATE_ACTIONS, ("ticker", "date", "kind", "value"), ("date", "ticker", "kind"))
_SENTIMENT = _Selection(DAILY_SENTIMENT, ("ticker", "date", "score", "articles"), DAILY_SENTIMENT.key)


def bars_query(snapshot: str, tickers: Sequence[str], first: date, last: date) -> Query:
    """The query of `Store.bars`."""
    return _query(_BARS, snapshot, tickers, first, last)


def events_query(snapshot: str, tickers: Sequence[str], first: date, last: date) -> Query:
    """The query of `Store.events`; its columns are the fields of Event."""
    return _query(_EVENTS, snapshot, tickers, first, last)


def sentiment_query(snapshot: str, tickers: Sequence[str], first: date, last: date) -> Query:
    """The query of `Store.sentiment`."""
    return _query(_SENTIMENT, snapshot, tickers, first, last)


def _query(wanted: _Selection, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Query:
    """In the SQL that Trino and DuckDB share. `year` is there to prune partitions."""
    marks = ", ".join("?" * len(tickers)) or "NULL"  # of no ticker there are no rows
    sql = (
        f"SELECT {_quoted(wanted.columns)} FROM {relation_of(wanted.table, snapshot)} "  # noqa: S608 - constants, or a fixed pattern
        f'WHERE "ticker" IN ({marks}) AND "date" BETWEEN ? AND ? AND "year" BETWEEN ? AND ? '
        f"ORDER BY {_quoted(wanted.order)}"
    )
    return Query(sql, (*tickers, first, last, first.year, last.year), wanted.columns)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
