"""Which of several records of one key counts: a total order, so that repetition and order of delivery never matter."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from lake.tables import Table

IMPORTED = "csv:"  # the source of records that came from a file, and fill gaps
REPLACING = "replace:"  # of records from a file that somebody has put above the vendor's


def rank(table: Table) -> Column:
    """A replacing file beats the vendor, the vendor a file, then the later fetch, then the content hash."""
    authority, fetched, content = _standing(table)
    return F.struct(authority.alias("authority"), fetched.alias("fetched"), content.alias("content"))


def _standing(table: Table) -> tuple[Column, Column, Column]:
    source = F.col("source")
    authority = F.when(source.startswith(REPLACING), 2).when(source.startswith(IMPORTED), 0).otherwise(1)
    return authority, F.col("fetched_at"), F.xxhash64(*(F.col(name) for name in table.column_names))


def newest_by_key(records: DataFrame, table: Table, within: tuple[str, ...] = ()) -> DataFrame:
    """One record a key, the highest by `rank`. `within` names columns that follow from the key, such as its year.

    Records that lie together by `within` already are not moved again.
    """
    place = F.row_number().over(
        Window.partitionBy(*within, *table.key).orderBy(*(one.desc() for one in _standing(table)))
    )
    return records.withColumn("place", place).filter("place = 1").drop("place")
