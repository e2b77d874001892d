"""The simulated market in a process of its own: it draws the next answer while ingest parses this one."""

import multiprocessing
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from itertools import pairwise
from multiprocessing.connection import Connection

from ingest.alpha_vantage.plans import VendorPlan
from ingest.alpha_vantage.protocol import NewsOrder
from ingest.simulator.limits import PlanLimits
from ingest.simulator.server import Feed, serve
from ingest.simulator.simulated import SimulatedFeed
from lake.universe import choose, chosen_file, universe

# Tickers from which on a second process saves more than the half second that it takes to start.
MANY_TICKERS = 50


class ReadAhead:
    """A feed that answers for one symbol, and prepares the same answer for the next one of `symbols` meanwhile."""

    def __init__(self, feed: Feed, symbols: Sequence[str]) -> None:
        self._feed = feed
        self._following = dict(pairwise(symbols))
        self._threads = ThreadPoolExecutor(1)
        self._prepared: dict[tuple[object, ...], Future[bytes]] = {}

    def daily(self, symbol: str, outputsize: str) -> bytes:
        return self._answer("daily", symbol, outputsize)

    def splits(self, symbol: str) -> bytes:
        return self._feed.splits(symbol)

    def dividends(self, symbol: str) -> bytes:
        return self._feed.dividends(symbol)

    def news(self, symbol: str, after: datetime, until: datetime, order: NewsOrder, limit: int) -> bytes:
        return self._answer("news", symbol, after, until, order, limit)

    def _answer(self, what: str, symbol: str, *options: object) -> bytes:
        make: Callable[..., bytes] = getattr(self._feed, what)
        prepared = self._prepared.pop((what, symbol, *options), None)
        body = prepared.result() if prepared else make(symbol, *options)
        self._prepared.clear()  # what nobody has asked for in its turn
        following = self._following.get(symbol)
        if following:
            self._prepared[what, following, *options] = self._threads.submit(partial(make, following, *options))
        return body


@contextmanager
def serve_apart(now: datetime, plan: VendorPlan) -> Iterator[str]:
    """Serve the simulated market as of `now` in another process, until the block ends; the base URL."""
    # Not forked: a progress bar has a thread, and a fork would copy the locks that it holds.
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, now, plan, chosen_file()), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours.recv()
    finally:
        ours.close()
        # It would end by itself, but clears away all that it has drawn before, which takes half a second.
        process.kill()
        process.join()


def _serve(ended: Connection, now: datetime, plan: VendorPlan, file: str) -> None:
    choose(file)
    with serve(ReadAhead(SimulatedFeed(lambda: now), list(universe())), PlanLimits(plan)) as url:
        ended.send(url)
        try:
            ended.recv()
        except (EOFError, KeyboardInterrupt):  # Ctrl-C reaches both processes
            return
