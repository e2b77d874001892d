"""One market, measured in this process: plain Spark, a full build, a new day. Its last line is the figures as JSON."""

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

from benchmarks.market import write_market, write_next_day
from glue.arguments import Arguments
from glue.spark import spark_session
from glue.workflow import STEPS
from lake import layout
from lake.snapshot import current_manifest
from lake.storage import FolderStorage
from lake.tables import RAW_PRICES

BUILDS = ("20261121T020000Z", "20261121T030000Z", "20261121T040000Z")
NEXT_DAYS = ("20261124T020000Z", "20261125T020000Z", "20261126T020000Z")
WARM = 50  # tickers: enough for Java to compile what is measured


def main(folder: str, tickers: int, years: int, rounds: int) -> None:
    """A small market first, so that no part pays for starting Spark; then the quickest of so many rounds of each."""
    spark, storage = spark_session(large=True), FolderStorage(Path(folder, "lake"))
    rows = write_market(spark, storage, tickers, years)
    warm_up(spark, Path(folder, "warm"), min(tickers, WARM), years)
    plain = quickest(rounds, lambda _: plain_sort(spark, storage, Path(folder, "plain")))
    full = quickest(rounds, lambda place: build(storage, BUILDS[place], rebuild=place > 0))
    new_day = min(next_day(spark, storage, tickers, years, place) for place in range(rounds))
    manifest = current_manifest(storage)
    if manifest is None or manifest.rows != rows + rounds * tickers:
        sys.exit(f"published are {manifest and manifest.rows} rows, and not {rows + rounds * tickers}")
    print(json.dumps({"rows": rows, "plain": plain, "full": full, "new_day": new_day, "peak": peak_memory()}))


def build(storage: FolderStorage, run: str, *, rebuild: bool = False) -> None:
    """The four jobs; `rebuild`: from all of raw/, as if nothing were published."""
    for name, job in STEPS.items():
        started = time.monotonic()
        job(Arguments(storage, run, rebuild=rebuild))
        print(f"  {run} {name}: {time.monotonic() - started:.1f} s", file=sys.stderr)


def next_day(spark: SparkSession, storage: FolderStorage, tickers: int, years: int, place: int) -> float:
    """Seconds in which the session so many after the next is published; its raw records are written before."""
    write_next_day(spark, storage, tickers, years, ahead=place + 1)
    return seconds(lambda: build(storage, NEXT_DAYS[place]))


def plain_sort(spark: SparkSession, storage: FolderStorage, target: Path) -> None:
    """The same rows read, sorted and written as the table is, and nothing else."""
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


def quickest(rounds: int, act: Callable[[int], None]) -> float:
    """Seconds of the quickest round; `act` is told its place."""
    return min(seconds(partial(act, place)) for place in range(rounds))


def seconds(act: Callable[[], None]) -> float:
    started = time.monotonic()
    act()
    return time.monotonic() - started


def peak_memory() -> float:
    """The most that this process and its Java have had in memory, in GB."""
    gateway = SparkContext._gateway
    processes = [os.getpid(), *([gateway.proc.pid] if gateway else [])]
    return sum(_peak_of(process) for process in processes) / 1e6


def _peak_of(process: int) -> int:
    """In kB, of Linux's own account."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))


if __name__ == "__main__":
    main(sys.argv[1], *(int(value) for value in sys.argv[2:]))
