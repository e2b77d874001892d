"""Heavy computations do not block the event loop, so that one client's outlook does not hold up another's prices."""

import asyncio
import gc
import threading
import time
from collections.abc import Coroutine, Iterator
from typing import Any, NamedTuple

import httpx
import pytest

from api.app import create_app
from api.resources.outlook import routes as outlook
from api.resources.volatility import routes as volatility
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.wide_lake import ticker_names, write
from tests.support.client import EVENING, Client


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
    store: DuckDBStore, monkeypatch: pytest.MonkeyPatch, path: str, module: object, function: str
) -> None:
    """The computation ends only once another request has been answered. A new client has nothing in its cache."""
    client = Client.of(store)
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
            assert await asyncio.to_thread(started.wait, 20), "nothing was computed"
            light = await asked.get("/tickers")
            answered.set()
            return [light, await heavy]

    assert [response.status_code for response in asyncio.run(both())] == [200, 200]


TEN = ",".join(ticker_names(10))
# FastAPI builds a route at its first request, hence a small one before.
HEAVY = [
    ("/outlook/calibration?horizon=126d", "/outlook/calibration?horizon=1d"),
    ("/volatility?tickers=VOO&range=1w", f"/volatility?tickers={TEN}&range=5y"),
]
LONGEST = 0.05  # seconds that the event loop may be late


@pytest.fixture(scope="module")
def five_years(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DuckDBStore]:
    root = tmp_path_factory.mktemp("wide")
    write(root, tickers=10, years=5)
    store = DuckDBStore(root)
    yield store
    store.close()


class Lateness(NamedTuple):
    """How late a waiting event loop came back at worst, in seconds: of CPU that it computed, and of wall time."""

    computing: float
    wall: float


async def lateness_during(work: Coroutine[Any, Any, object]) -> Lateness:
    """Of a task that does nothing but sleep, while `work` runs beside it."""
    running = asyncio.create_task(work)
    computing, late = 0.0, 0.0
    while not running.done():
        wall, cpu = time.perf_counter(), time.thread_time()
        await asyncio.sleep(0.002)
        computing = max(computing, time.thread_time() - cpu)
        late = max(late, time.perf_counter() - wall - 0.002)
    await running
    return Lateness(computing, late)


@pytest.fixture
def frozen_heap() -> None:
    """As `python -m api` and the Lambda freeze theirs.

    A full collection of everything that the tests have imported holds the interpreter for 0.4 s.
    """
    gc.collect()
    gc.freeze()


@pytest.mark.parametrize(("small", "path"), HEAVY, ids=["calibration", "volatility"])
@pytest.mark.usefixtures("frozen_heap")
def test_no_request_blocks_the_event_loop(five_years: DuckDBStore, small: str, path: str) -> None:
    """In wall time, in which also a call shows that holds the interpreter in another thread.

    One good run of ten is enough: such a call is in each of them, what the machine does meanwhile is not.
    """

    async def measured() -> Lateness:
        app = create_app(Settings(lake="unused"), five_years, lambda: EVENING)  # without a cached answer
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bellwether.test") as asked:
            await asked.get(small)
            return await lateness_during(asked.get(path))

    runs: list[Lateness] = []
    while len(runs) < 10 and not any(run.wall < LONGEST for run in runs):
        runs.append(asyncio.run(measured()))
    assert any(run.wall < LONGEST for run in runs), runs
    assert all(run.computing < LONGEST for run in runs), runs


@pytest.mark.parametrize("path", ["/prices", "/compare", "/returns", "/returns/drawdowns", "/seasonality", "/events"])
@pytest.mark.parametrize("form", ["json", "csv"])
def test_long_answers_are_written_beside_the_event_loop(five_years: DuckDBStore, path: str, form: str) -> None:
    app = create_app(Settings(lake="unused"), five_years, lambda: EVENING, compress=True)
    query = {"tickers": TEN, "range": "5y", "format": form}

    async def measured() -> Lateness:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bellwether.test") as asked:
            await asked.get(path, params=query | {"range": "1w"})
            return await lateness_during(asked.get(path, params=query))

    assert asyncio.run(measured()).computing < LONGEST
