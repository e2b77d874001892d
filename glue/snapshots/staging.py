"""What a run keeps while it is under way: tables and reports under `staging/<run>/<step>/`.

A run stages only what it changes of a table: `Staged` says which years; the others are the base snapshot's.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import reduce

from pyspark.sql import DataFrame

from glue.arguments import Arguments
from glue.frames import frame_of
from glue.spark import spark_session
from lake import layout
from lake.snapshot import published_at
from lake.storage import Storage
from lake.tables import Table

PARQUET = ".parquet"
CLEAN, TRANSFORM, QUALITY = "clean", "transform", "quality"
YEAR = "year"

# Longer than any run takes: what is older belongs to a run that was killed, and not to one beside this one.
ORPHANED_AFTER = timedelta(hours=6)


@dataclass(frozen=True)
class Staged:
    """`years` of a snapshot's table, as they shall be, at the prefix `place`; None: the table is staged whole."""

    table: str
    place: str
    years: list[int] | None


def key(run: str, step: str, name: str) -> str:
    """Where a step's table or report lies."""
    return layout.staging(run, step) + name


def report_key(run: str, step: str) -> str:
    """Where a step's report for the next steps lies."""
    return key(run, step, "report.json")


def read(arguments: Arguments, step: str, name: str, ddl: str) -> DataFrame:
    """A table that an earlier step wrote whole, without partitions."""
    return read_whole(arguments, key(arguments.run, step, name), ddl)


def read_whole(arguments: Arguments, prefix: str, ddl: str) -> DataFrame:
    """A table without partitions, wherever it lies."""
    return spark_session().read.schema(ddl).parquet(arguments.url(prefix))


def read_years(arguments: Arguments, prefix: str, ddl: str, years: Iterable[int] | None = None) -> DataFrame:
    """The rows below `prefix/year=…/`, of all years or of those named; a year that is not there has none."""
    schema = f"{ddl}, {YEAR} int"
    found = years_of(arguments.storage, prefix)
    chosen = found if years is None else found & set(years)
    if not chosen:
        return frame_of([], schema)
    place = arguments.url(prefix)
    folders = [f"{place}/{YEAR}={year}" for year in sorted(chosen)]
    return spark_session().read.schema(schema).option("basePath", place).parquet(*folders)


def years_of(storage: Storage, prefix: str) -> set[int]:
    """The years in which a partitioned table has rows."""
    start = f"{prefix}/{YEAR}="
    return {
        int(found.removeprefix(start).split("/")[0])
        for found in storage.list(f"{prefix}/")
        if found.startswith(start) and found.endswith(PARQUET)
    }


def write(rows: DataFrame, arguments: Arguments, step: str, name: str) -> None:
    """Write a step's table over what an interrupted attempt may have left."""
    rows.write.mode("overwrite").parquet(arguments.url(key(arguments.run, step, name)))


def write_years(rows: DataFrame, arguments: Arguments, step: str, table: Table) -> Staged:
    """Write a table as it is published, sorted by its key. Gives back the years that have rows.

    `rows` lie together by year, as `repartition("year")` leaves them, or as they were read from such files: one file a
    year, or a few of one that is read in parts because it is large.
    """
    place = key(arguments.run, step, table.name)
    in_order = rows.sortWithinPartitions(YEAR, *table.key)
    plain = {f"parquet.enable.dictionary#{column.name}": "false" for column in table.columns if column.distinct}
    in_order.write.mode("overwrite").options(**plain).partitionBy(YEAR).parquet(arguments.url(place))
    return Staged(table.name, place, sorted(years_of(arguments.storage, place)))


def rows_after(
    arguments: Arguments, base: str | None, staged: Sequence[Staged], table: Table, years: Iterable[int]
) -> DataFrame:
    """The named years of a table as this run leaves it: its own where it staged them, else the base snapshot's."""
    wanted, parts = set(years), []
    for one in staged:
        if one.table == table.name and wanted & set(one.years or ()):
            parts.append(read_years(arguments, one.place, table.ddl, wanted & set(one.years or ())))
            wanted -= set(one.years or ())
    if wanted or not parts:
        parts.append(read_base(arguments, base, table, wanted))
    return reduce(DataFrame.unionByName, parts)


def read_base(arguments: Arguments, base: str | None, table: Table, years: Iterable[int]) -> DataFrame:
    """Rows of a table of the snapshot that the run builds on; none without one."""
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
    """Remove what killed runs left in staging."""
    runs = {found.split("/")[1] for found in storage.list(layout.STAGING)}
    for other in runs - {run}:
        if published_at(run) - published_at(other) > ORPHANED_AFTER:
            storage.delete_prefix(layout.staging(other))
