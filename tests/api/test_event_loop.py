"""Heavy computations do not block the event loop, so that one client's outlook does not hold up another's prices."""

import asyncio
import threading

import httpx
import pytest

from api.resources.outlook import routes as outlook
from api.resources.volatility import routes as volatility
from tests.support.client import Client


@pytest.mark.parametrize(
    ("path", "module", "function"),
    [
        ("/outlook", outlook, "compute_outlook"),
        ("/outlook/calibration", outlook, "calibrate"),
        ("/volatility?tickers=VOO", volatility, "ticker_volatilities"),
        ("/questions/outlook", outlook, "compute_outlook"),
        ("/questions/patterns", volatility, "ticker_volatilities"),
    ],
)
def test_other_requests_are_answered_while_one_computes(
    client: Client, monkeypatch: pytest.MonkeyPatch, path: str, module: object, function: str
) -> None:
    """The computation ends only once another request has been answered."""
    started, answered = threading.Event(), threading.Event()
    compute = getattr(module, function)

    def slow(*arguments: object) -> object:
        started.set()
        assert answered.wait(10), "the event loop waits for the computation"
        return compute(*arguments)

    monkeypatch.setattr(module, function, slow)

    async def both() -> list[httpx.Response]:
        transport = httpx.ASGITransport(client._app, raise_app_exceptions=True)
        async with httpx.AsyncClient(transport=transport, base_url="http://bellwether.test") as asked:
            heavy = asyncio.create_task(asked.get(path))
            await asyncio.to_thread(started.wait, 20)
            light = await asked.get("/tickers")
            answered.set()
            return [light, await heavy]

    assert [response.status_code for response in asyncio.run(both())] == [200, 200]
