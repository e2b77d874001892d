"""A universe of many tickers: a search box, chips for those picked, and sectors to open."""

from playwright.sync_api import Route, expect

from tests.browser.view import View

SECTORS = ("Energy", "Utilities", "Financials")


def many_tickers(view: View) -> None:
    """Answer /tickers as a lake of 503 would: the ten of this one, and others."""
    answer = view.answer("tickers")
    other = answer["rows"][0]
    answer["rows"] += [
        other
        | {"value": f"ZZ{number:03d}", "name": f"Company {number}", "kind": "stock", "sector": SECTORS[number % 3]}
        for number in range(493)
    ]

    def fulfil(route: Route) -> None:
        route.fulfill(json=answer)

    view.page.route("**/tickers*", fulfil)


def test_a_ticker_is_found_and_picked_by_the_keyboard(view: View) -> None:
    many_tickers(view)
    view.open("?tickers=NVDA&range=1m")
    expect(view.page.locator("#tickers button")).to_have_count(1)
    field = view.page.get_by_role("combobox", name="Add a ticker")
    field.focus()
    view.page.keyboard.type("micros")
    expect(view.page.locator("#matches li")).to_have_count(1)
    view.page.keyboard.press("Enter")
    view.settle()
    assert "tickers=NVDA,MSFT" in view.page.url
    assert set(view.lines("growth")) == {"NVDA", "MSFT", "VOO"}
    view.page.keyboard.type("zz0")
    expect(view.page.locator("#matches li")).to_have_count(12)
    view.page.keyboard.press("ArrowDown")
    expect(field).to_have_attribute("aria-activedescendant", "match-ZZ001")
    view.page.keyboard.press("Escape")
    expect(view.page.locator("#matches li")).to_have_count(0)
    field.fill("")
    view.page.keyboard.press("Backspace")
    view.settle()
    assert "tickers=NVDA&" in view.page.url


def test_sectors_open_to_their_tickers(view: View) -> None:
    many_tickers(view)
    view.open("?tickers=NVDA&range=1m")
    view.page.get_by_text("By sector").click()
    view.page.get_by_text("Utilities (164)").click()
    expect(view.page.get_by_role("button", name="ZZ001")).to_be_visible()
    assert not view.page.get_by_role("button", name="All", exact=True).is_visible()  # 503 are not compared at once
