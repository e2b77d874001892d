"""Swagger UI in a browser: "Try it out" works at once, with whatever it fills in."""

import shutil
import socket
import threading
from collections.abc import Iterator

import pytest
import uvicorn
from playwright.sync_api import Page, Response, sync_playwright

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from tests.support.client import EVENING

CHROMIUM = shutil.which("chromium")


@pytest.fixture
def address(store: DuckDBStore) -> Iterator[str]:
    """The API, served on loopback."""
    app = create_app(Settings(lake="unused"), store, lambda: EVENING)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join()


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        yield browser.new_page()
        browser.close()


@pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium, as Debian packs it")
def test_every_path_answers_what_swagger_fills_in(address: str, page: Page) -> None:
    statuses: dict[str, int] = {}

    def remember(response: Response) -> None:
        statuses[response.url.removeprefix(address).split("?")[0]] = response.status

    page.goto(f"{address}/docs")
    page.wait_for_selector(".opblock")
    page.on("response", remember)
    blocks = page.locator(".opblock")
    for block in blocks.all():
        block.locator(".opblock-summary-control").click()
        block.locator(".try-out__btn").click()
        with page.expect_response(lambda response: "static" not in response.url):
            block.locator(".execute").click()
        block.locator(".opblock-summary-control").click()  # what is folded is not drawn again
    asked = {path: status for path, status in statuses.items() if "static" not in path}
    assert len(asked) == blocks.count() > 0
    assert set(asked.values()) == {200}, asked
