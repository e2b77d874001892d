"""Real Chromium, as Debian packs it, and how the page is waited for."""

import shutil

from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def wait_until_settled(page: Page) -> None:
    """Wait until no panel waits: those that asked are drawn, empty or refused. The questions ask when they are near."""
    page.wait_for_selector(".panels .panel[data-state]")
    page.wait_for_selector(".panel[aria-busy]", state="detached")


def wait_until_whole(page: Page) -> None:
    """Scroll through the questions, so that they ask too, and back; wait until everything has settled."""
    page.wait_for_selector(".cards .panel")
    for card in page.locator(".cards .panel").all():
        card.scroll_into_view_if_needed()
        card.and_(page.locator("[data-state]")).wait_for()
    page.evaluate("scrollTo(0, 0)")
    wait_until_settled(page)
