"""One HTTP answer as bytes: taken from an application, marked with what a cache may do with it, and sent."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from gzip import compress

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.http.build import build
from api.http.query import Name
from api.http.query_timing import Cost

_FRESH = b"private, max-age=30"  # with the pointer's own age a new snapshot is seen within a minute
_STALE = b"no-cache"
_OF_304 = frozenset((b"etag", b"cache-control", b"server-timing"))
_PACKED_FROM = 1024  # what gzip would save of less is not worth its time

Headers = list[tuple[bytes, bytes]]


@dataclass(frozen=True)
class Answer:
    """A whole answer. `token`: what its ETag quotes; empty where it is not kept."""

    status: int
    headers: Headers
    body: bytes
    token: bytes = b""

    @property
    def size(self) -> int:
        """Its bytes in memory, the packed ones too."""
        return 2 * len(self.body) + 1000

    @cached_property
    def packed(self) -> bytes:
        """The body, gzipped once."""
        return compress(self.body, compresslevel=6, mtime=0)


async def captured(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    """What the application answers."""
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(dict(scope), receive, keep)
    start, *parts = messages
    return Answer(start["status"], list(start["headers"]), b"".join(part.get("body", b"") for part in parts))


def kept_answer(answer: Answer, name: Name, snapshot: str, *, stale: bool) -> Answer:
    """The answer with its ETag, of everything that it depends on, and with how long it may be used unasked."""
    parts = (snapshot, stale, build(), name)  # the format is part of the name
    token = hashlib.sha256(repr(parts).encode()).hexdigest()[:32].encode()
    marks = [(b"etag", b'W/"%b"' % token), (b"cache-control", _STALE if stale else _FRESH)]
    return replace(answer, headers=answer.headers + marks, token=token)


def timed(answer: Answer, seconds: float, costs: Sequence[Cost]) -> Answer:
    """The answer with `Server-Timing`: what it took, and what its queries did."""
    words = [f"total;dur={seconds * 1000:.1f}"]
    words += [
        f'query;dur={cost.milliseconds:.0f};desc="{cost.scanned} bytes scanned{", reused" if cost.reused else ""}"'
        for cost in costs
    ]
    return replace(answer, headers=[*answer.headers, (b"server-timing", ", ".join(words).encode())])


async def send_answer(answer: Answer, scope: Scope, send: Send, *, packs: bool) -> None:
    """Send it: as 304 to who has it already, gzipped to who takes that, if it may be (`packs`)."""
    known, takes = b"", b""
    for name, value in scope["headers"]:
        if name == b"if-none-match":
            known = value
        elif name == b"accept-encoding":
            takes = value
    headers, body, status = answer.headers, answer.body, answer.status
    if answer.token and (answer.token in known or known == b"*"):
        headers, body, status = [one for one in headers if one[0] in _OF_304], b"", 304
    elif packs and b"gzip" in takes and len(body) >= _PACKED_FROM:
        body = answer.packed
        headers = [one for one in headers if one[0] != b"content-length"]
        headers += [(b"content-encoding", b"gzip"), (b"content-length", b"%d" % len(body))]
    headers = [*headers, (b"vary", b"Accept-Encoding")] if packs else list(headers)
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
