"""`/mcp` over HTTP: by the SDK's own client in both eras of the protocol, and by what must be refused."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any

import httpx
import mcp_types as types
import pytest
from mcp.client.client import Client
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS

from api.app import create_app
from api.errors import StoreUnavailableError
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from tests.support.client import EVENING
from tests.support.client import Client as Asking
from tests.support.stores import FailingStore

HEADERS = {"Accept": "application/json, text/event-stream", "Content-Type": "application/json"}
CURRENT = "2026-07-28"


@pytest.fixture(scope="module")
def app(store: DuckDBStore) -> Any:
    return create_app(Settings(lake="unused"), store, lambda: EVENING)


def post(app: Any, body: Any, headers: Mapping[str, str] | None = None, path: str = "/mcp") -> httpx.Response:
    """The answer to a message, by way of a loopback address."""

    async def send() -> httpx.Response:
        transport = httpx.ASGITransport(app=app)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8000") as client:
            content = body if isinstance(body, bytes) else json.dumps(body)
            return await client.post(path, content=content, headers=HEADERS | dict(headers or {}))

    return asyncio.run(send())


def initialize(version: str) -> dict[str, Any]:
    client = {"name": "test", "version": "1"}
    params = {"protocolVersion": version, "capabilities": {}, "clientInfo": client}
    return {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}


def calling(tool: str, /, **arguments: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": {"name": tool, "arguments": arguments}}


@pytest.mark.parametrize(("mode", "version"), [("auto", CURRENT), (CURRENT, CURRENT), ("legacy", "2025-11-25")])
def test_the_client_lists_reads_and_calls(address: str, mode: Any, version: str) -> None:
    async def conversation() -> None:
        async with Client(address, mode=mode) as client:
            assert client.session.protocol_version == version
            assert len((await client.list_tools()).tools) == 8
            assert len((await client.list_prompts()).prompts) == 5
            prompt = await client.get_prompt("comparison", {"tickers": "TSLA,MSFT"})
            assert "tickers TSLA,MSFT" in str(prompt.messages[0].content)
            uris = [str(one.uri) for one in (await client.list_resources()).resources]
            assert uris == ["bellwether://glossary", "bellwether://metrics"]
            for uri in (*uris, "bellwether://metrics/max_drawdown"):
                (content,) = (await client.read_resource(uri)).contents
                assert isinstance(content, types.TextResourceContents)
                assert content.mime_type == "text/markdown"
                assert "drawdown" in content.text
            result = await client.call_tool("returns", {"tickers": ["NVDA"]})
            assert result.structured_content["summary"][0]["ticker"] == "NVDA"

    asyncio.run(conversation())


@pytest.mark.parametrize("version", HANDSHAKE_PROTOCOL_VERSIONS)
def test_a_client_of_each_older_protocol_is_served(app: Any, version: str) -> None:
    """No session: the call after the handshake may reach another instance, which knows nothing of the handshake."""
    opened = post(app, initialize(version))
    assert opened.json()["result"]["protocolVersion"] == version
    assert opened.headers["content-type"] == "application/json"
    assert "mcp-session-id" not in opened.headers
    headers = {"MCP-Protocol-Version": version}
    assert post(app, {"jsonrpc": "2.0", "method": "notifications/initialized"}, headers).status_code == 202
    answer = post(app, calling("compare", tickers=["NVDA", "AMZN"]), headers).json()["result"]
    assert "Simulated prices" in answer["content"][0]["text"]


def test_a_call_needs_no_handshake_and_no_version(app: Any) -> None:
    assert post(app, calling("list_tickers")).json()["result"]["isError"] is False


def test_requests_one_after_the_other_are_all_answered(app: Any) -> None:
    """The SDK's session manager runs once an instance, and a Lambda has no lifespan: python-sdk issue 3121."""
    assert [post(app, calling("list_tickers")).status_code for _ in range(3)] == [200, 200, 200]


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "PUT", "PATCH"])
def test_only_post_is_answered(app: Any, method: str) -> None:
    """A GET would hold a stream open, which is billed."""
    client = Asking(app, "http://127.0.0.1:8000")
    response = client.get("/mcp", method=method, headers={"Accept": "text/event-stream"})
    assert (response.status_code, response.headers["allow"]) == (405, "POST, OPTIONS")
    if method != "HEAD":
        assert (
            response.json()["message"]
            == f"{'GET' if method == 'HEAD' else method} /mcp: the method is not allowed here; use POST"
        )


