"""The page follows the controls, the URL, the keyboard and the theme."""

import pytest
from playwright.sync_api import expect

from tests.browser.view import View

STROKE = "(line) => getComputedStyle(line).stroke"


def test_a_selected_ticker_is_drawn_and_in_the_url(view: View) -> None:
    view.open()
    view.page.get_by_role("button", name="META").click()
    view.settle()
    assert "tickers=AMZN,META,NVDA&range=3m&benchmark=VOO" in view.page.url
    assert set(view.lines("growth")) == {"AMZN", "META", "NVDA", "VOO"}
    view.page.go_back()
    view.settle()
    assert set(view.lines("growth")) == {"NVDA", "AMZN", "VOO"}
    expect(view.page.get_by_role("button", name="META")).to_have_attribute("aria-pressed", "false")


def test_a_url_restores_a_view(view: View) -> None:
    view.open("?tickers=TSLA&range=1m&benchmark=QQQ")
    assert set(view.lines("growth")) == {"TSLA", "QQQ"}
    expect(view.page.get_by_label("1 month")).to_be_checked()
    expect(view.page.get_by_label("Benchmark")).to_have_value("QQQ")
    expect(view.page.get_by_label("First day")).to_have_value("2026-10-21")  # the day after 20 October


def test_dates_replace_the_range(view: View) -> None:
    view.open()
    view.page.get_by_label("First day").fill("2026-10-01")
    view.settle()
    assert "from=2026-10-01&to=2026-11-20" in view.page.url
    assert "range" not in view.page.url
    assert view.lines("range")["NVDA"][0][0] == "2026-10-01"


def test_tickers_are_selected_with_the_keyboard(view: View) -> None:
    view.open("?tickers=VOO&range=1m")
    view.page.get_by_role("button", name="VOO").focus()
    view.page.keyboard.press("ArrowRight")
    view.page.keyboard.press("Space")
    view.settle()
    assert "tickers=VOO,QQQ" in view.page.url
    view.page.keyboard.press("Tab")  # the tickers are one tab stop
    assert view.page.evaluate("document.activeElement.name") == "range"


def test_the_csv_has_the_rows_shown(view: View) -> None:
    view.open("?tickers=TSLA&range=1w")
    with view.page.expect_download() as download:
        view.page.locator("#range .csv").click()
    lines = download.value.path().read_text().splitlines()
    rows = view.answer("prices?tickers=TSLA&range=1w")["rows"]
    assert lines[0].split(",") == list(rows[0])
    assert len(lines) == 1 + len(rows)


@pytest.mark.parametrize(("panel", "first"), [("summary", "ticker,sessions"), ("correlation", "ticker,other")])
def test_the_csv_of_a_table_has_its_lines(view: View, panel: str, first: str) -> None:
    view.open("?tickers=TSLA,MSFT&range=1m&benchmark=VOO")
    with view.page.expect_download() as download:
        view.page.locator(f"#{panel} .csv").click()
    header, *lines = download.value.path().read_text().splitlines()
    assert header.startswith(first)
    assert len(lines) == 3  # three tickers, or their three pairs


def test_a_chart_asks_for_the_columns_that_are_drawn(view: View) -> None:
    asked: list[str] = []
    view.page.on("request", lambda request: asked.append(request.url))
    view.open("?tickers=TSLA&range=1m&benchmark=VOO")
    (compared,) = [url for url in asked if "/compare?" in url]
    assert compared.endswith("fields=growth,drawdown")
    assert set(view.lines("growth")) == set(view.lines("drawdown")) == {"TSLA", "VOO"}


def test_the_charts_follow_the_dark_theme(view: View) -> None:
    view.open()
    line = view.page.locator("#growth .scatterlayer .js-line").first
    light = line.evaluate(STROKE)
    view.page.emulate_media(color_scheme="dark")
    expect(line).not_to_have_css("stroke", light)
    assert view.console == []
