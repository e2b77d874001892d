"""A request to an ASGI application in this process, with the scope that a server would pass, and without a socket."""

from typing import Any

from starlette.types import ASGIApp, Message

_HEADERS = [(b"host", b"127.0.0.1"), (b"user-agent", b"bench"), (b"accept", b"*/*"), (b"accept-encoding", b"identity")]


async def get_body(app: ASGIApp, path: str, query: str) -> bytes:
    """The body of an answer that must be 200."""
    parts: list[bytes] = []
    statuses: list[int] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            statuses.append(message["status"])
        else:
            parts.append(message.get("body", b""))

    await app(_scope(path, query), receive, send)
    if statuses != [200]:
        raise RuntimeError(f"{path}?{query}: {statuses} {b''.join(parts).decode()}")
    return b"".join(parts)


def _scope(path: str, query: str) -> dict[str, Any]:
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": list(_HEADERS),
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 8000),
    }
