"""The API on a socket, in a thread of this process, with a clock that stands still; the simulated market to serve."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from datetime import date
from functools import cache

import uvicorn
from starlette.types import ASGIApp

from ingest.simulator.market import history
from ingest.simulator.parameters import OTHERS, PARAMETERS
from lake.universe import universe
from tests.support.lakes import Bar, History

_PATIENCE_SECONDS = 20.0


@cache
def simulated_market(first: date, last: date) -> dict[str, History]:
    """The universe between two days, as the stand-in gives it to ingest."""
    return {ticker: _history(ticker, first, last) for ticker in universe()}


def _history(ticker: str, first: date, last: date) -> History:
    path = history(ticker)
    bars = [
        Bar(bar.session, bar.open, bar.high, bar.low, bar.close, bar.volume)
        for bar in path.bars
        if first <= bar.session <= last
    ]
    splits = {day: ratio for day, ratio in PARAMETERS.get(ticker, OTHERS).splits.items() if day <= last}
    return History(bars, splits, {day: paid for day, paid in path.dividends if day <= last})


@contextlib.contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The address at which `app` is served until the block ends."""
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        end = time.monotonic() + _PATIENCE_SECONDS
        while not server.started:
            assert time.monotonic() < end, "the server does not start"
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(_PATIENCE_SECONDS)
