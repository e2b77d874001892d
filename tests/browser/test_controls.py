"""The page follows the controls, the URL, the keyboard and the theme."""

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.view import View

# How many pixels of a chart's canvases have about this colour, #rrggbb.
PIXELS = """(plot, colour) => {
  const wanted = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
  let count = 0;
  for (const canvas of plot.querySelectorAll("canvas")) {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width || 1, canvas.height || 1);
    for (let i = 0; i < data.length; i += 4) {
      if (data[i + 3] > 128 && wanted.every((part, j) => Math.abs(data[i + j] - part) < 6)) count += 1;
    }
  }
  return count;
}"""
COLOUR = "getComputedStyle(document.documentElement).getPropertyValue('--series-9').trim()"  # TSLA's, the tenth
LEGEND = """(all) => all.sort((a, b) => a.style.order - b.style.order).map((one) => one.lastChild.textContent)"""


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
    view.page.locator("#tickers button[value=VOO]").focus()
    view.page.keyboard.press("ArrowRight")
    view.page.keyboard.press("Space")
    view.settle()
    assert "tickers=VOO,QQQ" in view.page.url
    view.page.keyboard.press("Tab")  # the tickers are one tab stop
    assert view.page.evaluate("document.activeElement.closest('#tickers')") is None


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
    view.open("?tickers=TSLA&range=1m&benchmark=VOO")
    (compared,) = [url for url in view.requests if url.startswith("/compare?")]
    assert compared.endswith("fields=growth,drawdown")
    assert set(view.lines("growth")) == set(view.lines("drawdown")) == {"TSLA", "VOO"}


def test_the_charts_follow_the_dark_theme(view: View) -> None:
    view.open("?tickers=TSLA&range=1m&benchmark=VOO")
    plot = view.page.locator("#growth .plot")
    colours = []
    for theme in ("light", "dark"):
        view.page.emulate_media(color_scheme=theme)
        colours.append(view.page.evaluate(COLOUR))
        drawn = f"() => ({PIXELS})(document.querySelector('#growth .plot'), '{colours[-1]}') > 300"
        view.page.wait_for_function(drawn)
    assert len(set(colours)) == 2
    assert plot.evaluate(PIXELS, colours[0]) < 30
    assert [line for line in view.console if "Canvas2D" not in line] == []  # that is about reading pixels above


def test_dividends_are_included_on_demand(view: View) -> None:
    view.open("?tickers=VOO&range=1y&benchmark=QQQ")
    view.page.get_by_label("Include dividends").check()
    view.settle()
    assert view.page.url.endswith("benchmark=QQQ&basis=total")
    rows = view.answer("compare?tickers=VOO,QQQ&range=1y&benchmark=QQQ&basis=total")["rows"]
    assert view.lines("growth")["VOO"][-1][1] == pytest.approx([r["growth"] for r in rows if r["ticker"] == "VOO"][-1])


def test_dragging_across_a_chart_chooses_its_days(view: View) -> None:
    view.open("?tickers=NVDA&range=3m")
    days = [day for day, _ in view.lines("growth")["NVDA"]]
    view.page.locator("#growth").scroll_into_view_if_needed()
    box = view.page.locator("#growth .canvas canvas").first.bounding_box()
    assert box is not None
    view.page.mouse.move(box["x"] + box["width"] * 0.25, box["y"] + 80)
    view.page.mouse.down()
    view.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 90, steps=4)
    view.page.mouse.up()
    view.page.wait_for_url("**from=**")
    view.settle()
    chosen = dict(part.split("=") for part in view.page.url.split("?")[1].split("&"))
    assert (chosen["from"] in days, chosen["to"] in days) == (True, True)
    assert 12 <= days.index(chosen["to"]) - days.index(chosen["from"]) <= 20  # a quarter of 66
    assert view.lines("range")["NVDA"][0][0] == chosen["from"]


