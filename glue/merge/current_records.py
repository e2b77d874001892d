"""The current records: one valid raw record for each key, which a snapshot keeps for the next run to merge into."""

from collections.abc import Iterable, Sequence
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.increments.base import BaseSnapshot
from glue.merge.new_records import has_no_new_records, read_new_records
from glue.merge.precedence import deduplicated
from glue.merge.restatements import Response, without_responses
from glue.merge.validation import current_table, flagged_records
from glue.snapshots import staging
from glue.snapshots.staging import CLEAN, Staged
from glue.spark import dates_by_ticker
from lake import layout
from lake.tables import RAW_PRICES, Table


def merge_into_current(
    arguments: Arguments, base: BaseSnapshot, table: Table, years: Sequence[int], withdrawn: Sequence[Response]
) -> list[Staged]:
    """Stage the current records of a kind that has dates, in the years that have new records."""
    if has_no_new_records(base, table):
        return []
    if base.manifest is None:
        return [_staged_at_once(arguments, table)]
    new = without_responses(read_new_records(arguments, table), withdrawn if table is RAW_PRICES else ())
    current = staging.read_base_table(arguments, base.id, current_table(table), years)
    together = current.unionByName(new).repartition(staging.YEAR)
    merged = deduplicated(together, table, within=(staging.YEAR,))
    return [staging.write_years(merged, arguments, CLEAN, current_table(table))]


def read_current_records(
    arguments: Arguments, base: str | None, staged: Sequence[Staged], table: Table, years: Iterable[int] | None = None
) -> DataFrame:
    """The current records of one kind after this run: of dated ones the given years, of events all."""
    current = current_table(table)
    if years is not None:
        return staging.read_after_run(arguments, base, staged, current, years)
    places = [one.place for one in staged if one.table == current.name]
    return staging.read_whole(arguments, places[0] if places else layout.table(base or "", current.name), current.ddl)


def latest_bars(prices: DataFrame) -> dict[str, dict[str, Any]]:
    """By ticker the date of its last bar, when that was fetched, and the sources of all its bars."""
    responses = prices.groupBy("ticker", "source", "fetched_at").agg(F.max("date").alias("last"))
    rows = responses.groupBy("ticker").agg(
        F.max(F.struct("last", "fetched_at")).alias("latest"), F.collect_set("source").alias("sources")
    )
    return {
        row["ticker"]: {
            "last": str(row["latest"]["last"]),
            "fetched_at": row["latest"]["fetched_at"],
            "sources": sorted(row["sources"]),
        }
        for row in rows.collect()
    }


def last_fetched(**records: DataFrame) -> dict[str, dict[str, str]]:
    """By the name of the kind, and by ticker, when the newest record was fetched. One query for all kinds."""
    kinds = (rows.select(F.lit(kind).alias("kind"), "ticker", "fetched_at") for kind, rows in records.items())
    newest = reduce(DataFrame.unionByName, kinds).groupBy("kind", "ticker").agg(F.max("fetched_at").alias("last"))
    fetched: dict[str, dict[str, str]] = {kind: {} for kind in records}
    for row in newest.collect():
        fetched[row["kind"]][row["ticker"]] = row["last"]
    return fetched


def refused_sessions(arguments: Arguments, base: BaseSnapshot, staged: Sequence[Staged]) -> dict[str, list[str]]:
    """By ticker the sessions for which this run brought broken bars, and no valid one is known."""
    flagged = flagged_records(arguments, base.new_objects, RAW_PRICES)
    broken = flagged.filter("rule is not null and ticker is not null and session_number is not null")
    # Cached because the years and the days are two queries, and each would parse the raw files.
    days = broken.select("ticker", "date", "year").distinct().cache()
    years = [row["year"] for row in days.select("year").distinct().collect()]
    valid = staging.read_after_run(arguments, base.id, staged, current_table(RAW_PRICES), years)
    return dates_by_ticker(days.join(valid, ["ticker", "date"], "left_anti"))


def _staged_at_once(arguments: Arguments, table: Table) -> Staged:
    """Without a base, `stage_new_records` has already written the current records."""
    name = layout.current_records(table.name)
    place = staging.key(arguments.run, CLEAN, name)
    return Staged(name, place, sorted(staging.years_of(arguments.storage, place)))
