"""The vendor's HTTP protocol on 127.0.0.1, over any feed."""

from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Protocol
from urllib.parse import parse_qsl, urlsplit

from ingest.alpha_vantage import PATH
from ingest.stand_in import bodies
from ingest.stand_in.gate import Gate


class Feed(Protocol):
    """Bodies of answers for a symbol in capitals, refusals too."""

    def daily(self, symbol: str, outputsize: str) -> bytes:
        """The answer to TIME_SERIES_DAILY; `outputsize` is compact or full."""

    def splits(self, symbol: str) -> bytes:
        """The answer to SPLITS."""

    def dividends(self, symbol: str) -> bytes:
        """The answer to DIVIDENDS."""


@contextmanager
def serve(feed: Feed, gate: Gate) -> Iterator[str]:
    """The feed behind a gate and HTTP on a free port: its base URL, until the block ends."""
    server = _Server(feed, gate)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        host, port = server.server_address[:2]
        yield f"http://{host!s}:{port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def respond(feed: Feed, gate: Gate, query: str) -> bytes:
    """The body for the query string of a request. No I/O of its own."""
    asked = dict(parse_qsl(query))
    function, symbol = asked.get("function", ""), asked.get("symbol", "").upper()
    outputsize = asked.get("outputsize", "compact")
    refusal = gate.refusal(function, asked.get("apikey", ""), outputsize)
    if refusal:
        return refusal
    if function == "TIME_SERIES_DAILY":
        return feed.daily(symbol, outputsize)
    if function == "SPLITS":
        return feed.splits(symbol)
    if function == "DIVIDENDS":
        return feed.dividends(symbol)
    return bodies.unknown_function(function)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, feed: Feed, gate: Gate) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.feed, self.gate = feed, gate


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else the body waits 40 ms for the acknowledgement of the headers
    server: _Server

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path != PATH:
            self._answer(404, bodies.NOT_FOUND)
        elif not any(kind in self.headers.get("Accept", "*/*") for kind in ("*/*", "application/")):
            self._answer(406, bodies.NOT_ACCEPTABLE)
        else:
            self._answer(200, respond(self.server.feed, self.server.gate, url.query))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal is the run's, and a logged request would hold the key."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
