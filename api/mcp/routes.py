"""`/mcp`: checks who asks, then answers by the SDK, which is imported with the first request that passes."""

import asyncio
from importlib import import_module
from typing import cast

from fastapi import APIRouter, Request, Response
from starlette.types import Receive, Scope, Send

from api.errors import printable
from api.http.problems import Kind, problem
from api.mcp.hosts import allowed_hosts, is_allowed_host, is_allowed_origin
from api.settings import Settings

router = APIRouter(tags=["Service"])


class McpResponse(Response):
    """Answers the request itself, from its body on."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        # In a thread: other requests go on during the second that the first one takes.
        transport = await asyncio.to_thread(import_module, "api.mcp.transport")
        await transport.answer(scope, receive, send)


@router.post("/mcp", include_in_schema=False)
async def answer_mcp(request: Request) -> Response:
    """One message of the Model Context Protocol, for AI agents."""
    settings = cast("Settings", request.app.state.settings)
    host, origin = request.headers.get("host", ""), request.headers.get("origin")
    hosts = allowed_hosts(settings, request.scope.get("aws.event"))
    if not is_allowed_host(host, hosts):
        kind = Kind(421, "misdirected-request", "Misdirected request")
        return problem(kind, f"Host={printable(host)}: not a name of this service; ALLOWED_HOSTS may add it")
    if origin is not None and not is_allowed_origin(origin, host, settings.cors_origins):
        kind = Kind(403, "origin", "Origin not allowed")
        return problem(kind, f"Origin={printable(origin)}: scripts of this origin may not ask; CORS_ORIGINS may add it")
    return McpResponse()
