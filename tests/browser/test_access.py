"""Everybody can read it: axe finds nothing, in either theme, and a phone shows all of it."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.view import View


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_axe_finds_nothing(browser: Browser, address: str, theme: Literal["light", "dark"], width: int) -> None:
    with View.of(browser, address, theme=theme, width=width) as view:
        view.open_whole()
        found = Axe().run(view.page)
        assert found.violations_count == 0, found.generate_report()
        assert view.page.evaluate("document.documentElement.scrollWidth") == width
