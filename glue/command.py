"""The workflow on this machine: `python -m glue` publishes what has come into `LAKE` since the last snapshot."""

import argparse
import logging
import os
import signal
import sys
from datetime import UTC, datetime
from types import FrameType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from glue.arguments import Arguments
from glue.job import perform
from glue.settings import read_lake
from lake import layout
from lake.errors import LakeError
from lake.snapshot import Manifest, current_manifest
from lake.storage import Storage

INTERRUPTED = 130


def main() -> int:
    """0 when the newest data is served, 1 when a run was refused or lost its race."""
    argparse.ArgumentParser(prog="python -m glue", description=__doc__).parse_args()
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    logging.getLogger("glue").setLevel(logging.INFO)
    try:
        storage = read_lake()
        served = current_manifest(storage)
        if nothing_new(storage, served):
            print(f"glue: nothing new; snapshot {served.snapshot} stays" if served else "glue: the lake is empty")
            return 0 if served else 1
        _run_workflow(Arguments(storage, layout.stamp(datetime.now(UTC))))
        published = current_manifest(storage)
    except (LakeError, OSError) as error:
        print(f"glue: {error}", file=sys.stderr)
        return 1
    if published:
        _summarise(published)
    return 0


def nothing_new(storage: Storage, served: Manifest | None) -> bool:
    """Whether every raw object is in the served snapshot already (or there is none); they never change."""
    return set(storage.list(layout.RAW)) <= set(served.raw_objects if served else ())


def _run_workflow(arguments: Arguments) -> None:
    from glue.session import spark_session  # Spark is not needed to say that there is nothing to do
    from glue.workflow import STEPS

    columns = (TextColumn("glue  {task.description:<22}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("starting Spark", total=len(STEPS))
        spark_session()
        _end_on_interrupt(progress)
        for name, job in STEPS.items():
            progress.update(task, description=name)
            perform(name, job, arguments)
            progress.advance(task)


def _end_on_interrupt(progress: Progress) -> None:
    """Let Ctrl-C end everything at once: nothing is lost, because nothing counts before the pointer's swap.

    Set after Spark has set its own handler, which raises in the middle of whatever Java call is under way.
    """
    from glue.session import kill_spark

    def end(_signal: int, _frame: FrameType | None) -> None:
        kill_spark()
        progress.stop()
        os._exit(INTERRUPTED)

    signal.signal(signal.SIGINT, end)


def _summarise(manifest: Manifest) -> None:
    print(
        f"glue: published snapshot {manifest.snapshot}: {manifest.rows:,} {manifest.origin} bars of "
        f"{len(manifest.tickers)} tickers to {manifest.as_of}"
    )
    for found in manifest.quality:
        print(f"glue: {found['severity']}: {found['rule']}: {found['sentence']}")
    for ticker, reason in manifest.unpublished.items():
        print(f"glue: {ticker} is not published: {reason}")
