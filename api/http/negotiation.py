"""HEAD and `Accept`: turns a request into the GET, in the format, that answers it.

Everything below sees only GET, and `format=csv` in the query string where the client prefers CSV and names no format.
A cached answer and its ETag are therefore the same however they were asked for.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from urllib.parse import parse_qsl

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")  # RFC 9110, 12.4.2
_CSV = b"format=csv"


class Negotiation:
    """ASGI middleware. `csv_paths`: those that answer in CSV too."""

    def __init__(self, app: ASGIApp, csv_paths: Collection[str]) -> None:
        self._app, self._csv_paths = app, frozenset(csv_paths)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if scope["path"] in self._csv_paths:
            scope, send = _in_preferred_format(scope), _with_vary(send)
        if scope["method"] == "HEAD":
            scope, send = {**scope, "method": "GET"}, _without_body(send)
        await self._app(scope, receive, send)


def prefers_csv(accept: str) -> bool:
    """Whether an `Accept` header asks for CSV rather than JSON, which is the answer where it leaves the choice."""
    ranges = dict(_media_ranges(accept))
    csv, json = (_preference(ranges, media_type) for media_type in ("text/csv", "application/json"))
    return csv > json and csv[0] > 0


def _media_ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Each media range and its quality, 0 to 1; one whose quality is no such number is left out."""
    for part in accept.lower().split(","):
        media_range, *parameters = (text.strip() for text in part.split(";"))
        qualities = [text[2:] for text in parameters if text.startswith("q=")] or ["1"]
        if _QUALITY.fullmatch(qualities[0]):
            yield media_range, float(qualities[0])


def _preference(ranges: dict[str, float], media_type: str) -> tuple[float, int]:
    """The quality of the most specific range that covers a type, and how specific it is: 2 names the type itself."""
    candidates = (media_type, f"{media_type.split('/', maxsplit=1)[0]}/*", "*/*")
    found = ((ranges[name], 2 - place) for place, name in enumerate(candidates) if name in ranges)
    return next(found, (0.0, 0))


def _in_preferred_format(scope: Scope) -> Scope:
    accept = b",".join(_values(scope["headers"], b"accept"))
    query: bytes = scope["query_string"]
    # Most clients accept anything: only one that names text/ or csv is worth reading closely.
    if b"text/" not in accept.lower() or not prefers_csv(accept.decode("latin-1")) or _names_format(query):
        return scope
    return {**scope, "query_string": query + b"&" + _CSV if query else _CSV}


def _names_format(query: bytes) -> bool:
    return any(name == b"format" for name, _ in parse_qsl(query, keep_blank_values=True))


def _values(headers: Iterable[tuple[bytes, bytes]], wanted: bytes) -> list[bytes]:
    return [value for name, value in headers if name == wanted]


def _with_vary(send: Send) -> Send:
    async def send_with_vary(message: Message) -> None:
        if message["type"] == "http.response.start":
            MutableHeaders(scope=message).add_vary_header("Accept")
        await send(message)

    return send_with_vary


def _without_body(send: Send) -> Send:
    async def send_without_body(message: Message) -> None:
        # The headers stay, the length of the body that GET would send among them.
        await send(message if message["type"] == "http.response.start" else {**message, "body": b""})

    return send_without_body
