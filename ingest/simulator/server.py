"""An HTTP server of the vendor's protocol, with the answers of a feed."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Protocol, cast, get_args
from urllib.parse import parse_qsl, urlsplit

from ingest.alpha_vantage.protocol import NEWS_LIMIT, PATH, NewsOrder
from ingest.simulator import responses
from ingest.simulator.faults import Answer, Faults
from ingest.simulator.limits import PlanLimits


class Feed(Protocol):
    """Response bodies for a symbol in capitals, refusals included."""

    def daily(self, symbol: str, outputsize: str) -> bytes:
        """The answer to TIME_SERIES_DAILY; `outputsize` is compact or full."""

    def splits(self, symbol: str) -> bytes:
        """The answer to SPLITS."""

    def dividends(self, symbol: str) -> bytes:
        """The answer to DIVIDENDS."""

    def news(self, symbol: str, after: datetime, until: datetime, order: NewsOrder, limit: int) -> bytes:
        """The answer to NEWS_SENTIMENT: articles between two times, `limit` at most."""


@contextmanager
def serve(
    feed: Feed, limits: PlanLimits, faults: Faults | None = None, host: str = "127.0.0.1", port: int = 0
) -> Iterator[str]:
    """Serve the feed within the limits, until the block ends; the base URL. Port 0 takes a free one."""
    server = _Server(feed, limits, faults or Faults(), (host, port))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def respond(feed: Feed, limits: PlanLimits, faults: Faults, query: str) -> Answer:
    """Status and body for a query string. No I/O of its own."""
    parameters = dict(parse_qsl(query))
    function, symbol = parameters.get("function", ""), parameters.get("symbol", parameters.get("tickers", "")).upper()
    refusal = limits.refusal(function, parameters.get("apikey", ""), parameters.get("outputsize", "compact"))
    if refusal:
        return 200, refusal
    return faults.answer(symbol) or (200, _data(feed, function, symbol, parameters))


def _data(feed: Feed, function: str, symbol: str, parameters: Mapping[str, str]) -> bytes:
    if function == "TIME_SERIES_DAILY":
        return feed.daily(symbol, parameters.get("outputsize", "compact"))
    if function == "SPLITS":
        return feed.splits(symbol)
    if function == "DIVIDENDS":
        return feed.dividends(symbol)
    if function == "NEWS_SENTIMENT":
        return _news(feed, symbol, parameters)
    return responses.unknown_function(function)


def _news(feed: Feed, symbol: str, parameters: Mapping[str, str]) -> bytes:
    order = parameters.get("sort", "LATEST")
    try:
        after, until = (
            datetime.strptime(parameters[name], "%Y%m%dT%H%M").replace(tzinfo=UTC) for name in ("time_from", "time_to")
        )
        limit = min(int(parameters.get("limit", "50")), NEWS_LIMIT)
    except (KeyError, ValueError):
        return responses.invalid_news_inputs()
    if order not in get_args(NewsOrder):
        return responses.invalid_news_inputs()
    return feed.news(symbol, after, until, cast("NewsOrder", order), limit)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, feed: Feed, limits: PlanLimits, faults: Faults, address: tuple[str, int]) -> None:
        super().__init__(address, _Handler)
        self.feed, self.limits, self.faults = feed, limits, faults

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing of a client that left, as one that Ctrl-C ended: its terminal would show a traceback."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Headers and body are two writes: Nagle's algorithm would delay the body by 40 ms, until the first is acknowledged.
    disable_nagle_algorithm = True
    server: _Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path != PATH:
            self._answer(404, responses.NOT_FOUND)
        # The vendor answers 406 too, to clients that accept neither JSON nor anything.
        elif not any(kind in self.headers.get("Accept", "*/*") for kind in ("*/*", "application/")):
            self._answer(406, responses.NOT_ACCEPTABLE)
        else:
            self._answer(*respond(self.server.feed, self.server.limits, self.server.faults, url.query))

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: a logged request would hold the key, and the terminal belongs to the run."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
