"""Which of several records of one key counts: a total order, so that repetition and order of delivery do not matter."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from lake.tables import Table

IMPORTED = "csv:"  # source of records from a file that fills gaps
REPLACING = "replace:"  # source of records from a file that overrules the vendor
BY_FILE, BY_VENDOR, BY_REPLACING_FILE = 0, 1, 2  # authority, ascending


def precedence(table: Table) -> Column:
    """A replacing file before the vendor, the vendor before a file; then the later fetch; then the content.

    The content's hash decides between records of one moment. Any total order would do, but without one the result would
    depend on the order of delivery.
    """
    rank, fetched, content = _precedence_columns(table)
    return F.struct(rank.alias("authority"), fetched.alias("fetched"), content.alias("content"))


def authority() -> Column:
    """Of the column `source`: BY_REPLACING_FILE, BY_VENDOR or BY_FILE."""
    source = F.col("source")
    by_file = F.when(source.startswith(REPLACING), BY_REPLACING_FILE).when(source.startswith(IMPORTED), BY_FILE)
    return by_file.otherwise(BY_VENDOR)


def _precedence_columns(table: Table) -> tuple[Column, Column, Column]:
    return authority(), F.col("fetched_at"), F.expr(f"xxhash64({', '.join(table.column_names)})")


def deduplicated(records: DataFrame, table: Table, within: tuple[str, ...] = ()) -> DataFrame:
    """One record for each key, a ticker and a date, the one of the highest precedence.

    `within`: columns that follow from the key, such as its year. Records that are already partitioned by them are not
    shuffled again.
    """
    # Compared with the record before, in one window for each ticker: a window for each key costs more than the sort.
    *group, day = table.key
    order = (column.desc() for column in _precedence_columns(table))
    of_ticker = Window.partitionBy(*within, *group).orderBy(day, *order)
    is_first = ~F.col(day).eqNullSafe(F.lag(day).over(of_ticker))
    return records.withColumn("is_first", is_first).filter("is_first").drop("is_first")
