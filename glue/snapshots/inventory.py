"""What a snapshot holds, counted from what the served one held and what this run changes."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.snapshots import staging
from glue.snapshots.job_reports import days_by_ticker
from glue.snapshots.staging import Staged
from lake import calendar
from lake.snapshot import Manifest
from lake.tables import DAILY_PRICES, PUBLISHED_TABLES, Table

Rows = dict[str, dict[str, Any]]
Days = dict[str, list[str]]


def held(arguments: Arguments, base: Manifest | None, staged: Sequence[Staged]) -> Rows:
    """Per ticker its first and last session (ISO), and how many it has."""
    rows: Rows = {
        ticker: {"first": str(entry.first), "last": str(entry.last), "sessions": entry.sessions}
        for ticker, entry in (base.tickers if base else {}).items()
    }
    of_ticker = _changes(arguments, base, staged, DAILY_PRICES).groupBy("ticker")
    staged_days = F.when(F.col("more") > 0, F.col("date"))
    changed = of_ticker.agg(
        F.min(staged_days).alias("first"), F.max(staged_days).alias("last"), F.sum("more").alias("more")
    )
    for row in changed.collect():
        old = rows.get(row["ticker"], {"first": str(date.max), "last": str(date.min), "sessions": 0})
        days = [str(day) for day in (row["first"], row["last"]) if day]  # none where all of them have left
        rows[row["ticker"]] = {
            "first": min([old["first"], *days]),
            "last": max([old["last"], *days]),
            "sessions": old["sessions"] + row["more"],
        }
    return rows


def counts(arguments: Arguments, base: Manifest | None, staged: Sequence[Staged], rows: Rows) -> dict[str, int]:
    """The rows of every published table; `rows` are as from `held`."""
    small = (table for table in PUBLISHED_TABLES.values() if table is not DAILY_PRICES)
    bars = sum(row["sessions"] for row in rows.values())
    return {DAILY_PRICES.name: bars} | {table.name: _count(arguments, base, staged, table) for table in small}


def gaps(
    arguments: Arguments, base: Manifest | None, staged: Sequence[Staged], rows: Rows, refused: Sequence[Days]
) -> dict[str, Days]:
    """`missing`: sessions between a ticker's first and last without a bar; `refused`: those whose bar was set aside.

    What the served snapshot missed or refused stays so until it is published; `refused` are this run's own.
    """
    before = base.tickers if base else {}
    unheld = {ticker: _not_held_before(row, base, ticker) for ticker, row in rows.items()}
    unheld = {ticker: days for ticker, days in unheld.items() if days}
    once = {ticker: {str(day) for day in entry.refused} for ticker, entry in before.items() if entry.refused}
    found = _found(arguments, staged, [unheld, once])
    missing = {ticker: sorted(days - found.get(ticker, set())) for ticker, days in unheld.items()}
    still = {ticker: days - found.get(ticker, set()) for ticker, days in once.items()}
    for days_of_ticker in refused:
        for ticker, days in days_of_ticker.items():
            still[ticker] = still.get(ticker, set()) | set(days)
    return {
        "missing": {ticker: days for ticker, days in missing.items() if days},
        "refused": {ticker: sorted(days) for ticker, days in still.items() if days},
    }


def _not_held_before(row: Mapping[str, Any], base: Manifest | None, ticker: str) -> set[str]:
    """The sessions between a ticker's first and last of which the served snapshot has no bar."""
    expected = calendar.sessions(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
    if row["sessions"] == len(expected):
        return set()
    entry = base.tickers.get(ticker) if base else None
    had = set(calendar.sessions(entry.first, entry.last)) - set(entry.missing) if entry else set()
    return {str(day) for day in expected if day not in had}


def _found(
    arguments: Arguments, staged: Sequence[Staged], wanted: Sequence[Mapping[str, set[str]]]
) -> dict[str, set[str]]:
    """Of those days the ones that are staged, by ticker."""
    tickers = {ticker for days in wanted for ticker in days}
    days = {date.fromisoformat(day) for one in wanted for of_ticker in one.values() for day in of_ticker}
    if not tickers:
        return {}
    rows = _staged_rows(arguments, staged, DAILY_PRICES).filter(
        F.col("ticker").isin(*tickers) & F.col("date").isin(*days)
    )
    return {ticker: set(found) for ticker, found in days_by_ticker(rows).items()}


def _staged_rows(arguments: Arguments, staged: Iterable[Staged], table: Table) -> DataFrame:
    chosen = [one for one in staged if one.table == table.name]
    years = staging.staged_years(chosen, table.name)
    return staging.rows_after(arguments, None, chosen, table, years)


def _changes(arguments: Arguments, base: Manifest | None, staged: Sequence[Staged], table: Table) -> DataFrame:
    """`ticker`, `date` and `more` of every row of the staged years: 1 as they shall be, -1 as the base has them."""
    now = _staged_rows(arguments, staged, table).select("ticker", "date", F.lit(1).alias("more"))
    if base is None:
        return now
    gone = staging.read_base(arguments, base.snapshot, table, staging.staged_years(staged, table.name))
    return now.unionByName(gone.select("ticker", "date", F.lit(-1).alias("more")))


def _count(arguments: Arguments, base: Manifest | None, staged: Sequence[Staged], table: Table) -> int:
    before = base.tables[table.name] if base else 0
    if not staging.staged_years(staged, table.name):
        return before
    (row,) = _changes(arguments, base, staged, table).agg(F.sum("more").alias("more")).collect()
    return before + (row["more"] or 0)
