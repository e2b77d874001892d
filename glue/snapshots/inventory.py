"""What the new snapshot holds: the content of its base, and the difference that this run makes to it.

Only the changed years are read, so that the cost of a new day does not grow with the history.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.snapshots import staging
from glue.snapshots.staging import Staged
from glue.spark import dates_by_ticker, named
from lake import calendar
from lake.snapshot import Manifest
from lake.tables import DAILY_PRICES, PUBLISHED_TABLES, Table

Sessions = dict[str, dict[str, Any]]  # by ticker: first, last (ISO) and number of sessions
Days = dict[str, list[str]]


def content(arguments: Arguments, base: Manifest | None, staged: Sequence[Staged]) -> tuple[Sessions, dict[str, int]]:
    """By ticker its `first` and `last` session (ISO), and the number of its `sessions`; and every table's rows.

    One query for all tables.
    """
    sessions: Sessions = {
        ticker: {"first": str(entry.first), "last": str(entry.last), "sessions": entry.sessions}
        for ticker, entry in (base.tickers if base else {}).items()
    }
    counts = {name: base.tables.get(name, 0) if base else 0 for name in PUBLISHED_TABLES}
    for row in _changes_by_ticker(arguments, base, staged):
        counts[row["table"]] += row["change"]
        if row["table"] == DAILY_PRICES.name:
            _count_sessions(sessions, row)
    counts[DAILY_PRICES.name] = sum(row["sessions"] for row in sessions.values())
    return sessions, counts


def _count_sessions(sessions: Sessions, row: Any) -> None:
    old = sessions.get(row["ticker"], {"first": str(date.max), "last": str(date.min), "sessions": 0})
    days = [str(day) for day in (row["first"], row["last"]) if day]  # none if all of its rows were removed
    sessions[row["ticker"]] = {
        "first": min([old["first"], *days]),
        "last": max([old["last"], *days]),
        "sessions": old["sessions"] + row["change"],
    }


def _changes_by_ticker(arguments: Arguments, base: Manifest | None, staged: Sequence[Staged]) -> list[Any]:
    """`table`, `ticker`, the `first` and `last` staged date, and by how many rows the ticker has more: `change`."""
    changed = [table for table in PUBLISHED_TABLES.values() if staging.staged_years(staged, table.name)]
    if not changed:
        return []
    staged_days = F.when(F.col("change") > 0, F.col("date"))
    ends = (F.min(staged_days).alias("first"), F.max(staged_days).alias("last"))
    frames = (
        _changes(arguments, base, staged, table)
        .groupBy("ticker")
        .agg(*ends, F.sum("change").alias("change"))
        .withColumn("table", F.lit(table.name))
        for table in changed
    )
    with named("count sessions and rows"):
        return reduce(DataFrame.unionByName, frames).collect()


def gaps(
    arguments: Arguments, base: Manifest | None, staged: Sequence[Staged], sessions: Sessions, refused: Sequence[Days]
) -> dict[str, Days]:
    """`missing`: sessions between a ticker's first and last without a bar; `refused`: those whose bar was quarantined.

    What the base lists stays listed until its bar is published. The argument `refused` are those of this run.
    """
    before = base.tickers if base else {}
    without_bar = {ticker: _not_in_base(row, base, ticker) for ticker, row in sessions.items()}
    without_bar = {ticker: days for ticker, days in without_bar.items() if days}
    refused_before = {ticker: {str(day) for day in entry.refused} for ticker, entry in before.items() if entry.refused}
    found = _staged_days(arguments, staged, [without_bar, refused_before])
    missing = {ticker: sorted(days - found.get(ticker, set())) for ticker, days in without_bar.items()}
    all_refused = {ticker: days - found.get(ticker, set()) for ticker, days in refused_before.items()}
    for days_of_ticker in refused:
        for ticker, days in days_of_ticker.items():
            all_refused[ticker] = all_refused.get(ticker, set()) | set(days)
    return {
        "missing": {ticker: days for ticker, days in missing.items() if days},
        "refused": {ticker: sorted(days) for ticker, days in all_refused.items() if days},
    }


def _not_in_base(row: Mapping[str, Any], base: Manifest | None, ticker: str) -> set[str]:
    """The sessions between a ticker's first and last without a bar in the base."""
    expected = calendar.sessions(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
    if row["sessions"] == len(expected):  # the usual case: nothing is missing, and no set is built of 20 years
        return set()
    entry = base.tickers.get(ticker) if base else None
    had = set(calendar.sessions(entry.first, entry.last)) - set(entry.missing) if entry else set()
    return {str(day) for day in expected if day not in had}


def _staged_days(
    arguments: Arguments, staged: Sequence[Staged], wanted: Sequence[Mapping[str, set[str]]]
) -> dict[str, set[str]]:
    """By ticker those of the wanted days that are staged."""
    tickers = {ticker for days in wanted for ticker in days}
    days = {date.fromisoformat(day) for one in wanted for of_ticker in one.values() for day in of_ticker}
    if not tickers:
        return {}
    rows = _staged_rows(arguments, staged, DAILY_PRICES).filter(
        F.col("ticker").isin(*tickers) & F.col("date").isin(*days)
    )
    return {ticker: set(found) for ticker, found in dates_by_ticker(rows).items()}


def _staged_rows(arguments: Arguments, staged: Iterable[Staged], table: Table) -> DataFrame:
    chosen = [one for one in staged if one.table == table.name]
    years = staging.staged_years(chosen, table.name)
    return staging.read_after_run(arguments, None, chosen, table, years)


def _changes(arguments: Arguments, base: Manifest | None, staged: Sequence[Staged], table: Table) -> DataFrame:
    """`ticker` and `date` of all rows in the staged years. `change`: 1 for a staged row, -1 for one of the base."""
    now = _staged_rows(arguments, staged, table).select("ticker", "date", F.lit(1).alias("change"))
    if base is None:
        return now
    gone = staging.read_base_table(arguments, base.snapshot, table, staging.staged_years(staged, table.name))
    return now.unionByName(gone.select("ticker", "date", F.lit(-1).alias("change")))
