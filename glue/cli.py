"""The workflow on this machine, and the operations on the published snapshots of any lake."""

import argparse
import logging
import os
import signal
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from types import FrameType

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from glue.arguments import Arguments
from glue.increments.base import read_base_snapshot
from glue.job import perform
from glue.settings import choose_universe, read_database, read_lake
from glue.snapshots import rollback
from lake import layout
from lake.errors import LakeError
from lake.snapshot import Manifest, current_manifest

INTERRUPTED = 130  # 128 + SIGINT, as shells report it
_HELP = """\
commands:
  (none)        publish what has been delivered to LAKE since the last snapshot
  rebuild       the same, but from all of raw/, whatever is published
  snapshots     list the published snapshots, newest first
  rollback ID   serve an older snapshot, and hold it: nothing is published before release
  release       let runs publish again; with --drop without the raw objects that the held snapshot does not contain

variables:
  LAKE           the lake: a folder or s3://bucket/prefix (default .lake/<origin>)
  UNIVERSE       the file of tickers: a path, or a name in lake/universes/ (default magnificent.toml)
  GLUE_DATABASE  the database of Glue's catalog whose tables are updated, if any; rollback finds it in a lake on S3

exit status: 0 success; 1 the run was refused, another run published first, or the lake is held
"""


def main(argv: Sequence[str] = sys.argv[1:]) -> int:
    """The exit status: 0 for success, 1 where the run was refused or the lake cannot be used."""
    chosen = _parser().parse_args(argv)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(message)s")
    logging.getLogger("glue").setLevel(logging.INFO)
    try:
        run = layout.stamp(datetime.now(UTC))
        choose_universe()
        database = read_database()
        named = None if database == rollback.NO_CATALOG else database
        return _act(chosen, Arguments(read_lake(), run, named, chosen.command == "rebuild"), database)
    except (LakeError, OSError) as error:
        print(f"glue: {error}", file=sys.stderr)
        return 1


def _act(chosen: argparse.Namespace, arguments: Arguments, database: str | None) -> int:
    storage = arguments.storage
    if chosen.command in (None, "rebuild"):
        return _publish(arguments)
    if chosen.command == "snapshots":
        lines = list(rollback.listing(storage))
    elif chosen.command == "rollback":
        lines = rollback.roll_back(storage, chosen.snapshot, rollback.catalog_of(storage, database))
    else:
        lines = rollback.release(storage, arguments.run, drop=chosen.drop)
    for line in lines:
        print(f"glue: {line}")
    return 0


def _publish(arguments: Arguments) -> int:
    base = read_base_snapshot(arguments)
    if not base.raw_objects:
        print(f"glue: the lake is empty ({arguments.storage.url}): `python -m ingest daily` fetches what to publish")
        return 1
    if base.manifest and not base.new_objects:
        print(f"glue: nothing new; snapshot {base.id} stays")
        return 0
    _run_workflow(arguments, base.expected_rows(arguments.storage))
    published = current_manifest(arguments.storage)
    if published:
        _summarise(published)
    return 0


def _run_workflow(arguments: Arguments, rows: int) -> None:
    from glue.spark import spark_session  # not needed, and slow to start, where there is nothing to do
    from glue.workflow import STEPS

    columns = (TextColumn("glue  {task.description:<22}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns) as progress:
        task = progress.add_task("starting Spark", total=len(STEPS))
        spark_session(rows)
        _end_on_interrupt(progress)
        for name, job in STEPS.items():
            progress.update(task, description=name)
            perform(name, job, arguments)
            progress.advance(task)


def _end_on_interrupt(progress: Progress) -> None:
    """End the process at once on Ctrl-C. Nothing is lost, because nothing is published before the pointer's swap.

    Called after Spark has set its own handler, which raises in the middle of any Java call and prints its stack.
    """
    from glue.spark import kill_java

    def end(_signal: int, _frame: FrameType | None) -> None:
        kill_java()
        progress.stop()
        os._exit(INTERRUPTED)

    signal.signal(signal.SIGINT, end)


def _summarise(manifest: Manifest) -> None:
    count = len(manifest.tickers)
    print(
        f"glue: published snapshot {manifest.snapshot}: {manifest.rows:,} {manifest.origin} bars of "
        f"{count} {'ticker' if count == 1 else 'tickers'} to {manifest.as_of}"
    )
    for ticker, frozen in manifest.frozen.items():
        print(f"glue: held back since {frozen.since}: {ticker} ({frozen.rule}): {frozen.message}")
    for found in manifest.quality:
        print(f"glue: {found['severity']}: {found['rule']}: {found['sentence']}")
    by_reason: dict[str, list[str]] = {}
    for ticker, reason in manifest.unpublished.items():
        by_reason.setdefault(reason, []).append(ticker)
    for reason, tickers in by_reason.items():
        print(f"glue: not published: {', '.join(tickers)}: {reason}")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m glue", description=__doc__, epilog=_HELP, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="command", metavar="command")
    commands.add_parser("rebuild")
    commands.add_parser("snapshots")
    commands.add_parser("rollback").add_argument("snapshot", help="its id, such as 20261120T223005Z")
    released = commands.add_parser("release")
    released.add_argument("--drop", action="store_true", help="move the raw objects that came since out of raw/")
    return parser
