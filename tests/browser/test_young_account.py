"""The page on a new AWS account: ten functions at once, each slow to start, and 429 for whatever is beyond."""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.chromium import wait_until_whole
from benchmarks.support.server import serve
from tests.browser.view import View
from tests.support.client import EVENING

COLD_SECONDS = 1.5
REFUSAL = {"type": "urn:bellwether:problem:gateway", "detail": "Too Many Requests", "message": "Too Many Requests"}
CHARTS = ("growth", "drawdown", "close", "rate", "volume", "range", "volatility")


@dataclass
class YoungAccount:
    """An application as API Gateway and Lambda serve it: a container answers one request at a time, `most` at once.

    A container's first request waits until it has started. `paths`: what was asked for, refused or not.
    """

    app: ASGIApp
    most: int
    busy: int = 0
    started: int = 0
    refused: int = 0
    paths: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.paths.append(scope["path"])
        if self.busy == self.most:
            self.refused += 1
            await JSONResponse(REFUSAL, 429, media_type="application/problem+json")(scope, receive, send)
            return
        self.busy += 1
        try:
            if self.busy > self.started:
                self.started += 1
                await asyncio.sleep(COLD_SECONDS)
            await self.app(scope, receive, send)
        finally:
            self.busy -= 1


# Chromium opens six connections over HTTP/1.1 and asks for everything at once over the HTTP/2 of a gateway, so that the
# account of three, whose room is as scarce for six as that of ten is for twenty, stands for the latter.
@pytest.fixture(params=[10, 3])
def account(request: pytest.FixtureRequest, lake: Path) -> Iterator[tuple[str, YoungAccount]]:
    store = DuckDBStore(lake)
    young = YoungAccount(create_app(Settings(lake="unused"), store, lambda: EVENING, compress=True), request.param)
    with serve(young) as address:
        yield address, young
    store.close()


def test_the_page_draws_everything(browser: Browser, account: tuple[str, YoungAccount]) -> None:
    address, young = account
    with View.of(browser, address) as view:
        view.page.goto(address)
        wait_until_whole(view.page)
        states = {panel: view.state(panel) for panel in CHARTS}
        cards = view.page.locator(".cards .panel").evaluate_all("(all) => all.map((one) => one.dataset.state)")
    assert states == dict.fromkeys(CHARTS, "drawn")
    assert set(cards) == {"drawn"}
    static = [path for path in young.paths if path == "/" or path.startswith("/page/")]
    assert len(static) == len(set(static)) == 4
    if young.most < 5:
        assert young.refused, "nothing was refused, so that this shows nothing"


def test_a_second_visit_asks_for_the_document_alone(browser: Browser, account: tuple[str, YoungAccount]) -> None:
    address, young = account
    with View.of(browser, address) as view:
        view.open()
        young.paths.clear()
        view.open()
    assert [path for path in young.paths if path == "/" or path.startswith("/page/")] == ["/"]