def test_options_says_what_is_allowed(app: Any) -> None:
    response = Asking(app, "http://127.0.0.1:8000").get("/mcp", method="OPTIONS")
    assert (response.status_code, response.headers["allow"]) == (204, "POST, OPTIONS")


@pytest.mark.parametrize(
    "path",
    [
        *("/.well-known/oauth-protected-resource", "/.well-known/oauth-protected-resource/mcp"),
        *("/.well-known/oauth-authorization-server", "/.well-known/oauth-authorization-server/mcp"),
        *("/.well-known/openid-configuration", "/mcp/.well-known/openid-configuration", "/authorize", "/token"),
    ],
)
def test_who_looks_for_oauth_finds_nothing(app: Any, path: str) -> None:
    """A client that finds no metadata connects without a token."""
    assert Asking(app, "http://127.0.0.1:8000").get(path).status_code == 404


def test_what_a_route_depends_on_holds_here_too(app: Any) -> None:
    """A mounted application would not have it: an unknown parameter is refused."""
    response = post(app, calling("list_tickers"), path="/mcp?key=secret")
    assert response.status_code == 400
    assert response.json()["parameter"] == "key"


@pytest.mark.parametrize(
    ("host", "allowed"),
    [
        *(("localhost", True), ("LOCALHOST:8000", True), ("127.0.0.1:1", True), ("[::1]:8000", True)),
        *(
            ("evil.example", False),
            ("localhost.evil.example", False),
            ("", False),
            ("[::1", False),
            ("a@localhost:1", True),
        ),
    ],
)
def test_only_names_of_this_service_are_answered(app: Any, host: str, allowed: bool) -> None:
    response = post(app, calling("list_tickers"), {"Host": host})
    assert response.status_code == (200 if allowed else 421)


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        (Settings(lake="unused", host="192.168.1.7"), "192.168.1.7:8000"),
        (Settings(lake="unused", allowed_hosts=("prices.example",)), "Prices.Example"),
        (Settings(lake="unused", allowed_hosts=("*",)), "anything.example"),
    ],
)
def test_other_names_are_settings(store: DuckDBStore, settings: Settings, host: str) -> None:
    app = create_app(settings, store, lambda: EVENING)
    assert post(app, calling("list_tickers"), {"Host": host}).status_code == 200


@pytest.mark.parametrize(
    ("origin", "cors", "status"),
    [
        *(("https://evil.example", (), 403), ("null", (), 403), ("http://127.0.0.1:8000", (), 200)),
        *(("https://app.example", ("https://app.example",), 200), ("https://evil.example", ("*",), 200)),
        ("http://localhost:6274", (), 403),
    ],
)
def test_scripts_of_other_origins_are_refused(
    store: DuckDBStore, origin: str, cors: tuple[str, ...], status: int
) -> None:
    app = create_app(Settings(lake="unused", cors_origins=cors), store, lambda: EVENING)
    assert post(app, calling("list_tickers"), {"Origin": origin}).status_code == status


def test_a_lake_that_cannot_be_read_is_a_tool_error() -> None:
    app = create_app(Settings(lake="unused"), FailingStore(StoreUnavailableError("the lake is away")), lambda: EVENING)
    result = post(app, calling("list_tickers")).json()["result"]
    assert (result["isError"], result["content"][0]["text"]) == (True, "the lake is away")


def test_a_fault_of_ours_is_told_without_its_text() -> None:
    app = create_app(Settings(lake="unused"), FailingStore(ZeroDivisionError("secret")), lambda: EVENING)  # type: ignore[arg-type]
    answer = post(app, calling("list_tickers"))
    assert answer.json()["result"]["content"][0]["text"].startswith("the service failed to answer")
    assert "secret" not in answer.text


@pytest.mark.parametrize(
    ("message", "said"),
    [
        (calling("weather"), "name=weather: there is no such tool; one of answer_question"),
        (
            {"jsonrpc": "2.0", "id": 1, "method": "prompts/get", "params": {"name": "x"}},
            "name=x: there is no such prompt",
        ),
        (
            {"jsonrpc": "2.0", "id": 1, "method": "prompts/get", "params": {"name": "volume", "arguments": {"a": "b"}}},
            "a=b: the prompt volume has no such argument; it takes tickers",
        ),
        (
            {"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params": {"uri": "bellwether://metrics/x"}},
            "uri=bellwether://metrics/x: there is no such resource",
        ),
    ],
)
def test_what_there_is_not_is_said(app: Any, message: dict[str, Any], said: str) -> None:
    error = post(app, message).json()["error"]
    assert error["code"] == types.INVALID_PARAMS
    assert error["message"].startswith(said)
