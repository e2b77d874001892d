"""`python -m ingest stand-in`: the simulated market as a vendor that stays up, for a deployment to ask."""

import argparse
import signal
from collections.abc import Callable
from datetime import date, datetime
from threading import Event
from types import FrameType

from ingest.alpha_vantage.plans import PLANS, SIMULATED
from ingest.simulator.faults import Faults
from ingest.simulator.gate import Gate
from ingest.simulator.server import serve
from ingest.simulator.simulated import SimulatedFeed
from lake import calendar


def serve_market(asked: argparse.Namespace, clock: Callable[[], datetime]) -> int:
    """Serve until Ctrl-C or a signal to end."""

    def today() -> date:
        return clock().astimezone(calendar.NEW_YORK).date()

    gate = Gate(PLANS[asked.plan] if asked.plan else SIMULATED, today=today)
    faults = Faults(dict(asked.fault), asked.throttle_every)
    ended = Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)
    with serve(SimulatedFeed(clock), gate, faults, asked.host, asked.port) as url:
        print(
            f"the simulated market, as Alpha Vantage would serve it: ALPHA_VANTAGE_URL={url} (Ctrl-C ends it)",
            flush=True,
        )
        ended.wait()
    return 0
