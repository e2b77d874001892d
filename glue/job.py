"""What the four jobs have in common: how they are started, and what they log."""

import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from glue.arguments import Arguments, parse

LOG = logging.getLogger("glue")


@dataclass(frozen=True)
class RowCounts:
    """How many rows a job read, wrote and quarantined."""

    read: int
    written: int
    quarantined: int = 0


Job = Callable[[Arguments], RowCounts]


def perform(name: str, job: Job, arguments: Arguments) -> RowCounts:
    """Run one job, and log its run, row counts and seconds."""
    started = time.monotonic()  # not the wall clock, which may be set while a job runs
    rows = job(arguments)
    LOG.info(
        "job=%s run=%s rows_in=%d rows_out=%d set_aside=%d seconds=%.1f",
        name, arguments.run, rows.read, rows.written, rows.quarantined, time.monotonic() - started,
    )  # fmt: skip
    return rows


def main(name: str, job: Job, argv: Sequence[str] = sys.argv[1:]) -> None:
    """The entry point of a job that runs by itself, as it does on Glue."""
    from glue.spark import spark_session  # `python -m glue` imports this file before it knows whether it needs Spark

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    arguments = parse(argv)
    spark_session()  # PySpark's column functions fail without an active session
    perform(name, job, arguments)
