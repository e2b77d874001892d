"""What the API asks of a store, and the one query that every store runs."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from lake.snapshot import Manifest
from lake.tables import DAILY_PRICES, at_snapshot

Floats = npt.NDArray[np.float64]

VALUES = (
    *("raw_open", "raw_high", "raw_low", "raw_close", "raw_volume"),
    *("open", "high", "low", "close", "volume", "total_return_index"),
)
_RELATION = re.compile(r"daily_prices_\d{8}t\d{6}z")


@dataclass(frozen=True)
class Published:
    """The snapshot that is served, and what is in it."""

    snapshot: str
    manifest: Manifest


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


class Store(Protocol):
    """A lake's published side. Every method raises StoreError where the lake or its engine fails."""

    async def current(self) -> Published | None:
        """The snapshot that is served; None where nothing is published yet."""

    async def bars(self, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Bars:
        """The bars of `tickers` (one at least) from `first` to `last`, both inclusive, at a snapshot."""

    async def last_refusal(self) -> Any:
        """What glue wrote of the last run that a rule refused, as parsed JSON; None where there is none."""


@dataclass(frozen=True)
class Query:
    """SQL with a `?` for each of `values`."""

    sql: str
    values: tuple[str | date | int, ...]


def relation_of(snapshot: str) -> str:
    """The name of the prices at one snapshot, the catalog's own; ValueError where it could be anything else."""
    name = at_snapshot(DAILY_PRICES, snapshot)
    if not _RELATION.fullmatch(name):
        raise ValueError(f"snapshot={snapshot!r} names no table of ours")
    return name


def bars_query(snapshot: str, tickers: Sequence[str], first: date, last: date) -> Query:
    """The query of `Store.bars`, in the SQL that Trino and DuckDB share. `year` is there to prune partitions."""
    columns = ", ".join(f'"{name}"' for name in ("ticker", "date", *VALUES))
    marks = ", ".join("?" * len(tickers))
    sql = (
        f"SELECT {columns} FROM {relation_of(snapshot)} "  # noqa: S608 - names are constants or of a fixed pattern
        f'WHERE "ticker" IN ({marks}) AND "date" BETWEEN ? AND ? AND "year" BETWEEN ? AND ? '
        'ORDER BY "ticker", "date"'
    )
    return Query(sql, (*tickers, first, last, first.year, last.year))
