"""Raw records as they lie there, each with the rule that it breaks."""

from collections.abc import Sequence
from dataclasses import replace

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.adjust.daily_prices import with_session_number
from glue.arguments import Arguments
from glue.frames import frame_of
from glue.quality.rules import BROKEN_LINE, ISO_DAY, RECORD_RULES
from glue.spark import spark_session
from lake import layout
from lake.tables import Table


def is_dated(table: Table) -> bool:
    """Whether a record is of one session; else it is one whole answer of its ticker."""
    return "date" in table.column_names


def kept_table(table: Table) -> Table:
    """The table in which a snapshot keeps the records of a kind: the same columns, with a true date."""
    columns = (replace(one, type="date") if one.name == "date" else one for one in table.columns)
    return replace(table, name=layout.kept(table.name), columns=tuple(columns))


def flagged_records(arguments: Arguments, keys: Sequence[str], table: Table) -> DataFrame:
    """The records of one kind with a true `date`, its `year`, and `rule`: the first rule that each breaks, or null."""
    records = _read(arguments, [key for key in keys if layout.raw_kind_of(key) == table.name], table)
    if is_dated(table):
        day = F.when(F.col("date").rlike(ISO_DAY), F.to_date("date"))
        records = with_session_number(records.withColumn("date", day)).withColumn("year", F.year("date"))
    broken = (F.when(F.expr(rule.broken), rule.slug) for rule in RECORD_RULES[table.name])
    return records.withColumn("rule", F.coalesce(*broken))


def sound_records(flagged: DataFrame, table: Table) -> DataFrame:
    """The records that break no rule, with their kept columns alone."""
    years = ("year",) if is_dated(table) else ()
    return flagged.filter("rule is null").select(*table.column_names, *years)


def _read(arguments: Arguments, keys: Sequence[str], table: Table) -> DataFrame:
    """An unreadable line stands in the column `_broken_line`."""
    ddl = f"{table.ddl}, {BROKEN_LINE} string"
    if not keys:
        return frame_of([], ddl)
    return spark_session().read.schema(ddl).json(
        [arguments.url(key) for key in keys],
        columnNameOfCorruptRecord=BROKEN_LINE, allowNonNumericNumbers=False, recursiveFileLookup=True,
    )  # fmt: skip
