"""Measures one market in this process: plain Spark, a full build, a new day. The last printed line is JSON."""

import json
import os
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from pyspark import SparkContext
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from benchmarks.lake_market import SESSIONS_A_YEAR, write_market, write_next_day
from benchmarks.memory import peak_mb
from glue.arguments import Arguments
from glue.spark import spark_session
from glue.workflow import STEPS
from lake import layout
from lake.snapshot import current_manifest
from lake.storage import FolderStorage
from lake.tables import RAW_PRICES

BUILDS = ("20261121T020000Z", "20261121T030000Z", "20261121T040000Z")
NEXT_DAYS = ("20261124T020000Z", "20261125T020000Z", "20261126T020000Z")
WARM_UP_TICKERS = 50  # enough for the JVM to compile the measured code


def main(folder: str, tickers: int, years: int, rounds: int) -> None:
    """Warm up on a small market, so that no part includes the start of Spark; then take each part's fastest round."""
    spark, storage = spark_session(rows=tickers * years * SESSIONS_A_YEAR), FolderStorage(Path(folder, "lake"))
    rows = write_market(spark, storage, tickers, years)
    warm_up(spark, Path(folder, "warm"), min(tickers, WARM_UP_TICKERS), years)
    plain = fastest(rounds, lambda _: plain_sort(spark, storage, Path(folder, "plain")))
    full = fastest(rounds, lambda place: build(storage, BUILDS[place], rebuild=place > 0))
    new_day = min(next_day(spark, storage, tickers, years, place) for place in range(rounds))
    manifest = current_manifest(storage)
    if manifest is None or manifest.rows != rows + rounds * tickers:
        sys.exit(f"{manifest and manifest.rows} rows are published instead of {rows + rounds * tickers}")
    print(json.dumps({"rows": rows, "plain": plain, "full": full, "new_day": new_day, "peak": peak_memory()}))


def build(storage: FolderStorage, run: str, *, rebuild: bool = False) -> None:
    """Run the four jobs. `rebuild`: from all of raw/, ignoring what is published."""
    for name, job in STEPS.items():
        started = time.monotonic()
        job(Arguments(storage, run, rebuild=rebuild))
        print(f"  {run} {name}: {time.monotonic() - started:.1f} s", file=sys.stderr)


def next_day(spark: SparkSession, storage: FolderStorage, tickers: int, years: int, place: int) -> float:
    """Seconds to publish the session that is `place` after the next; writing its raw records is not included."""
    write_next_day(spark, storage, tickers, years, ahead=place + 1)
    return seconds(lambda: build(storage, NEXT_DAYS[place]))


def plain_sort(spark: SparkSession, storage: FolderStorage, target: Path) -> None:
    """The floor: read the same rows, sort and write them like the table, and nothing else."""
    records = spark.read.schema(RAW_PRICES.ddl).json(f"{storage.url}/{layout.RAW}prices", recursiveFileLookup=True)
    dated = records.withColumn("date", F.to_date("date")).withColumn("year", F.year("date"))
    in_order = dated.repartition("year").sortWithinPartitions("year", "ticker", "date")
    in_order.write.mode("overwrite").partitionBy("year").parquet(str(target))


def warm_up(spark: SparkSession, folder: Path, tickers: int, years: int) -> None:
    storage = FolderStorage(folder)
    write_market(spark, storage, tickers, years)
    plain_sort(spark, storage, folder / "plain")
    build(storage, BUILDS[0])
    next_day(spark, storage, tickers, years, place=0)


def fastest(rounds: int, act: Callable[[int], None]) -> float:
    """Seconds of the fastest round; `act` receives the number of the round."""
    return min(seconds(partial(act, place)) for place in range(rounds))


def seconds(act: Callable[[], None]) -> float:
    started = time.monotonic()
    act()
    return time.monotonic() - started


def peak_memory() -> float:
    """The peak memory of this process and its JVM together, in GB."""
    # PySpark has no public access to its JVM's process id.
    gateway = SparkContext._gateway
    processes = [os.getpid(), *([gateway.proc.pid] if gateway else [])]
    return sum(map(peak_mb, processes)) / 1000


if __name__ == "__main__":
    main(sys.argv[1], *(int(value) for value in sys.argv[2:]))
