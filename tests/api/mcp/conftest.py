"""The server in this process, and the API over HTTP, both over the small lake."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import mcp_types as types
import pytest
from mcp.client.client import Client

from api.app import create_app
from api.mcp.server import create_server
from api.mcp.snapshots import snapshots_of
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.server import serve
from tests.support.client import EVENING

Call = Callable[..., types.CallToolResult]


@pytest.fixture(scope="package")
def call(store: DuckDBStore) -> Call:
    """Calls a tool with its arguments, by the SDK's own client, which holds each answer against the tool's schema."""
    server = create_server(snapshots_of(store))

    async def called(name: str, arguments: Mapping[str, Any]) -> types.CallToolResult:
        async with Client(server) as client:
            return await client.call_tool(name, dict(arguments))

    return lambda name, /, **arguments: asyncio.run(called(name, arguments))


@pytest.fixture(scope="package")
def address(store: DuckDBStore) -> Iterator[str]:
    """Where `/mcp` is served over HTTP."""
    with serve(create_app(Settings(lake="unused"), store, lambda: EVENING)) as found:
        yield f"{found}/mcp"


def text_of(result: types.CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text
