"""Windows of many years with all tickers are drawn, by the week, and ticks stand on sessions."""

from collections.abc import Iterator
from datetime import date

import pytest
from playwright.sync_api import Browser

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import publish
from benchmarks.support.markets import simulated_market
from benchmarks.support.server import serve
from lake import calendar
from tests.browser.view import View
from tests.support.client import EVENING

ALL = "NVDA,AMZN,AAPL,META,MSFT,GOOGL,TSLA,VOO,QQQ,SCHG"


@pytest.fixture(scope="module")
def long_view(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[View]:
    """The page over nine years, in which ten tickers have more sessions than the API answers at once."""
    market = simulated_market(date(2018, 1, 2), date(2026, 11, 20))
    store = DuckDBStore(publish(tmp_path_factory.mktemp("long"), market))
    app = create_app(Settings(lake="unused"), store, lambda: EVENING, compress=True)
    with serve(app) as address, View.of(browser, address) as view:
        yield view
    store.close()


@pytest.mark.parametrize("window", ["max", "20y"])
def test_all_tickers_are_drawn_over_all_years(long_view: View, window: str) -> None:
    assert long_view.answer(f"prices?tickers={ALL}&range={window}")["status"] == 400  # by the day they are too many
    long_view.open(f"?tickers={ALL}&range={window}")
    long_view.page.wait_for_selector("#growth[data-state=drawn]")
    long_view.settle()
    drawn = long_view.lines("growth")
    assert len(drawn) == 10
    days = [day for day, _ in drawn["NVDA"]]
    assert days[0] < "2018-01-10"
    assert days[-1] == "2026-11-20"
    assert 440 <= len(days) <= 470  # 463 weeks
    for panel in ("growth", "close"):
        words = long_view.page.locator(f"#{panel} .description").inner_text()
        assert "ne point a week" in words
        assert "logarithmic scale" in words
    assert long_view.page.locator("#problems").is_hidden()


def test_two_years_are_daily_and_linear(long_view: View) -> None:
    long_view.open("?tickers=NVDA&range=2y")
    assert len(long_view.lines("growth")["NVDA"]) > 495
    assert "logarithmic" not in long_view.page.locator("#growth .description").inner_text()


def test_every_place_on_the_axis_is_a_session(long_view: View) -> None:
    """Thanksgiving of 2025 and its weekend are in the window, and no place of the chart is theirs."""
    long_view.open("?tickers=NVDA&from=2025-11-17&to=2025-12-12")
    box = long_view.page.locator("#growth .canvas canvas").first.bounding_box()
    assert box is not None
    found = set()
    for step in range(60):
        long_view.page.mouse.move(box["x"] + 2 + step * (box["width"] - 4) / 59, box["y"] + 60)
        found.add(long_view.page.locator("#growth .legend .day").inner_text())
    sessions = calendar.sessions(date(2025, 11, 14), date(2025, 12, 12))
    expected = {f"{day:%a} {day.day} {day:%b} {day.year}" for day in sessions}
    assert found == expected


def test_the_axis_is_not_clipped(long_view: View) -> None:
    """The first and the last point lie within the chart, however many there are."""
    long_view.page.set_viewport_size({"width": 390, "height": 844})
    long_view.open("?tickers=NVDA&range=max")
    box = long_view.page.locator("#growth .canvas canvas").first.bounding_box()
    assert box is not None
    days = [day for day, _ in long_view.lines("growth")["NVDA"]]
    for place, expected in ((1, days[:4]), (box["width"] - 2, days[-4:])):  # two or more points share a pixel
        long_view.page.mouse.move(box["x"] + place, box["y"] + 60)
        shown = long_view.page.locator("#growth .legend .day").inner_text()
        assert shown in [f"{day:%a} {day.day} {day:%b} {day.year}" for day in map(date.fromisoformat, expected)]
    long_view.page.set_viewport_size({"width": 1280, "height": 900})
