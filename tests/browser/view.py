"""The page in a browser, and what tests read from it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, cast
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page

from benchmarks.support.chromium import wait_until_settled, wait_until_whole

Lines = dict[str, list[tuple[str, float | None]]]
_LINES = "(body) => body.lines ? body.lines() : []"  # from the chart library's own data
_NOT_THE_API = ("/", "/favicon.ico")


def new_context(
    browser: Browser,
    *,
    theme: Literal["light", "dark"] = "light",
    width: int = 1280,
    height: int = 900,
    touch: bool = False,
) -> BrowserContext:
    """A browser context without cookies, keys or caches."""
    # Reduced motion, because a screenshot or a count during an animation would be random.
    return browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, reduced_motion="reduce", has_touch=touch
    )


@dataclass
class View:
    """`requests`: what was asked of the API, path and query, in order; `console`: what the browser's console says."""

    page: Page
    address: str
    requests: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)

    @classmethod
    @contextmanager
    def of(cls, browser: Browser, address: str, **options: Any) -> Iterator["View"]:
        """A view in a new browser context with these options."""
        context = new_context(browser, **options)
        yield cls.in_context(context, address)
        context.close()

    @classmethod
    def in_context(cls, context: BrowserContext, address: str) -> "View":
        """A view in a new page of the context."""
        view = cls(context.new_page(), address)
        view.page.on("request", lambda request: view._record(request.url))
        view.page.on("console", lambda message: view.console.append(message.text))
        view.page.on("pageerror", lambda error: view.console.append(str(error)))
        return view

    def close(self) -> None:
        """Close the page, and leave nothing in its context but Chromium's cache of files and of compiled scripts."""
        self.page.context.clear_permissions()
        session = self.page.context.new_cdp_session(self.page)
        session.send("Storage.clearDataForOrigin", {"origin": self.address, "storageTypes": "all"})
        self.page.close()

    def open(self, query: str = "") -> None:
        """Open the page and wait until its panels are settled."""
        self.page.goto(f"{self.address}/{query}")
        self.settle()

    def open_whole(self) -> None:
        """Open the default view and wait until everything is drawn, the questions included."""
        self.page.goto(self.address)
        wait_until_whole(self.page)

    def settle(self) -> None:
        """Wait until no panel is loading."""
        wait_until_settled(self.page)

    def lines(self, panel: str) -> Lines:
        """The points of a chart, by the name of the series."""
        drawn = self.page.locator(f"#{panel} .body").evaluate(_LINES)
        return {name: [(x, y) for x, y in points] for name, points in drawn}

    def state(self, panel: str) -> str | None:
        """drawn, empty or refused; None before the first answer."""
        return self.page.locator(f"#{panel}").get_attribute("data-state")

    def answer(self, path: str) -> dict[str, Any]:
        """The API's own answer, whatever its status."""
        return cast("dict[str, Any]", self.page.request.get(f"{self.address}/{path}").json())

    def _record(self, url: str) -> None:
        path = urlsplit(url).path
        if url.startswith(self.address) and path not in _NOT_THE_API and not path.startswith("/page/"):
            self.requests.append(url.removeprefix(self.address))


def by_series(rows: list[dict[str, Any]], by: str, value: str) -> Lines:
    """The points that a chart of these rows must have."""
    found: Lines = {}
    for row in rows:
        found.setdefault(row[by], []).append((row["time"][:10], row[value]))
    return found
