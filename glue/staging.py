"""What a run keeps while it is under way: tables and reports under `staging/<run>/<step>/`."""

from datetime import timedelta

from pyspark.sql import DataFrame

from glue.arguments import Arguments
from glue.session import spark_session
from lake import layout
from lake.snapshot import published_at
from lake.storage import Storage
from lake.tables import DAILY_PRICES

PARQUET = ".parquet"
CLEAN, TRANSFORM, QUALITY = "clean", "transform", "quality"

# Longer than any run takes: what is older belongs to a run that was killed, and not to one beside this one.
ORPHANED_AFTER = timedelta(hours=6)


def key(run: str, step: str, name: str) -> str:
    """Where a step's table or report lies."""
    return layout.staging(run, step) + name


def report_key(run: str, step: str) -> str:
    """Where a step's report for the next steps lies."""
    return key(run, step, "report.json")


def read(arguments: Arguments, step: str, name: str) -> DataFrame:
    """A table that an earlier step wrote."""
    return spark_session().read.parquet(arguments.url(key(arguments.run, step, name)))


def read_daily_prices(arguments: Arguments, step: str) -> DataFrame:
    """The staged `daily_prices`; a folder without a year says nothing of its columns, and is the empty table."""
    place = key(arguments.run, step, DAILY_PRICES.name)
    if any(found.endswith(PARQUET) for found in arguments.storage.list(f"{place}/")):
        return read(arguments, step, DAILY_PRICES.name)
    return spark_session().createDataFrame([], f"{DAILY_PRICES.ddl}, year int")


def write(rows: DataFrame, arguments: Arguments, step: str, name: str) -> None:
    """Write a step's table over what an interrupted attempt may have left."""
    rows.write.mode("overwrite").parquet(arguments.url(key(arguments.run, step, name)))


def write_daily_prices(rows: DataFrame, arguments: Arguments, step: str) -> None:
    """Write `daily_prices` as it is published: one file a year, sorted by ticker and date."""
    sorted_years = rows.repartition("year").sortWithinPartitions("year", *DAILY_PRICES.key)
    place = arguments.url(key(arguments.run, step, DAILY_PRICES.name))
    sorted_years.write.mode("overwrite").partitionBy("year").parquet(place)


def clear_orphans(storage: Storage, run: str) -> None:
    """Remove what killed runs left in staging."""
    runs = {found.split("/")[1] for found in storage.list(layout.STAGING)}
    for other in runs - {run}:
        if published_at(run) - published_at(other) > ORPHANED_AFTER:
            storage.delete_prefix(layout.staging(other))
