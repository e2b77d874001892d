"""CORS is off unless `CORS_ORIGINS` names origins; then scripts of these read every answer, refusals and faults too."""

import asyncio
from collections.abc import Callable

import httpx
import pytest

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from tests.support.client import EVENING, Client
from tests.support.stores import FailingStore

ORIGIN, OTHER = "https://grafana.example:3000", "https://elsewhere.example"
PREFLIGHT = {"access_control_request_method": "GET", "access_control_request_headers": "x-api-key"}
Ask = Callable[..., httpx.Response]


@pytest.fixture
def ask(store: DuckDBStore) -> Ask:
    def get(path: str, origins: tuple[str, ...] = (ORIGIN,), method: str = "GET", **headers: str) -> httpx.Response:
        app = create_app(Settings(lake="unused", cors_origins=origins), store, lambda: EVENING)
        return Client(app).get(path, method=method, headers=headers)

    return get


def test_it_is_off_by_default(ask: Ask) -> None:
    for method in ("GET", "OPTIONS"):
        answer = ask("/limits", (), method, origin=ORIGIN, **PREFLIGHT)
        assert not [name for name in answer.headers if name.startswith("access-control-")]
        assert "Origin" not in answer.headers["vary"]


@pytest.mark.parametrize("path", ["/limits", "/prices?tickers=VOO", "/health", "/docs", "/", "/nothing", "/prices/"])
@pytest.mark.parametrize("origins", [(ORIGIN,), ("https://one.example", ORIGIN), ("*",)])
def test_a_preflight_is_answered_on_every_path(ask: Ask, path: str, origins: tuple[str, ...]) -> None:
    answer = ask(path, origins, "OPTIONS", origin=ORIGIN, **PREFLIGHT)
    assert (answer.status_code, answer.content) == (204, b"")
    assert answer.headers["access-control-allow-origin"] == ("*" if origins == ("*",) else ORIGIN)
    assert answer.headers["access-control-allow-methods"] == "GET, HEAD, POST, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "x-api-key"
    assert "Origin" in answer.headers["vary"]


def test_another_origin_is_not_let_in(ask: Ask) -> None:
    for method in ("GET", "OPTIONS"):
        answer = ask("/limits", (ORIGIN,), method, origin=OTHER, **PREFLIGHT)
        assert "access-control-allow-origin" not in answer.headers
        assert "Origin" in answer.headers["vary"]
    assert "Origin" in ask("/limits").headers["vary"]  # or a cache would give this answer to a script


@pytest.mark.parametrize("path", ["/limits", "/prices?tickers=ZZZZ", "/nothing", "/"])
def test_every_answer_may_be_read(ask: Ask, path: str) -> None:
    answer = ask(path, origin=ORIGIN)
    assert answer.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in answer.headers
    exposed = answer.headers["access-control-expose-headers"].split(", ")
    assert {"ETag", "Retry-After", "X-Snapshot", "X-Warnings"} <= set(exposed)


def test_a_cached_answer_keeps_no_origin(ask: Ask, store: DuckDBStore) -> None:
    app = create_app(Settings(lake="unused", cors_origins=(ORIGIN,)), store, lambda: EVENING)
    allowed = [
        Client(app).get("/limits", headers={"origin": origin}).headers.get("access-control-allow-origin")
        for origin in (ORIGIN, OTHER, ORIGIN)
    ]
    assert allowed == [ORIGIN, None, ORIGIN]


def test_a_fault_may_be_read_too() -> None:
    store = FailingStore(KeyError("nothing that is expected"))  # type: ignore[arg-type] # a fault of ours
    app = create_app(Settings(lake="unused", cors_origins=(ORIGIN,)), store, lambda: EVENING)

    async def read() -> httpx.Response:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://bellwether.test") as client:
            return await client.get("/tickers", headers={"origin": ORIGIN})

    answer = asyncio.run(read())
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (500, ORIGIN)