def test_a_finger_across_a_chart_chooses_its_days_and_up_or_down_scrolls(browser: Browser, address: str) -> None:
    with View.of(browser, address, width=390, height=844, touch=True) as view:
        view.open("?tickers=NVDA&range=3m")
        whole = [day for day, _ in view.lines("growth")["NVDA"]]
        view.page.locator("#growth .plot").scroll_into_view_if_needed()
        box = view.page.locator("#growth .plot").bounding_box()
        assert box is not None
        address_before, top = view.page.url, view.page.evaluate("scrollY")
        middle = (box["x"] + 60, box["y"] + box["height"] / 2)
        swipe(view, middle, (middle[0] + 10, middle[1] - 200))
        for _ in range(20):
            if (scrolled := view.page.evaluate("scrollY") - top) > 50:
                break
            view.page.wait_for_timeout(100)
        assert scrolled > 50
        assert view.page.url == address_before
        box = view.page.locator("#growth .plot").bounding_box()
        assert box is not None
        at = box["y"] + box["height"] - 60
        swipe(view, (box["x"] + box["width"] * 0.2, at), (box["x"] + box["width"] * 0.6, at + 4))
        view.page.wait_for_url("**from=*")
        view.settle()
        days = [day for day, _ in view.lines("growth")["NVDA"]]
        assert whole[0] < days[0] < days[-1] < whole[-1]
        assert f"from={days[1]}&to={days[-1]}" in view.page.url  # the first point is the close before


def swipe(view: View, start: tuple[float, float], end: tuple[float, float]) -> None:
    """One finger from a place on the screen to another, as the device reports it."""
    session = view.page.context.new_cdp_session(view.page)
    for step in range(9):
        x, y = (begin + (finish - begin) * step / 8 for begin, finish in zip(start, end, strict=True))
        kind = "touchMove" if step else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_the_crosshair_and_its_values_are_shared(view: View) -> None:
    view.open("?tickers=NVDA,AMZN&range=3m")
    box = view.page.locator("#growth .canvas canvas").first.bounding_box()
    assert box is not None
    view.page.mouse.move(box["x"] + box["width"] / 2, box["y"] + 80)
    day = view.page.locator("#growth .legend .day")
    expect(day).to_contain_text("2026")
    expect(view.page.locator("#close .legend .day")).to_have_text(day.inner_text())
    # The largest value stands first.
    shown = view.page.locator("#growth .legend button").evaluate_all(LEGEND)
    values = [float(text.replace("−", "-").split("\u00a0")[0]) for text in shown]
    assert len(values) == 3
    assert values == sorted(values, reverse=True)


def test_the_legend_hides_a_line(view: View) -> None:
    view.open("?tickers=NVDA,AMZN&range=1m")
    item = view.page.locator("#growth .legend button", has_text="AMZN")
    colour = view.page.evaluate(COLOUR.replace("9", "4"))
    assert view.page.locator("#growth .plot").evaluate(PIXELS, colour) > 300
    item.click()
    expect(item).to_have_attribute("aria-pressed", "false")
    view.page.wait_for_function(f"() => ({PIXELS})(document.querySelector('#growth .plot'), '{colour}') < 30")


def test_a_table_sorts_by_any_column(view: View) -> None:
    view.open("?tickers=NVDA,AMZN,TSLA,META&range=3m")
    rows = {
        row["ticker"]: row["volatility"]
        for row in view.answer("compare?tickers=NVDA,AMZN,TSLA,META,VOO&range=3m&benchmark=VOO")["summary"]
    }
    heading = view.page.locator("#summary th", has_text="Volatility")
    heading.get_by_role("button").click()
    expect(heading).to_have_attribute("aria-sort", "descending")
    shown = view.page.locator("#summary tbody th").all_inner_texts()
    assert shown == sorted(rows, key=rows.__getitem__, reverse=True)


def test_presets_title_and_link(view: View) -> None:
    view.open()
    view.page.get_by_role("button", name="ETFs").click()
    view.settle()
    assert "tickers=VOO,QQQ,SCHG&" in view.page.url
    assert view.page.title() == "VOO, QQQ, SCHG · 3 months · Bellwether"
    view.page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    view.page.get_by_role("button", name="Copy link").click()
    expect(view.page.locator("#copied")).to_have_text("Link copied")
    assert view.page.evaluate("navigator.clipboard.readText()") == view.page.url


def test_a_chart_has_its_values_as_a_table(view: View) -> None:
    view.open("?tickers=TSLA&range=1w")
    view.page.locator("#close summary").click()
    cells = view.page.locator("#close .values td").all_inner_texts()
    rows = view.answer("prices?tickers=TSLA&range=1w")["rows"]
    assert cells == [f"{row['close']:,.2f}" for row in reversed(rows)]
