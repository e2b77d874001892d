"""CORS: lets scripts of other origins read answers, where `CORS_ORIGINS` names these origins. Off by default."""

import re
from collections.abc import Collection

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

ANY_ORIGIN = "*"
_METHODS = "GET, HEAD, POST, OPTIONS"  # POST is for /mcp
_REQUEST_HEADERS = "Accept, Content-Type, If-None-Match, Mcp-Method, Mcp-Name, Mcp-Protocol-Version, X-Api-Key"
_HEADER_NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,1000}")
# What a script may read beyond the few headers that it always may.
_EXPOSED = "Content-Disposition, ETag, Retry-After, Server-Timing, X-Snapshot, X-Simulated, X-Stale, X-Warnings"
_PREFLIGHT_SECONDS = "7200"  # Chromium remembers a preflight for no longer


class Cors:
    """ASGI middleware. `origins`: such as `https://grafana.example`; `*` among them stands for every origin.

    Cookies are never allowed: the API uses none.
    """

    def __init__(self, app: ASGIApp, origins: Collection[str]) -> None:
        self._app, self._origins = app, frozenset(origins)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        allowed = self._allowed_origin(headers.get("origin"))
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(headers, allowed)(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                _add_headers(MutableHeaders(scope=message), allowed)
            await send(message)

        await self._app(scope, receive, send_with_headers)

    def _allowed_origin(self, origin: str | None) -> str | None:
        """What `Access-Control-Allow-Origin` says; None where the origin may not read the answer."""
        if ANY_ORIGIN in self._origins:
            return ANY_ORIGIN
        return origin if origin in self._origins else None


def _preflight(requested: Headers, allowed: str | None) -> Response:
    """The answer to a browser that asks before its request, on any path; without an origin it is a refusal."""
    headers = {"Vary": "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"}
    if allowed is not None:
        # Any header is allowed: without cookies none of them carries a right that the script does not have itself.
        names = requested.get("access-control-request-headers", "")
        headers |= {
            "Access-Control-Allow-Origin": allowed,
            "Access-Control-Allow-Methods": _METHODS,
            "Access-Control-Allow-Headers": names if _HEADER_NAMES.fullmatch(names) else _REQUEST_HEADERS,
            "Access-Control-Max-Age": _PREFLIGHT_SECONDS,
        }
    return Response(status_code=204, headers=headers)


def _add_headers(headers: MutableHeaders, allowed: str | None) -> None:
    # Also on an answer to no or another origin, or a shared cache would give that one to a script that may read it.
    headers.add_vary_header("Origin")
    if allowed is not None:
        headers["Access-Control-Allow-Origin"] = allowed
        headers["Access-Control-Expose-Headers"] = _EXPOSED
