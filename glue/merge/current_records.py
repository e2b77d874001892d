"""The current records: one valid raw record for each key, which a snapshot keeps for the next run to merge into."""

from collections.abc import Iterable, Sequence
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.freeze.held import RECORD, Held
from glue.increments.base import BaseSnapshot
from glue.merge.new_records import has_no_new_records, read_new_records
from glue.merge.precedence import deduplicated
from glue.merge.restatements import Response, without_responses
from glue.merge.validation import current_table, flagged_records
from glue.quality.rules import RECORD_RULES
from glue.snapshots import staging
from glue.snapshots.staging import CLEAN, Staged
from glue.spark import named
from lake import layout
from lake.tables import RAW_PRICES, Table


def merge_into_current(
    arguments: Arguments, base: BaseSnapshot, table: Table, years: Sequence[int], ignored: Sequence[Response] = ()
) -> list[Staged]:
    """Stage the current records of a kind that has dates, in the years that have new records.

    `ignored`: new responses to leave out.
    """
    if has_no_new_records(base, table):
        return []
    if base.manifest is None:
        return [_staged_at_once(arguments, table)]
    new = without_responses(read_new_records(arguments, table), ignored)
    current = staging.read_base_table(arguments, base.id, current_table(table), years)
    together = current.unionByName(new).repartition(staging.YEAR)
    merged = deduplicated(together, table, within=(staging.YEAR,))
    with named(f"merge {table.name}"):
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
    return {row["ticker"]: _latest_bar(row) for row in _latest_bars(prices).collect()}


def newest_records(
    prices: DataFrame, **answers: DataFrame
) -> tuple[dict[str, dict[str, Any]], dict[str, dict[str, str]]]:
    """The `latest_bars`; and by the name of each other kind, and by ticker, when the newest record was fetched.

    One query for all kinds.
    """
    newest = _latest_bars(prices).withColumn("kind", F.lit(RAW_PRICES.name))
    for kind, rows in answers.items():
        of_kind = rows.groupBy("ticker").agg(F.max("fetched_at").alias("fetched_at"))
        newest = newest.unionByName(of_kind.withColumn("kind", F.lit(kind)), allowMissingColumns=True)
    bars: dict[str, dict[str, Any]] = {}
    fetched: dict[str, dict[str, str]] = {kind: {} for kind in answers}
    with named("find the newest records of each ticker"):
        rows_by_ticker = newest.collect()
    for row in rows_by_ticker:
        if row["kind"] == RAW_PRICES.name:
            bars[row["ticker"]] = _latest_bar(row)
        else:
            fetched[row["kind"]][row["ticker"]] = row["fetched_at"]
    return bars, fetched


def _latest_bars(prices: DataFrame) -> DataFrame:
    responses = prices.groupBy("ticker", "source", "fetched_at").agg(F.max("date").alias("last"))
    latest = responses.groupBy("ticker").agg(
        F.max(F.struct("last", "fetched_at")).alias("latest"), F.collect_set("source").alias("sources")
    )
    return latest.select("ticker", "latest.*", "sources")


def _latest_bar(row: Any) -> dict[str, Any]:
    return {"last": str(row["last"]), "fetched_at": row["fetched_at"], "sources": sorted(row["sources"])}


def refused_bars(arguments: Arguments, base: BaseSnapshot, staged: Sequence[Staged]) -> list[Held]:
    """The sessions for which this run brought broken bars, and no valid one is known, with the rule."""
    flagged = flagged_records(arguments, base.new_objects, RAW_PRICES)
    broken = flagged.filter("rule is not null and ticker is not null and session_number is not null")
    # Cached because the years and the days are two queries, and each would parse the raw files.
    first = F.min(F.struct("rule", "close")).alias("first")
    days = broken.groupBy("ticker", "date", "year").agg(first).select("ticker", "date", "year", "first.*").cache()
    years = [row["year"] for row in days.select("year").distinct().collect()]
    valid = staging.read_after_run(arguments, base.id, staged, current_table(RAW_PRICES), years)
    rows = days.join(valid.select("ticker", "date"), ["ticker", "date"], "left_anti").collect()
    return sorted((_refused(row) for row in rows), key=lambda one: (one.ticker, one.date))


def broken_events(arguments: Arguments, base: BaseSnapshot, table: Table) -> list[Held]:
    """The tickers of new answers about splits or dividends with an event that is none."""
    flagged = flagged_records(arguments, base.new_objects, table).filter("rule = 'bad_events'")
    newest = flagged.groupBy("ticker").agg(F.max("fetched_at").alias("fetched_at"))
    return [
        Held(
            row["ticker"], RECORD, row["fetched_at"][:10], "bad_events",
            f"{row['ticker']}'s {table.name}, fetched at {row['fetched_at']}, have an event without a date or a "
            "positive value, so that nothing of that answer is used",
            value=table.name, fetched_at=row["fetched_at"],
        )
        for row in newest.collect()
    ]  # fmt: skip


def _refused(row: Any) -> Held:
    catches = next(rule.catches for rule in RECORD_RULES[RAW_PRICES.name] if rule.slug == row["rule"])
    close = "" if row["close"] is None else f", with a close of {row['close']:.10g}"
    message = f"{row['ticker']}'s bar of {row['date']} is set aside{close}: {catches}"
    return Held(row["ticker"], RECORD, str(row["date"]), row["rule"], message)


def _staged_at_once(arguments: Arguments, table: Table) -> Staged:
    """Without a base, `stage_new_records` has already written the current records."""
    name = layout.current_records(table.name)
    place = staging.key(arguments.run, CLEAN, name)
    return Staged(name, place, sorted(staging.years_of(arguments.storage, place)))
