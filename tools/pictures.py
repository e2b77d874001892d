"""Takes the screenshots of the page, over the simulated market at a fixed time, so that they can be reproduced.

python -m tools.pictures [FOLDER]      docs/page-light.png, page-dark.png, page-phone.png …
"""

import shutil
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize, sync_playwright

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.chromium import CHROMIUM, FLAGS, wait_until_settled
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import simulated_market, walk
from benchmarks.support.server import serve
from lake import calendar
from lake.universe import choose, universe

_FOLDER = Path(__file__).parent.parent / "docs"
_FIRST, _LAST = date(2025, 6, 2), date(2026, 11, 20)
_NOW = datetime(2026, 11, 21, 2, tzinfo=UTC)  # Friday evening in New York, after the last session

_NAMED = 20  # sessions
_PORTFOLIO = "?view=portfolio&weights=NVDA:0.3,AMZN:0.2,VOO:0.5&rebalance=quarterly"


@dataclass(frozen=True)
class Screenshot:
    """The top of a view of the page, with its size in pixels, in a theme. `typed`: into the search of tickers."""

    name: str
    width: int
    height: int
    theme: Literal["light", "dark"]
    query: str = ""
    typed: str = ""


SCREENSHOTS = (
    Screenshot("page-light", 1280, 1860, "light"),
    Screenshot("page-dark", 1280, 1860, "dark"),
    Screenshot("page-phone", 390, 1560, "light"),
    Screenshot("page-portfolio", 1280, 1700, "light", f"{_PORTFOLIO}&range=1y"),
)
_INDEX = "sp500.toml"
OF_THE_INDEX = Screenshot("page-index", 1280, 1000, "light", "?tickers=NVDA,MSFT,AMZN&range=6m", typed="energy")


def main(folder: Path = _FOLDER) -> None:
    folder.mkdir(exist_ok=True)
    market = simulated_market(_FIRST, _LAST)
    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        _take_all(browser, market, SCREENSHOTS, folder)
        choose(_INDEX)
        _take_all(browser, _with_others(market), (OF_THE_INDEX,), folder)
        browser.close()


def _take_all(browser: Browser, market: Mapping[str, History], screenshots: Sequence[Screenshot], folder: Path) -> None:
    with tempfile.TemporaryDirectory() as lake:
        store = DuckDBStore(publish(Path(lake), market))
        with serve(create_app(Settings(lake="unused"), store, lambda: _NOW, compress=True)) as address:
            for screenshot in screenshots:
                _take(browser, address, screenshot, folder)
        store.close()


def _with_others(market: Mapping[str, History]) -> dict[str, History]:
    """The market, and some sessions of every other ticker of the universe, which the picture only names."""
    days = calendar.sessions_back(_LAST, _NAMED)
    others = {ticker: History(walk(seed, days, 50)) for seed, ticker in enumerate(universe())}
    return others | dict(market)


def _take(browser: Browser, address: str, screenshot: Screenshot, folder: Path) -> None:
    view: ViewportSize = {"width": screenshot.width, "height": screenshot.height}
    page = browser.new_page(viewport=view, color_scheme=screenshot.theme, reduced_motion="reduce")
    page.goto(f"{address}/{screenshot.query}")
    wait_until_settled(page)
    if screenshot.typed:
        page.get_by_role("combobox", name="Add a ticker").press_sequentially(screenshot.typed)
        page.wait_for_selector("#matches li")
    page.screenshot(path=folder / f"{screenshot.name}.png")
    page.close()


if __name__ == "__main__":
    if shutil.which("chromium") is None:
        sys.exit("Screenshots need Chromium: apt-get install chromium")
    main(*map(Path, sys.argv[1:]))
