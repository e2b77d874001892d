"""Accessibility: axe reports no violation in either theme, and nothing overflows on a phone."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from tests.browser.view import View


@pytest.mark.parametrize(("theme", "width"), [("light", 1280), ("dark", 1280), ("light", 360)])
def test_axe_reports_no_violation(browser: Browser, address: str, theme: Literal["light", "dark"], width: int) -> None:
    with View.of(browser, address, theme=theme, width=width) as view:
        view.open_whole()
        results = Axe().run(view.page)
        assert results.violations_count == 0, results.generate_report()
        assert view.page.evaluate("document.documentElement.scrollWidth") == width
