"""Real Chromium, as Debian packs it, and how the page is waited for."""

import shutil

from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
_SETTLED = """() => {
  const panels = [...document.querySelectorAll('.panel')];
  return panels.length > 0 && panels.every((panel) => panel.dataset.state && !panel.hasAttribute('aria-busy'));
}"""


def wait_until_drawn(page: Page) -> None:
    """Scroll to the questions, so that they ask too; wait until every panel is drawn, empty or refused."""
    page.wait_for_selector(".cards .panel")
    for card in page.locator(".cards .panel").all():
        card.scroll_into_view_if_needed()
        page.wait_for_timeout(30)  # an observer is told of what is seen at the next frame
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_function(_SETTLED)
