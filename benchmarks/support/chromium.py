"""Chromium, and how to wait for the page in it."""

import shutil

from playwright.sync_api import Page

CHROMIUM = shutil.which("chromium")
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]


def wait_until_settled(page: Page) -> None:
    """Wait until no panel is loading. What is far from the screen has not requested anything yet."""
    page.wait_for_selector(".panels:not([hidden]) .panel[data-state]")
    page.wait_for_selector(".panel[aria-busy]", state="detached")


def wait_until_whole(page: Page) -> None:
    """Scroll through all panels and question cards, so that they load too, and back; wait until nothing is loading."""
    page.wait_for_selector(".cards .panel")
    for panel in page.locator(".panel:visible").all():
        panel.scroll_into_view_if_needed()
        panel.and_(page.locator("[data-state]")).wait_for()
    page.evaluate("scrollTo(0, 0)")
    wait_until_settled(page)
