"""`python -m ingest`: the same runs as on Lambda, on this machine."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ingest import run, run_setup
from ingest.alpha_vantage.plans import FREE
from ingest.arguments import parser
from ingest.errors import IngestError
from ingest.imports import cli as imports
from ingest.plan.requests import Plan, Task
from ingest.settings import Settings, read_import_settings, read_settings
from ingest.simulator import cli as stand_in
from lake.errors import LakeError

_ORIGINS = {
    "simulated": "simulated market: figures are not real",
    "recorded": "recorded market data from {feed}: the clock stands at the evening of its last session",
    "live": "live market data from Alpha Vantage ({plan} plan)",
}


def main(arguments: Sequence[str] = sys.argv[1:]) -> int:
    """Run the command and say what came of it; the exit status."""
    try:
        return _main(parser().parse_args(arguments))
    except (IngestError, LakeError, OSError) as error:
        print(f"ingest: {error}", file=sys.stderr)
        return 2


def _main(asked: argparse.Namespace) -> int:
    if asked.command == "stand-in":
        return stand_in.serve_market(asked, _now)
    if asked.command == "import":
        return imports.run_import(read_import_settings(), asked, _now())
    settings = read_settings()
    plan = (settings.plan or FREE).name
    print(_ORIGINS[settings.origin].format(feed=settings.feed, plan=plan), flush=True)
    if asked.command == "plan":
        _print_plan(run_setup.planned(settings, _now))
        return 0
    return _collect(settings, asked.command)


def _collect(settings: Settings, task: Task) -> int:
    with _progress(Console()) as progress:
        report = run_setup.run(settings, task, _now, progress)
    for line in report.lines():
        print(line)
    return 0 if report.ok else 1


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _progress(console: Console) -> Iterator[run.Progress]:
    """A progress bar on a terminal, a line a request elsewhere."""
    if not console.is_terminal:
        yield _print_progress
        return
    columns = (
        TextColumn("ingest"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.description}"),
    )
    with Progress(*columns, console=console) as bar:
        task = bar.add_task("")
        yield lambda done, planned, what: bar.update(task, completed=done, total=planned, description=what)


def _print_progress(done: int, planned: int, what: str) -> None:
    if done < planned:
        print(f"[{done + 1}/{planned}] {what}", flush=True)


def _print_plan(plan: Plan) -> None:
    table = Table("when", "request", "size", "why")
    for when, requests in (("now", plan.requests), ("another day", plan.left)):
        for request in requests:
            table.add_row(when, str(request), request.outputsize or "", request.why)
    Console().print(table if table.row_count else "nothing is missing")
    for sentence in (*plan.unreachable, *plan.warnings):
        print(sentence)
