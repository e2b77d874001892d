"""The vendor's HTTP protocol on 127.0.0.1, over any feed."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Protocol, cast, get_args
from urllib.parse import parse_qsl, urlsplit

from ingest.alpha_vantage.protocol import NEWS_LIMIT, PATH, NewsOrder
from ingest.simulator import bodies
from ingest.simulator.faults import Answer, Faults
from ingest.simulator.gate import Gate


class Feed(Protocol):
    """Bodies of answers for a symbol in capitals, refusals too."""

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
    feed: Feed, gate: Gate, faults: Faults | None = None, host: str = "127.0.0.1", port: int = 0
) -> Iterator[str]:
    """The feed behind a gate and HTTP: its base URL, until the block ends. Port 0 is any free one."""
    server = _Server(feed, gate, faults or Faults(), (host, port))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://{host}:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def respond(feed: Feed, gate: Gate, faults: Faults, query: str) -> Answer:
    """Status and body for the query string of a request. No I/O of its own."""
    asked = dict(parse_qsl(query))
    function, symbol = asked.get("function", ""), asked.get("symbol", asked.get("tickers", "")).upper()
    refusal = gate.refusal(function, asked.get("apikey", ""), asked.get("outputsize", "compact"))
    if refusal:
        return 200, refusal
    return faults.answer(symbol) or (200, _data(feed, function, symbol, asked))


def _data(feed: Feed, function: str, symbol: str, asked: Mapping[str, str]) -> bytes:
    if function == "TIME_SERIES_DAILY":
        return feed.daily(symbol, asked.get("outputsize", "compact"))
    if function == "SPLITS":
        return feed.splits(symbol)
    if function == "DIVIDENDS":
        return feed.dividends(symbol)
    if function == "NEWS_SENTIMENT":
        return _news(feed, symbol, asked)
    return bodies.unknown_function(function)


def _news(feed: Feed, symbol: str, asked: Mapping[str, str]) -> bytes:
    order = asked.get("sort", "LATEST")
    try:
        after, until = (
            datetime.strptime(asked[name], "%Y%m%dT%H%M").replace(tzinfo=UTC) for name in ("time_from", "time_to")
        )
        limit = min(int(asked.get("limit", "50")), NEWS_LIMIT)
    except (KeyError, ValueError):
        return bodies.invalid_news_inputs()
    if order not in get_args(NewsOrder):
        return bodies.invalid_news_inputs()
    return feed.news(symbol, after, until, cast("NewsOrder", order), limit)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, feed: Feed, gate: Gate, faults: Faults, address: tuple[str, int]) -> None:
        super().__init__(address, _Handler)
        self.feed, self.gate, self.faults = feed, gate, faults


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
            self._answer(*respond(self.server.feed, self.server.gate, self.server.faults, url.query))

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: the terminal is the run's, and a logged request would hold the key."""

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
