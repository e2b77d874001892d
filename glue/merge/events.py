"""The current events of each ticker: its responses merged, each in the days that it covers.

A response replaces older ones and those of lower authority on the days that it covers, and says nothing of others. The
vendor's covers all days, a file's its own first to last date. An empty response of the vendor does not reach back
beyond the vendor's first bar: there it knows nothing. An empty file without a date covers no day.

The responses are kept beside the merged events, because a later response may uncover what an earlier one covers.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.increments.base import BaseSnapshot
from glue.merge.new_records import has_no_new_records, read_new_records
from glue.merge.precedence import BY_FILE, BY_VENDOR, authority, precedence
from glue.merge.validation import current_table
from glue.snapshots import staging
from glue.snapshots.staging import CLEAN, Staged
from glue.spark import literal_frame, named
from lake import layout
from lake.tables import RAW_DIVIDENDS, RAW_PRICES, RAW_SPLITS, Table

EVENT_DATES = {RAW_SPLITS.name: "date", RAW_DIVIDENDS.name: "ex_date"}
_FIRST_DAY, _LAST_DAY = "0001-01-01", "9999-12-31"
_FIRST_BARS = "ticker string, first_bar string"


def merge_events(arguments: Arguments, base: BaseSnapshot, prices: Callable[[], Sequence[Staged]]) -> list[Staged]:
    """Stage the current splits and dividends where this run changes them.

    `prices`: gives this run's staged prices, for which only the events wait that need them.
    """
    has_new_prices = not has_no_new_records(base, RAW_PRICES)
    changed = [table for table in (RAW_SPLITS, RAW_DIVIDENDS) if not has_no_new_records(base, table)]
    asked = (RAW_SPLITS, RAW_DIVIDENDS) if base.manifest and has_new_prices else tuple(changed)
    responses = {table: _responses(arguments, base, table, with_new=table in changed) for table in asked}
    waiting = waiting_for_bars(responses)
    return [
        _stage_events(arguments, table, rows, _first_bars(arguments, base, prices, waiting[table]))
        for table, rows in responses.items()
        if table in changed or waiting[table]
    ]


def _stage_events(arguments: Arguments, table: Table, responses: DataFrame, first_bars: DataFrame) -> Staged:
    name = layout.current_records(table.name)
    # One file: there is one row for each ticker, and by default every core would write a file of a few of them.
    with named(f"merge {table.name}"):
        staging.write(merged_events(responses, first_bars, table).coalesce(1), arguments, CLEAN, name)
    return Staged(name, staging.key(arguments.run, CLEAN, name), None)


def merged_events(responses: DataFrame, first_bars: DataFrame, table: Table) -> DataFrame:
    """Rows of `current_table(table)`: one for each ticker, with its merged events and the responses that still matter.

    `first_bars`: `ticker` and `first_bar`, the ISO date of the vendor's first bar, for `waiting_for_bars` at least.
    `source` is that of the first response in precedence. `fetched_at` is that of the vendor's newest, if there is one:
    by it the plan knows when to ask again, and a newer file must not put that off.
    """
    ranked = _ranked(responses, table).join(F.broadcast(first_bars), "ticker", "left")
    day = EVENT_DATES[table.name]
    # What the vendor's empty response covers depends on its bars; what the others cover is in them.
    since = f"if({_is_empty_of_vendor('one')}, coalesce(first_bar, '{_LAST_DAY}'), one.span_from)"
    covers = f"transform(ranked, one -> struct(one.events, {since} as since, one.span_to as until))"
    uncovered = (
        f"filter(array_distinct(one.events), event -> not exists(slice(covers, 1, place), "
        f"higher -> event.{day} between higher.since and higher.until))"
    )
    events = f"array_sort(flatten(transform(covers, (one, place) -> {uncovered})))"
    vendor = f"filter(ranked, one -> one.authority = {BY_VENDOR})"
    fields = ", ".join(f"one.{name}" for name in table.column_names if name != "ticker")
    return ranked.withColumn("covers", F.expr(covers)).select(
        "ticker",
        F.expr(events).alias("events"),
        F.expr("ranked[0].source").alias("source"),
        F.expr(f"coalesce(get({vendor}, 0), ranked[0]).fetched_at").alias("fetched_at"),
        F.lit(None).cast("string").alias("covers_from"),
        F.lit(None).cast("string").alias("covers_to"),
        F.expr(f"transform(ranked, one -> struct({fields}))").alias("responses"),
    )


def waiting_for_bars(responses: Mapping[Table, DataFrame]) -> dict[Table, list[str]]:
    """The tickers of which files know events and the vendor's newest response none: the vendor's first bar decides.

    One query for all tables.
    """
    is_file = f"one.authority = {BY_FILE} and size(one.events) > 0"
    condition = f"exists(ranked, one -> {_is_empty_of_vendor('one')}) and exists(ranked, one -> {is_file})"
    tickers: dict[Table, list[str]] = {table: [] for table in responses}
    if not responses:
        return tickers
    frames = (
        _ranked(rows, table).filter(condition).select("ticker", F.lit(table.name).alias("kind"))
        for table, rows in responses.items()
    )
    by_name = {table.name: table for table in responses}
    with named("find events that wait for a first bar"):
        found = reduce(DataFrame.unionByName, frames).collect()
    for row in found:
        tickers[by_name[row["kind"]]].append(row["ticker"])
    return tickers


def _ranked(responses: DataFrame, table: Table) -> DataFrame:
    """`ticker` and `ranked`: its responses in order of precedence, without those that can never count again."""
    fields = [name for name in table.column_names if name != "ticker"]
    ranked = responses.select(
        "ticker", F.struct(precedence(table).alias("precedence"), *_span(), *fields).alias("one")
    ).groupBy("ticker").agg(F.expr("reverse(array_sort(collect_set(one)))").alias("ranked"))  # fmt: skip
    # Only one of the same authority, which stays, can take the place of another for good.
    covered = (
        "exists(slice(ranked, 1, place), higher -> higher.precedence.authority = one.precedence.authority "
        "and higher.span_from <= one.span_from and one.span_to <= higher.span_to)"
    )
    kept = F.expr(f"filter(ranked, (one, place) -> not {covered})")
    flat = ", ".join(f"one.{name}" for name in ("span_from", "span_to", *fields))
    return ranked.withColumn("ranked", kept).withColumn(
        "ranked", F.expr(f"transform(ranked, one -> struct(one.precedence.authority, {flat}))")
    )


def _span() -> tuple[Column, Column]:
    """The days that a response covers, whatever the vendor's bars are. An empty file without dates covers none."""
    says_nothing = (authority() == BY_FILE) & F.expr("size(events) = 0 and covers_from is null")
    first = F.when(says_nothing, _LAST_DAY).otherwise(F.coalesce("covers_from", F.lit(_FIRST_DAY)))
    last = F.when(says_nothing, _FIRST_DAY).otherwise(F.coalesce("covers_to", F.lit(_LAST_DAY)))
    return first.alias("span_from"), last.alias("span_to")


