"""`python -m ingest`: the same runs as on Lambda, on this machine."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ingest import collect, runs
from ingest.errors import IngestError
from ingest.plan import Plan
from ingest.runs import Depth
from ingest.settings import Settings, read_settings
from lake.errors import LakeError

_ORIGINS = {
    "simulated": "simulated market: figures are not real",
    "recorded": "recorded market data from {feed}: the clock stands at the evening of its last session",
    "live": "live market data from Alpha Vantage ({plan} plan)",
}
_HELP = """\
commands:
  daily    fetch what is missing or old, as the plan says
  history  fetch everything that the vendor gives of every ticker again
  plan     print what a daily run would ask for, and why; no request is made

variables:
  LAKE                    the lake: a folder or s3://bucket/prefix (default .lake/<origin>)
  FEED                    a folder of recorded answers to serve instead of a vendor
  ALPHA_VANTAGE_API_KEY   a key: data is live; without it, and without FEED, it is simulated
  ALPHA_VANTAGE_PLAN      free (the default) or premium
  ALPHA_VANTAGE_KEY_PARAMETER  an SSM SecureString that holds the key
  FIREHOSE_PREFIX         deliver to the Firehose streams <prefix>-prices, -splits, -dividends and -sentiment

exit status: 0 all is well, 1 something failed and the rest is delivered, 2 wrong usage or settings
"""


def main(arguments: Sequence[str] = sys.argv[1:]) -> int:
    """Run the command and say what came of it; the exit status."""
    try:
        return _main(_parser().parse_args(arguments).command)
    except (IngestError, LakeError, OSError) as error:
        print(f"ingest: {error}", file=sys.stderr)
        return 2


def _main(command: str) -> int:
    settings = read_settings()
    print(_ORIGINS[settings.origin].format(feed=settings.feed, plan=settings.live_plan.name), flush=True)
    if command == "plan":
        _print_plan(runs.planned(settings, _now))
        return 0
    return _collect(settings, "history" if command == "history" else "daily")


def _collect(settings: Settings, depth: Depth) -> int:
    with _progress(Console()) as progress:
        report = runs.run(settings, depth, _now, progress)
    for line in report.lines():
        print(line)
    return 0 if report.ok else 1


def _now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _progress(console: Console) -> Iterator[collect.Progress]:
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


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Fetch daily prices, splits and dividends of the universe's tickers into the lake.",
        epilog=_HELP,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", choices=("history", "daily", "plan"), help="what to do")
    return parser
