"""Raw records as they were delivered, each with the rule that it breaks."""

from collections.abc import Sequence
from dataclasses import replace

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.adjust.daily_prices import with_session_number
from glue.arguments import Arguments
from glue.quality.rules import ISO_DATE, RECORD_RULES, UNREADABLE_LINE
from glue.spark import literal_frame, spark_session
from lake import layout
from lake.tables import Column, Table


def is_dated(table: Table) -> bool:
    """Whether a record belongs to one session; else it is a whole response about its ticker's events."""
    return "date" in table.column_names


def current_table(table: Table) -> Table:
    """The table in which a snapshot keeps the current records of a kind: its columns, with `date` as a date.

    Of events it has a row for each ticker, with the `responses` that `glue.merge.events` has merged into it.
    """
    columns = [replace(column, type="date") if column.name == "date" else column for column in table.columns]
    if not is_dated(table):
        columns.append(_responses(table))
    return replace(table, name=layout.current_records(table.name), columns=tuple(columns))


def _responses(table: Table) -> Column:
    fields = ",".join(f"{column.name}:{column.type}" for column in table.columns if column.name != "ticker")
    return Column("responses", f"array<struct<{fields}>>", "-", "the responses that may still count, by precedence")


def flagged_records(arguments: Arguments, keys: Sequence[str], table: Table) -> DataFrame:
    """The records of one kind with `date`, its `year`, and `rule`: the first rule that the record breaks, or null."""
    records = _read(arguments, [key for key in keys if layout.raw_kind_of(key) == table.name], table)
    if is_dated(table):
        day = F.expr(f"case when date rlike '{ISO_DATE}' then try_cast(date as date) end")
        records = with_session_number(records.withColumn("date", day)).withColumn("year", F.year("date"))
    broken = " ".join(f"when {rule.broken} then '{rule.slug}'" for rule in RECORD_RULES[table.name])
    return records.withColumn("rule", F.expr(f"case {broken} end"))


def valid_records(flagged: DataFrame, table: Table) -> DataFrame:
    """The records that break no rule, with the columns of `current_table` and their `year`."""
    years = ("year",) if is_dated(table) else ()
    return flagged.filter("rule is null").select(*table.column_names, *years)


def _read(arguments: Arguments, keys: Sequence[str], table: Table) -> DataFrame:
    """The records, with a line that cannot be parsed as one in the column UNREADABLE_LINE."""
    ddl = f"{table.ddl}, {UNREADABLE_LINE} string"
    if not keys:
        return literal_frame([], ddl)  # Spark refuses to read no files at all
    # NaN is not JSON, and Spark would accept it as a price by default. A key may be a folder of Spark's part files.
    return spark_session().read.schema(ddl).json(
        [arguments.url(key) for key in keys],
        columnNameOfCorruptRecord=UNREADABLE_LINE, allowNonNumericNumbers=False, recursiveFileLookup=True,
    )  # fmt: skip
