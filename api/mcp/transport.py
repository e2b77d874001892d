"""`/mcp` over HTTP without sessions: each request is answered by itself, in JSON. The SDK takes long to import."""

from typing import Any

from mcp.server.lowlevel.server import Server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from api.mcp.server import create_server
from api.mcp.snapshots import snapshots_of

_MOST_BYTES = 256 * 1024  # of a request: arguments are short


async def answer(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer one request, of the current protocol or an older one.

    The SDK's manager runs once an instance, in the lifespan of an application. A Lambda has no lifespan, so that each
    request has a manager of its own, which costs a task group.
    """
    manager = StreamableHTTPSessionManager(
        app=_server_of(scope["app"].state), json_response=True, stateless=True, max_request_body_size=_MOST_BYTES
    )
    async with manager.run():
        await manager.handle_request(scope, receive, send)


def _server_of(state: Any) -> Server[Any]:
    """The server of the application, made with its first request."""
    if not hasattr(state, "mcp_server"):
        state.mcp_server = create_server(snapshots_of(state.store))
    server: Server[Any] = state.mcp_server
    return server
