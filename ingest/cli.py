"""`python -m ingest`: the runs of Lambda on this machine, imports from files, and the simulator."""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ingest import run, universe_check
from ingest.alpha_vantage.plans import FREE
from ingest.errors import IngestError
from ingest.imports import cli as imports
from ingest.plan.requests import Plan, Task
from ingest.settings import Settings, choose_universe, read_delivery_settings, read_import_settings, read_settings
from ingest.simulator import cli as simulator
from lake.errors import LakeError

_VARIABLES = """\
variables:
  LAKE                    the lake: a folder or s3://bucket/prefix (default .lake/<origin>)
  FEED                    a folder of recorded answers to serve instead of a vendor
  ALPHA_VANTAGE_API_KEY   a key: data is live; without it, and without FEED, data is simulated
  ALPHA_VANTAGE_PLAN      free or premium: the limits to keep (default: free for a key, none for a simulator)
  ALPHA_VANTAGE_URL       the base URL of a simulator, as `simulator` prints it: data is then simulated
  ALPHA_VANTAGE_KEY_PARAMETER  an SSM SecureString that holds the key
  ALPHA_VANTAGE_KEY_SECRET     or a secret of Secrets Manager that holds it as plain text
  UNIVERSE                the file of tickers: a path, or a name in lake/universes/ (default magnificent.toml)
  TICKERS                 fetch only these of the universe, as in VOO,NVDA (default all)
  FIREHOSE_PREFIX         deliver to the Firehose streams <prefix>-prices, -splits, -dividends and -sentiment

exit status: 0 all is well, 1 something failed and the rest is delivered, 2 wrong usage or settings
"""
_COMMANDS = {
    "daily": "fetch what is missing or old: bars, splits, dividends and news",
    "history": "fetch again everything that the vendor gives for every ticker",
    "bars": "of `daily`, only bars and the splits without which they cannot be published",
    "events": "of `daily`, the rest: the other splits, dividends and news",
    "plan": "print what `daily` would request now, and why; make no request",
    "redeliver": "deliver the dead letters: records that did not reach the lake in their own run",
}
_RUNS = ("daily", "history", "bars", "events")
_PROGRESS_LINES = 100
_ROWS = 50  # of the plan's table that are shown of now and of later
_NEXT = "next: `python -m glue` publishes what is in raw/"
_ORIGINS = {
    "simulated": "simulated market: figures are not real",
    "recorded": "recorded market data from {feed}: the clock stands at the evening of its last session",
    "live": "live market data from Alpha Vantage ({plan} plan)",
}


def main(arguments: Sequence[str] = sys.argv[1:]) -> int:
    """Run the command; its exit status."""
    try:
        # A file is checked whatever UNIVERSE names: the one that it names may be the one with faults.
        if "universe" not in arguments[:1]:
            choose_universe()
        return _main(_parser().parse_args(arguments))
    except (IngestError, LakeError, OSError) as error:
        print(f"ingest: {error}", file=sys.stderr)
        return 2


def _parser() -> argparse.ArgumentParser:
    raw = argparse.RawDescriptionHelpFormatter
    about = "Fetch daily prices, splits, dividends and news of the universe's tickers into the lake."
    top = argparse.ArgumentParser(prog="python -m ingest", description=about, epilog=_VARIABLES, formatter_class=raw)
    commands = top.add_subparsers(dest="command", required=True, metavar="command")
    for name, meaning in _COMMANDS.items():
        command = commands.add_parser(name, help=meaning, description=meaning)
        if name in _RUNS:
            # For `make run`, which publishes without being told.
            command.add_argument("--no-next", action="store_true", help="do not say which command comes next")
    simulator.add_arguments(commands.add_parser("simulator", help="serve a simulated market as Alpha Vantage would"))
    universe_check.add_arguments(commands.add_parser("universe", help="check a file of tickers"))
    imports.add_arguments(commands.add_parser("import", help="import history from files into LAKE"))
    return top


def _main(arguments: argparse.Namespace) -> int:
    if arguments.command == "simulator":
        return simulator.serve_market(arguments, _now)
    if arguments.command == "import":
        return imports.run_import(read_import_settings(), arguments, _now())
    if arguments.command == "universe":
        return _check_universe(arguments.file)
    if arguments.command == "redeliver":
        return _redeliver(read_delivery_settings())
    settings = read_settings()
    plan = (settings.plan or FREE).name
    print(_ORIGINS[settings.origin].format(feed=settings.feed, plan=plan), flush=True)
    if arguments.command == "plan":
        _print_plan(run.daily_plan(settings, _now))
        return 0
    return _run(settings, arguments.command, says_next=not arguments.no_next)


def _check_universe(file: str) -> int:
    usable, lines = universe_check.findings(file)
    for line in lines:
        print(line)
    return 0 if usable else 1


def _run(settings: Settings, task: Task, *, says_next: bool) -> int:
    console = Console(soft_wrap=True)
    with _progress(console) as progress:
        report = run.run(settings, task, _now, progress, notify=_printer(console))
    for line in report.lines():
        print(line)
    if says_next and (any(report.delivered.values()) or report.waiting):
        print(_NEXT)
    return 0 if report.ok else 1


def _redeliver(settings: Settings) -> int:
    done = run.redeliver(settings, _now, notify=_printer(Console(soft_wrap=True)))
    for line in done.lines:
        print(line)
    if not done.delivered and not done.remaining:
        print(f"{settings.lake} has no dead letters: nothing to deliver")
        return 0
    letters = "1 dead letter" if done.delivered == 1 else f"{done.delivered} dead letters"
    print(f"{letters} delivered and removed" + (f", {done.remaining} not delivered" if done.remaining else ""))
    if done.delivered and settings.streams is None:
        print(_NEXT)
    return 1 if done.remaining else 0


def _printer(console: Console) -> Callable[[str], None]:
    """Prints a line above the progress bar, at once."""

    def show(line: str) -> None:
        console.print(line, markup=False, highlight=False)
        console.file.flush()

    return show


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _progress(console: Console) -> Iterator[run.Progress]:
    """A progress bar on a terminal, a line for each request elsewhere."""
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


# Flushed, because a log that is a pipe or a file would otherwise show nothing until the run ends.
# Of a long run a hundredth of the lines, because a log of two thousand shows no progress either.
def _print_progress(done: int, planned: int, what: str) -> None:
    if done < planned and done % max(1, planned // _PROGRESS_LINES) == 0:
        print(f"[{done + 1}/{planned}] {what}", flush=True)


def _print_plan(plan: Plan) -> None:
    table = Table("when", "request", "size", "why")
    for when, requests in (("now", plan.requests), ("a later run", plan.deferred)):
        for request in requests[:_ROWS]:
            table.add_row(when, str(request), request.outputsize or "", request.why)
        if len(requests) > _ROWS:
            table.add_row(when, f"and {len(requests) - _ROWS:,} more", "", "")
    Console().print(table if table.row_count else "nothing to request")
    sentences = (plan.budget, plan.waiting, *plan.unreachable, *plan.warnings, *plan.errors)
    for sentence in filter(None, sentences):
        print(sentence)
