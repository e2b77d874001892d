"""The parts of docs/agents.md and docs/clients.md that come from the tools and paths, for `tools.reference_docs`.

The conversation is a real one, with a lake of the simulator's prices.
"""

import asyncio
import json
import tempfile
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

import mcp_types as types
from mcp.client.client import Client

from api.app import create_app
from api.mcp.server import create_server, listed_tools
from api.mcp.snapshots import snapshots_of
from api.resources.llms.service import example, llms_text
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import publish
from benchmarks.support.markets import simulated_market
from tools.doc_blocks import table

BASE = "http://127.0.0.1:8000/"
_FIRST, _LAST = date(2024, 1, 2), date(2026, 11, 20)
# What a person says, the tool that the agent takes, and its arguments.
_CONVERSATION: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("What do you have on the NASDAQ?", "list_tickers", {"search": "nasdaq"}),
    ("How have NVDA and AMZN done over three months?", "answer_question", {"name": "comparison"}),
    ("And what did NVDA close at each month?", "get_prices", {"tickers": ["NVDA"], "rows": True, "interval": "1mo"}),
    ("Put QQQ beside SCHG and VOO.", "compare", {"tickers": ["QQQ", "SCHG", "VOO"], "range": "6m", "basis": "total"}),
    ("What did TSLA return in a year, at what risk?", "returns", {"tickers": ["TSLA"], "range": "1y"}),
    ("Is it calm at the moment?", "volatility", {"tickers": ["TSLA"], "range": "100d"}),
    (
        "What would 40 % NVDA and 60 % VOO have done?",
        "portfolio",
        {"weights": "NVDA:40,VOO:60", "rebalance": "monthly"},
    ),
    ("META and GOOGL, or VOO and SCHG for the next quarter?", "outlook", {"horizon": "3m"}),
    ("And Facebook?", "compare", {"tickers": ["FB", "GOOGL"]}),
)


def tool_table() -> str:
    """Every tool with what it is for and what it takes."""
    rows = [[f"`{tool.name}`", str(tool.description), _arguments(tool)] for tool in listed_tools()]
    return table(["tool", "for", "arguments"], rows)


def conversation() -> str:
    """Each call with its answer as text; of one, the structured answer too."""
    return "\n" + "".join(asyncio.run(_conversation()))


def one_liners() -> str:
    """A line of pandas and one of polars for each path, read from its CSV."""
    paths: dict[str, str] = {}
    for path, url in csv_urls().items():
        *_, name = path.split("/")
        paths[path.strip("/").replace("/", "_") if name in paths else name] = url.removeprefix(BASE)
    pandas = [f'{name} = pd.read_csv(API + "{path}")' for name, path in paths.items()]
    # Not pl.read_csv of the address: polars asks for ranges of bytes, which an answer made on request does not have.
    polars = [f'{name} = pl.read_csv(get(API + "{path}").content)' for name, path in paths.items()]
    heads = (["import pandas as pd"], ["import polars as pl", "from requests import get"])
    blocks = [
        "\n".join(["```python", *head, "", f'API = "{BASE}"', *lines, "```"])
        for head, lines in zip(heads, (pandas, polars), strict=True)
    ]
    return "\n" + "\n\n".join(blocks) + "\n\n"


def csv_urls() -> dict[str, str]:
    """The address of each path's example as CSV; /health has none."""
    paths: Mapping[str, Any] = openapi_document()["paths"]
    found: dict[str, str] = {}
    for path, methods in paths.items():
        parameters = methods["get"].get("parameters", ())
        if any(one["name"] == "format" for one in parameters):
            asked = example(path, parameters)
            found[path] = f"{BASE}{asked}{'&' if '?' in asked else '?'}format=csv"
    return found


def llms_paths() -> str:
    """What `/llms.txt` says, with links to a service on this machine."""
    return llms_text(openapi_document(), BASE)


@cache
def openapi_document() -> dict[str, Any]:
    """The OpenAPI document of the API as it is."""
    with tempfile.TemporaryDirectory() as empty:  # of which the document says nothing
        store = DuckDBStore(Path(empty))
        document = create_app(Settings(lake=empty), store, lambda: datetime.now(UTC)).openapi()
        store.close()
    return document


async def _conversation() -> list[str]:
    with tempfile.TemporaryDirectory() as lake:
        store = DuckDBStore(publish(Path(lake), simulated_market(_FIRST, _LAST)))
        async with Client(create_server(snapshots_of(store))) as client:
            turns = [turn async for turn in _turns(client)]
        store.close()
    return turns


async def _turns(client: Client) -> Any:
    for said, tool, arguments in _CONVERSATION:
        result = await client.call_tool(tool, arguments)
        yield "".join(_turn(said, tool, arguments, result))


def _turn(said: str, tool: str, arguments: Mapping[str, Any], result: types.CallToolResult) -> Iterator[str]:
    text = "\n".join(one.text for one in result.content if isinstance(one, types.TextContent))
    yield f"**“{said}”** → `{tool}` `{json.dumps(arguments)}`\n\n```text\n{text}\n```\n\n"
    if tool in {"answer_question", "get_prices"}:
        structured = _compact(result.structured_content)
        yield f"The same as structured content, by the tool's schema:\n\n```json\n{structured}\n```\n\n"


def _compact(structured: Mapping[str, Any]) -> str:
    """JSON with a line for each member, and for each entry of a list."""
    members = (f"  {json.dumps(name)}: {_lines(value)}" for name, value in structured.items())
    return "{\n" + ",\n".join(members) + "\n}"


def _lines(value: Any) -> str:
    if not isinstance(value, list) or not value:
        return json.dumps(value, ensure_ascii=False)
    entries = ",\n".join(f"    {json.dumps(one, ensure_ascii=False)}" for one in value)
    return f"[\n{entries}\n  ]"


def _arguments(tool: types.Tool) -> str:
    required = tool.input_schema.get("required", [])
    names = tool.input_schema["properties"]
    return ", ".join(f"**`{name}`**" if name in required else f"`{name}`" for name in names)
