"""The simulated market, served; Chromium; and a page of it that remembers what it asked and what it printed.

Chromium lives as long as this package's tests and no longer: while it does, this thread has a running event loop, in
which no other test could start its own.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from tests.browser.view import View
from tests.support.browsers import CHROMIUM, FLAGS
from tests.support.client import EVENING
from tests.support.lakes import publish
from tests.support.served import served, simulated_market


@pytest.fixture(scope="package")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the API over the simulated market is served."""
    market = simulated_market(date(2025, 9, 2), date(2026, 11, 20))
    store = DuckDBStore(publish(tmp_path_factory.mktemp("lake"), market))
    with served(create_app(Settings(lake="unused"), store, lambda: EVENING)) as found:
        yield found
    store.close()


@pytest.fixture(scope="package")
def empty_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where the API over a lake with nothing in it is served."""
    store = DuckDBStore(Path(tmp_path_factory.mktemp("empty")))
    with served(create_app(Settings(lake="unused"), store, lambda: EVENING)) as found:
        yield found
    store.close()


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Real Chromium; without it these tests are skipped."""
    if CHROMIUM is None:
        pytest.skip("needs Chromium, as Debian packs it")
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="package")
def first_view(browser: Browser, address: str) -> Iterator[View]:
    """The page as it first comes, drawn whole, and left as it is."""
    with View.of(browser, address) as view:
        view.open_whole()
        yield view


@pytest.fixture
def view(browser: Browser, address: str) -> Iterator[View]:
    """A browser that has never been here, with no page open yet."""
    with View.of(browser, address) as view:
        yield view