def _is_empty_of_vendor(one: str) -> str:
    return f"({one}.authority = {BY_VENDOR} and size({one}.events) = 0 and {one}.covers_from is null)"


def _responses(arguments: Arguments, base: BaseSnapshot, table: Table, *, with_new: bool) -> DataFrame:
    """The responses that the base has kept, and the new ones."""
    new = read_new_records(arguments, table) if with_new else None
    if base.manifest is None:
        return new if new is not None else literal_frame([], table.ddl)
    place = layout.table(base.manifest.snapshot, layout.current_records(table.name))
    kept = staging.read_whole(arguments, place, current_table(table).ddl)
    one = kept.select("ticker", F.explode("responses").alias("one")).select("ticker", "one.*")
    return one if new is None else one.unionByName(new)


def _first_bars(
    arguments: Arguments, base: BaseSnapshot, prices: Callable[[], Sequence[Staged]], tickers: Sequence[str]
) -> DataFrame:
    """Of these tickers the vendor's oldest current bar."""
    if not tickers:
        return literal_frame([], _FIRST_BARS)
    table, staged = current_table(RAW_PRICES), prices()
    years = staging.all_years(arguments, base.id, staged, table.name)
    bars = staging.read_after_run(arguments, base.id, staged, table, years)
    of_vendor = bars.filter(F.col("ticker").isin(*tickers) & (authority() == BY_VENDOR))
    return of_vendor.groupBy("ticker").agg(F.min("date").cast("string").alias("first_bar"))
