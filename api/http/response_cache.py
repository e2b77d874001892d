"""Answers a repeated question with the bytes of its first answer, for as long as the snapshot is the same.

A cached answer costs two look-ups, of the served snapshot and of the response, before any routing or parsing. The key
is the raw path and query string: the same question in other words is computed again, which takes milliseconds.
"""

import time
from collections.abc import Collection, Sequence
from typing import NamedTuple

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.errors import StoreError
from api.http.etag import etag_of
from api.http.query_timing import QueryCost, recording
from api.store.lru import LruBytes
from api.store.protocol import Published, Store
from api.store.single_flight import SingleFlight

Headers = list[tuple[bytes, bytes]]

# With the ten seconds that the pointer is remembered, a new snapshot is seen within a minute.
_FRESH = b"private, max-age=30"
_STALE = b"no-cache"
_ENTRY_BYTES = 2000  # of an entry without body, path and query: its headers, tuples and place in the cache
_IN_304 = frozenset((b"etag", b"cache-control", b"server-timing", b"vary"))


class Response(NamedTuple):
    """A whole answer. `etag` is empty where it is not cached."""

    status: int
    headers: Headers
    body: bytes
    etag: bytes = b""


class Key(NamedTuple):
    """What a cached answer depends on, besides the code."""

    path: str
    query: bytes
    gzip: bool
    snapshot: str
    stale: bool


class ResponseCache:
    """ASGI middleware. `paths`: those whose answers depend on nothing but the snapshot and the question.

    `memory`: how many bytes of answers are cached at most. `compressed`: whether the application below compresses
    for clients that accept gzip, so that the answers of the two kinds of clients differ.

    The snapshot that a request is answered from is handed down in the scope's state, as `published`.
    """

    def __init__(
        self, app: ASGIApp, store: Store, paths: Collection[str], memory: int, *, compressed: bool = False
    ) -> None:
        self._app, self._store, self._paths, self._compressed = app, store, frozenset(paths), compressed
        self._responses: LruBytes[Key, Response] = LruBytes(memory)
        self._under_way: SingleFlight[Key, Response] = SingleFlight()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cacheable = scope["type"] == "http" and scope["method"] == "GET" and scope["path"] in self._paths
        published = await self._published() if cacheable else None
        if published is None:  # also where the lake cannot be read: the application says why
            await self._app(scope, receive, send)
            return
        gzip, known = self._of_client(scope["headers"])
        key = Key(scope["path"], scope["query_string"], gzip, published.snapshot, published.stale)
        response = self._responses.get(key)
        if response is None:
            # A dashboard asks for the same data from several panels at once.
            response = await self._under_way.run(key, lambda: self._answer(key, published, scope, receive))
        await _send(response, known, send)

    async def _published(self) -> Published | None:
        try:
            return await self._store.current()
        except StoreError:
            return None

    def _of_client(self, headers: Headers) -> tuple[bool, bytes]:
        """Whether the client gets gzip, and the ETags that it has."""
        gzip, known = False, b""
        for name, value in headers:
            if name == b"if-none-match":
                known = value
            elif name == b"accept-encoding":
                gzip = self._compressed and b"gzip" in value
        return gzip, known

    async def _answer(self, key: Key, published: Published, scope: Scope, receive: Receive) -> Response:
        began = time.perf_counter()
        with recording() as costs:
            response = await self._ask(published, scope, receive)
            if response.status == 503:
                # The data of a new snapshot could not be read. If the store has fallen back on the last good one
                # meanwhile, the whole request is answered again, from that one.
                fallback = await self._published()
                if fallback is not None and fallback is not published:
                    key = key._replace(snapshot=fallback.snapshot, stale=fallback.stale)
                    response = await self._ask(fallback, scope, receive)
        if response.status == 200:
            response = _with_etag(response, key)
            size = _ENTRY_BYTES + len(response.body) + len(key.path) + len(key.query)
            self._responses.put(key, response, size)
        timing = _server_timing(time.perf_counter() - began, costs)
        return response._replace(headers=[*response.headers, (b"server-timing", timing)])

    async def _ask(self, published: Published, scope: Scope, receive: Receive) -> Response:
        """The application's answer from one snapshot."""
        messages: list[Message] = []

        async def collect(message: Message) -> None:
            messages.append(message)

        await self._app({**scope, "state": {**scope.get("state", {}), "published": published}}, receive, collect)
        start, *parts = messages
        return Response(start["status"], list(start["headers"]), b"".join(part.get("body", b"") for part in parts))


def _with_etag(response: Response, key: Key) -> Response:
    etag = etag_of(key.snapshot, key.path, key.query, stale=key.stale)
    marks = [(b"etag", etag), (b"cache-control", _STALE if key.stale else _FRESH)]
    return response._replace(headers=response.headers + marks, etag=etag)


def _server_timing(seconds: float, costs: Sequence[QueryCost]) -> bytes:
    parts = [f"total;dur={seconds * 1000:.1f}"]
    parts += [
        f'query;dur={cost.milliseconds:.0f};desc="{cost.scanned} bytes scanned{", reused" if cost.reused else ""}"'
        for cost in costs
    ]
    return ", ".join(parts).encode()


async def _send(response: Response, known: bytes, send: Send) -> None:
    """Send the answer, or 304 to a client that has it already."""
    status, headers, body = response.status, response.headers, response.body
    if response.etag and known and (response.etag in known or known == b"*"):
        status, body, headers = 304, b"", [header for header in headers if header[0] in _IN_304]
    # A copy, since middleware above may add to the headers of the cached answer.
    await send({"type": "http.response.start", "status": status, "headers": list(headers)})
    await send({"type": "http.response.body", "body": body})
