"""Asking what should not be asked, and what must hold of every answer to it."""

import json
import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NoReturn
from urllib.parse import quote

import httpx
from starlette.types import ASGIApp

PROBLEM = "application/problem+json"
Pairs = Sequence[tuple[str, str]]


def encoded(pairs: Pairs) -> str:
    """A query string of exactly these bytes; a lone surrogate goes out as a careless client would send it."""
    return "&".join(f"{_percent(name)}={_percent(value)}" for name, value in pairs)


def _percent(text: str) -> str:
    return quote(text.encode("utf-8", "surrogatepass"), safe="")


async def ask(
    app: ASGIApp,
    path: str,
    query: str = "",
    headers: Iterable[tuple[bytes, bytes]] = (),
    method: str = "GET",
) -> httpx.Response:
    """The answer, by ASGI itself: no client between that would refuse to send this."""
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    names = {name for name, _ in headers}
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": quote(path.encode("utf-8", "surrogatepass"), safe="/%").encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [*headers, *([] if b"host" in names else [(b"host", b"bellwether.test")])],
        "client": ("127.0.0.1", 1),
        "server": ("bellwether.test", 80),
    }
    await app(scope, receive, send)
    start, *parts = sent
    body = b"".join(part.get("body", b"") for part in parts)
    return httpx.Response(start["status"], headers=start["headers"], content=body)


def check(response: httpx.Response, asked: str) -> None:
    """No fault of ours, no header and no line that the question wrote, and every refusal a problem body."""
    assert response.status_code < 500, f"{asked}: {response.status_code} {response.text[:300]}"
    for name, value in response.headers.raw:
        assert all(32 <= byte < 127 for byte in name + value), f"{asked}: wrote into the header {name!r}: {value!r}"
    assert "set-cookie" not in response.headers
    assert "x-injected" not in response.headers
    if response.status_code >= 400:
        check_problem(response, asked)
    elif "json" in response.headers.get("content-type", ""):
        json.loads(response.content, parse_constant=_no_number)


def check_problem(response: httpx.Response, asked: str) -> None:
    """RFC 9457, with `message`; one printable sentence that ends."""
    assert response.headers["content-type"] == PROBLEM, asked
    body = response.json()
    assert body["status"] == response.status_code, asked
    assert body["message"] == body["detail"], asked
    assert body["type"].startswith("urn:bellwether:problem:"), asked
    for name, text in body.items():
        assert isinstance(text, int) or text.isprintable(), f"{asked}: {name} is {text!r}"
        assert isinstance(text, int) or len(text) < 1500, f"{asked}: {name} repeats all that was sent"


def check_log(records: Iterable[logging.LogRecord]) -> None:
    """No line in the log that the question wrote, and no colour of its choice."""
    for record in records:
        message = record.getMessage()
        forged = [sign for sign in ("\r", "\x1b", "\nERROR", "\nSet-Cookie") if sign in message]
        assert not forged, f"{record.name} let a question write into the log: {message!r}"


def with_query(words: Mapping[str, str], *more: tuple[str, str]) -> str:
    """A query string of the words, and what comes on top of them."""
    return encoded([*words.items(), *more])


def _no_number(text: str) -> NoReturn:
    raise AssertionError(f"{text} left the service: it is no JSON")
