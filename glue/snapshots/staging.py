"""The tables and reports that the jobs of a run pass on, under `staging/<run>/<step>/`.

A run stages only the years of a table that it changes (`Staged.years`); the other years are those of the base snapshot.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce

from pyspark.sql import DataFrame

from glue.arguments import Arguments
from glue.spark import literal_frame, spark_session
from lake import layout
from lake.snapshot import is_snapshot, published_at
from lake.storage import Storage
from lake.tables import Table

PARQUET = ".parquet"
CLEAN, TRANSFORM, QUALITY = "clean", "transform", "quality"
YEAR = "year"

# Longer than any run takes: what is older was left by a run that was killed, not by one that runs at the same time.
ORPHANED_AFTER = timedelta(hours=6)


@dataclass(frozen=True)
class Staged:
    """New `years` of a table, below the prefix `place`. `years` None: a table without years, staged as a whole."""

    table: str
    place: str
    years: list[int] | None


def key(run: str, step: str, name: str) -> str:
    """The key of a step's table or report."""
    return layout.staging(run, step) + name


def report_key(run: str, step: str) -> str:
    """The key of a step's report for the later steps."""
    return key(run, step, "report.json")


def read(arguments: Arguments, step: str, name: str, ddl: str) -> DataFrame:
    """A table without partitions that an earlier step wrote."""
    return read_whole(arguments, key(arguments.run, step, name), ddl)


def read_whole(arguments: Arguments, prefix: str, ddl: str) -> DataFrame:
    """A table without partitions, at any prefix."""
    # The schema is given, here and below: Spark would run a job to infer it, and could not for a table without files.
    return spark_session().read.schema(ddl).parquet(arguments.url(prefix))


def read_years(arguments: Arguments, prefix: str, ddl: str, years: Iterable[int] | None = None) -> DataFrame:
    """The rows below `prefix/year=…/`, of all years or of the given ones; a missing year has no rows."""
    schema = f"{ddl}, {YEAR} int"
    found = years_of(arguments.storage, prefix)
    chosen = found if years is None else found & set(years)
    if not chosen:
        return literal_frame([], schema)
    place = arguments.url(prefix)
    # The folders are named, so that Spark lists these only; basePath makes it read `year` from their names.
    folders = [f"{place}/{YEAR}={year}" for year in sorted(chosen)]
    return spark_session().read.schema(schema).option("basePath", place).parquet(*folders)


def years_of(storage: Storage, prefix: str) -> set[int]:
    """The years in which a partitioned table has rows."""
    found = (layout.year_of(key, f"{prefix}/") for key in storage.list(f"{prefix}/") if key.endswith(PARQUET))
    return {year for year in found if year is not None}


def write(rows: DataFrame, arguments: Arguments, step: str, name: str) -> None:
    """Write a step's table. Overwrites what an interrupted attempt may have left."""
    rows.write.mode("overwrite").parquet(arguments.url(key(arguments.run, step, name)))


def write_years(rows: DataFrame, arguments: Arguments, step: str, table: Table) -> Staged:
    """Write a table as it is published: partitioned by year, sorted by its key. Gives back the years that have rows.

    `rows` must be partitioned by year already, by `repartition("year")` or because they were read from such files. That
    makes one file for each year, or a few for a year that is so large that Spark reads it in parts.
    """
    place = key(arguments.run, step, table.name)
    in_order = rows.sortWithinPartitions(YEAR, *table.key)
    # A dictionary of values that are all different costs time to build, and Parquet drops it in the end.
    plain = {f"parquet.enable.dictionary#{column.name}": "false" for column in table.columns if column.distinct}
    in_order.write.mode("overwrite").options(**plain).partitionBy(YEAR).parquet(arguments.url(place))
    return Staged(table.name, place, sorted(years_of(arguments.storage, place)))


def read_after_run(
    arguments: Arguments, base: str | None, staged: Sequence[Staged], table: Table, years: Iterable[int]
) -> DataFrame:
    """The given years of a table after this run: the staged ones, else those of the base snapshot."""
    wanted, parts = set(years), []
    for one in staged:
        if one.table == table.name and wanted & set(one.years or ()):
            parts.append(read_years(arguments, one.place, table.ddl, wanted & set(one.years or ())))
            wanted -= set(one.years or ())
    if wanted or not parts:
        parts.append(read_base_table(arguments, base, table, wanted))
    return reduce(DataFrame.unionByName, parts)


def read_base_table(arguments: Arguments, base: str | None, table: Table, years: Iterable[int]) -> DataFrame:
    """The given years of a table of the base snapshot; no rows without a base."""
    prefix = layout.table(base, table.name).rstrip("/") if base else key(arguments.run, "nothing", table.name)
    return read_years(arguments, prefix, table.ddl, years)


def staged_years(staged: Sequence[Staged], name: str) -> set[int]:
    """The years of a table that this run has staged."""
    return {year for one in staged if one.table == name for year in one.years or ()}


def all_years(arguments: Arguments, base: str | None, staged: Sequence[Staged], name: str) -> set[int]:
    """The years that a table has after this run."""
    years = years_of(arguments.storage, layout.table(base, name).rstrip("/")) if base else set()
    return years | staged_years(staged, name)


def clear_orphans(storage: Storage, run: str) -> None:
    """Remove what killed runs have left in staging."""
    runs = {found.split("/")[1] for found in storage.list(layout.STAGING)}
    for other in set(filter(is_snapshot, runs)) - {run}:
        if published_at(run) - published_at(other) > ORPHANED_AFTER:
            storage.delete_prefix(layout.staging(other))
