"""The server of the Model Context Protocol: what it lists, and how it answers a call. Knows no transport."""

import logging
from collections.abc import Awaitable, Callable, Mapping
from functools import cache
from typing import Any

import mcp_types as types
from mcp.server.caching import CacheHint
from mcp.server.lowlevel.server import Server
from mcp.shared.exceptions import MCPError

from api.errors import ApiError, BadParameterError
from api.http.etag import VERSION
from api.mcp import reading
from api.mcp.schemas import input_schema
from api.mcp.tools import TOOLS, Tool
from api.store.protocol import Snapshot

_LOG = logging.getLogger(__name__)
_FAULT = "the service failed to answer this call; the error is in its log"
_READ_ONLY = types.ToolAnnotations(read_only_hint=True, idempotent_hint=True, open_world_hint=False)
_LASTING = CacheHint(ttl_ms=3_600_000, scope="public")  # changes with a release alone
_CACHED = ("tools/list", "prompts/list", "resources/list", "resources/templates/list", "resources/read")


def create_server(snapshot: Callable[[], Awaitable[Snapshot]]) -> Server[Any]:
    """The server over whatever snapshot is served at each call."""

    async def call_tool(_: Any, params: types.CallToolRequestParams) -> types.CallToolResult:
        return await _call(snapshot, params.name, params.arguments or {})

    return Server(
        "bellwether",
        version=VERSION,
        title="Bellwether",
        description="Daily US stock and ETF prices, and answers to questions about them",
        instructions=reading.INSTRUCTIONS,
        cache_hints=dict.fromkeys(_CACHED, _LASTING),  # type: ignore[arg-type] # names of methods
        on_list_tools=_list_tools,
        on_call_tool=call_tool,
        on_list_prompts=_list_prompts,
        on_get_prompt=_get_prompt,
        on_list_resources=_list_resources,
        on_list_resource_templates=_list_templates,
        on_read_resource=_read_resource,
    )


async def _call(
    snapshot: Callable[[], Awaitable[Snapshot]], name: str, given: Mapping[str, Any]
) -> types.CallToolResult:
    """The answer to a call. What is wrong with it is a tool error, which the agent reads and puts right."""
    if name not in TOOLS:
        raise _invalid(BadParameterError("name", name, "there is no such tool", f"one of {', '.join(TOOLS)}"))
    try:
        answer = await TOOLS[name].call(await snapshot(), given)
    except ApiError as error:
        return _failed(str(error))
    except Exception:
        _LOG.exception("tool %s failed", name)
        return _failed(_FAULT)
    content: list[types.ContentBlock] = [types.TextContent(text=answer.text)]
    return types.CallToolResult(content=content, structured_content=answer.structured)


def _failed(message: str) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(text=message)], is_error=True)


def _invalid(error: ApiError) -> MCPError:
    return MCPError(code=types.INVALID_PARAMS, message=str(error))


@cache
def listed_tools() -> tuple[types.Tool, ...]:
    """Every tool with its schemas."""
    return tuple(_listed(tool) for tool in TOOLS.values())


def _listed(tool: Tool) -> types.Tool:
    return types.Tool(
        name=tool.name,
        title=tool.title,
        description=tool.description,
        input_schema=input_schema(tool.arguments),
        output_schema=tool.output(),
        annotations=_READ_ONLY,
    )


async def _list_tools(_: Any, __: Any) -> types.ListToolsResult:
    return types.ListToolsResult(tools=[*listed_tools()])


async def _list_prompts(_: Any, __: Any) -> types.ListPromptsResult:
    prompts = [
        types.Prompt(
            name=name,
            description=reading.wording(name),
            arguments=[types.PromptArgument(name=one.name, description=one.description) for one in arguments],
        )
        for name, arguments in reading.PROMPTS.items()
    ]
    return types.ListPromptsResult(prompts=prompts)


async def _get_prompt(_: Any, params: types.GetPromptRequestParams) -> types.GetPromptResult:
    try:
        text = reading.prompt(params.name, params.arguments or {})
    except ApiError as error:
        raise _invalid(error) from None
    message = types.PromptMessage(role="user", content=types.TextContent(text=text))
    return types.GetPromptResult(description=reading.wording(params.name), messages=[message])


async def _list_resources(_: Any, __: Any) -> types.ListResourcesResult:
    texts = (
        (reading.GLOSSARY, "glossary", "Terms, in a line each"),
        (reading.METRICS, "metrics", "How every figure is computed, its unit, and when it is null"),
    )
    resources = [
        types.Resource(uri=uri, name=name, description=description, mime_type="text/markdown")
        for uri, name, description in texts
    ]
    return types.ListResourcesResult(resources=resources)


async def _list_templates(_: Any, __: Any) -> types.ListResourceTemplatesResult:
    template = types.ResourceTemplate(
        uri_template=reading.METRIC_TEMPLATE,
        name="metric",
        description="How one figure is computed, such as bellwether://metrics/max_drawdown",
        mime_type="text/markdown",
    )
    return types.ListResourceTemplatesResult(resource_templates=[template])


async def _read_resource(_: Any, params: types.ReadResourceRequestParams) -> types.ReadResourceResult:
    try:
        text = reading.read(str(params.uri))
    except ApiError as error:
        raise _invalid(error) from None
    contents = types.TextResourceContents(uri=params.uri, mime_type="text/markdown", text=text)
    return types.ReadResourceResult(contents=[contents])
