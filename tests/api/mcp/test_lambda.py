"""`/mcp` through the Lambda handler, from a REST event: twice in one instance, which has no lifespan."""

import asyncio
import base64
import gc
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.lambda_handler import adapter, handler
from benchmarks.support.lakes import read_json

EVENT = Path(__file__).parent.parent / "events" / "rest_mcp.json"
Send = Callable[..., dict[str, Any]]


@pytest.fixture
def send(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Send]:
    """Hands the event with another body, or other members, to the handler below a stage."""
    monkeypatch.setenv("LAKE", str(root))
    monkeypatch.setenv("ROOT_PATH", "prod")
    adapter.cache_clear()
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)

    def sent(message: object = None, **members: Any) -> dict[str, Any]:
        event = read_json(EVENT) | members
        return handler(event | ({"body": json.dumps(message)} if message else {}), None)

    yield sent
    loop.run_until_complete(loop.shutdown_default_executor())
    loop.close()
    asyncio.set_event_loop(None)
    adapter.cache_clear()
    gc.unfreeze()


def test_a_call_of_the_current_protocol_is_answered_again_and_again(send: Send) -> None:
    for _ in range(2):
        answer = send()
        assert (answer["statusCode"], answer["isBase64Encoded"]) == (200, False)
        assert answer["headers"]["content-type"] == "application/json"
        result = json.loads(answer["body"])["result"]
        assert [one["ticker"] for one in result["structuredContent"]["summary"]] == ["NVDA", "AMZN"]


def test_a_body_in_base64_is_read(send: Send) -> None:
    """The gateway sends every body so, because its BinaryMediaTypes are all."""
    body = base64.b64encode(read_json(EVENT)["body"].encode()).decode()
    assert not json.loads(send(body=body, isBase64Encoded=True)["body"])["result"]["isError"]


def test_the_gateways_own_name_is_known_and_no_other(send: Send) -> None:
    """The event says under which name the gateway was reached, a domain of one's own included."""
    event = read_json(EVENT)
    named = {"requestContext": event["requestContext"] | {"domainName": "prices.example"}}
    headers = {
        name: ["prices.example"] if name == "Host" else value for name, value in event["multiValueHeaders"].items()
    }
    assert send(multiValueHeaders=headers, **named)["statusCode"] == 200
    assert send(**named)["statusCode"] == 421


def test_a_get_is_refused_without_a_stream(send: Send) -> None:
    answer = send(httpMethod="GET", body=None)
    assert (answer["statusCode"], answer["headers"]["allow"]) == (405, "POST, OPTIONS")


def test_an_older_client_is_served_without_a_session(send: Send) -> None:
    headers = {name: one for name, one in read_json(EVENT)["headers"].items() if not name.lower().startswith("mcp-")}
    plain = {"headers": headers, "multiValueHeaders": {name: [one] for name, one in headers.items()}}
    params = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "x", "version": "1"}}
    opened = send({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}, **plain)
    assert json.loads(opened["body"])["result"]["protocolVersion"] == "2025-06-18"
    assert "mcp-session-id" not in opened["headers"]
    listed = send({"jsonrpc": "2.0", "id": 2, "method": "tools/list"}, **plain)
    assert len(json.loads(listed["body"])["result"]["tools"]) == 8
