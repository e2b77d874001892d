"""`python -m ingest simulator`: serves the simulated market until it is ended, for a deployment to request from."""

import argparse
import signal
from collections.abc import Callable
from datetime import date, datetime
from threading import Event
from types import FrameType

from ingest.alpha_vantage.plans import PLANS, SIMULATED
from ingest.simulator.faults import FAULTS, Fault, Faults
from ingest.simulator.limits import PlanLimits
from ingest.simulator.server import serve
from ingest.simulator.simulated import SimulatedFeed
from lake import calendar
from lake.universe import chosen_file, universe


def add_arguments(command: argparse.ArgumentParser) -> None:
    """The arguments of the command."""
    command.add_argument("--port", type=int, default=8100, help="default 8100; 0 takes a free one and prints it")
    command.add_argument("--host", default="127.0.0.1", help="default 127.0.0.1")
    command.add_argument("--plan", choices=tuple(PLANS), help="enforce the limits of this plan")
    command.add_argument("--fault", action="append", default=[], type=_fault, metavar="TICKER=FAULT",
                         help=f"answer every request about TICKER with a fault: {', '.join(FAULTS)}")  # fmt: skip
    command.add_argument("--throttle-every", type=int, metavar="N", help="throttle every N-th request")


def serve_market(arguments: argparse.Namespace, clock: Callable[[], datetime]) -> int:
    """Serve until Ctrl-C or SIGTERM."""

    def today() -> date:
        return clock().astimezone(calendar.NEW_YORK).date()

    limits = PlanLimits(PLANS[arguments.plan] if arguments.plan else SIMULATED, today=today)
    faults = Faults(dict(arguments.fault), arguments.throttle_every)
    ended = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with serve(SimulatedFeed(clock), limits, faults, arguments.host, arguments.port) as url:
        print(f"simulated market over Alpha Vantage's protocol: ALPHA_VANTAGE_URL={url} (Ctrl-C ends it)", flush=True)
        ended.wait()
    return 0


def _fault(text: str) -> tuple[str, Fault]:
    ticker, _, name = text.partition("=")
    for fault in FAULTS:
        if ticker in universe() and fault == name:
            return ticker, fault
    raise argparse.ArgumentTypeError(
        f"{text}: expected TICKER=FAULT with a ticker of {chosen_file()} and one of {', '.join(FAULTS)}"
    )
