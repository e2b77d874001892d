"""The SQL that every store runs, in the dialect that Trino (Athena) and DuckDB share. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from api.store.protocol import VALUES
from lake.tables import CORPORATE_ACTIONS, DAILY_PRICES, DAILY_SENTIMENT, Table, at_snapshot

_RELATION = re.compile(r"[a-z_]+_\d{8}t\d{6}z", re.ASCII)


@dataclass(frozen=True)
class Query:
    """SQL with a `?` for each of `values`, whose result has exactly these `columns`, in this order."""

    sql: str
    values: tuple[str | date | int, ...]
    columns: tuple[str, ...]


def relation_of(table: Table, snapshot: str) -> str:
    """The name of a table at one snapshot, as in the catalog; ValueError where `snapshot` is no snapshot's id."""
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


def _query(selection: _Selection, snapshot: str, tickers: Sequence[str], first: date, last: date) -> Query:
    marks = ", ".join("?" * len(tickers)) or "NULL"  # IN () is a syntax error; IN (NULL) matches no row
    # The condition on `year` repeats that on `date`: only a filter on the partition column itself skips files.
    sql = (
        f"SELECT {_quoted(selection.columns)} FROM {relation_of(selection.table, snapshot)} "  # noqa: S608 - constants, or a fixed pattern
        f'WHERE "ticker" IN ({marks}) AND "date" BETWEEN ? AND ? AND "year" BETWEEN ? AND ? '
        f"ORDER BY {_quoted(selection.order)}"
    )
    return Query(sql, (*tickers, first, last, first.year, last.year), selection.columns)


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
