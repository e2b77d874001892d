"""What the four jobs have in common: how they are started, and what they say when they are done."""

import logging
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from glue.arguments import Arguments, parse

LOG = logging.getLogger("glue")


@dataclass(frozen=True)
class Rows:
    """How many rows a job read, wrote and set aside."""

    read: int
    written: int
    set_aside: int = 0


Job = Callable[[Arguments], Rows]


def perform(name: str, job: Job, arguments: Arguments) -> Rows:
    """Run one job, and log its run, rows and seconds."""
    started = time.monotonic()
    rows = job(arguments)
    LOG.info(
        "job=%s run=%s rows_in=%d rows_out=%d set_aside=%d seconds=%.1f",
        name, arguments.run, rows.read, rows.written, rows.set_aside, time.monotonic() - started,
    )  # fmt: skip
    return rows


def main(name: str, job: Job, argv: Sequence[str] = sys.argv[1:]) -> None:
    """The entry of a job that runs by itself, as it does on Glue."""
    from glue.spark import spark_session  # `python -m glue` imports this file before it knows that Spark is needed

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    arguments = parse(argv)
    spark_session()  # the jobs speak of columns, and those want a session
    perform(name, job, arguments)
