"""Fixtures: a server over the simulated market, Chromium, and the page in it.

Chromium is closed after this package's tests: Playwright keeps an event loop running in this thread while it is open,
and other tests could not start their own.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.chromium import CHROMIUM, FLAGS
from benchmarks.support.lakes import publish
from benchmarks.support.markets import simulated_market
from benchmarks.support.server import serve
from tests.browser.view import View, new_context
from tests.support.client import EVENING


@pytest.fixture(scope="package")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a lake with the simulated market."""
    return publish(tmp_path_factory.mktemp("lake"), simulated_market(date(2025, 9, 2), date(2026, 11, 20)))


@pytest.fixture(scope="package")
def address(lake: Path) -> Iterator[str]:
    """The address of a server with the API over the simulated market."""
    store = DuckDBStore(lake)
    with serve(create_app(Settings(lake="unused"), store, lambda: EVENING, compress=True)) as found:
        yield found
    store.close()


@pytest.fixture(scope="package")
def empty_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a server with the API over an empty lake."""
    store = DuckDBStore(Path(tmp_path_factory.mktemp("empty")))
    with serve(create_app(Settings(lake="unused"), store, lambda: EVENING, compress=True)) as found:
        yield found
    store.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium; without it the tests are skipped."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium: apt-get install chromium")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def first_view(browser: Browser, address: str) -> Iterator[View]:
    """The page in its default state, completely drawn. Tests must not change it."""
    with View.of(browser, address) as view:
        view.open_whole()
        yield view


@pytest.fixture(scope="package")
def context(browser: Browser) -> Iterator[BrowserContext]:
    """The browser context of all tests that do not need one of their own.

    In a new one Chromium would load and compile the page's scripts again: a third of the time that a page takes.
    """
    context = new_context(browser)
    yield context
    context.close()


@pytest.fixture
def view(context: BrowserContext, address: str) -> Iterator[View]:
    """A new page, without cookies or keys. Nothing is open in it."""
    view = View.in_context(context, address)
    yield view
    view.close()
