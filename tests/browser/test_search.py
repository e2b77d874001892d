"""A universe of many tickers: a search box, chips for those picked, and sectors to open."""

from collections.abc import Sequence

from playwright.sync_api import Browser, Route, expect

from api.resources.tickers.search import NOT_FOUND, distance
from lake.universe import read
from lake.universe_file import instruments
from tests.browser.view import View

SECTORS = ("Energy", "Utilities", "Financials")
COMPANIES: Sequence[dict[str, str | None]] = [
    {"value": f"ZZ{number:03d}", "name": f"Company {number}", "sector": SECTORS[number % 3], "kind": "stock"}
    for number in range(493)
]


def many_tickers(view: View, rows: Sequence[dict[str, str | None]] = COMPANIES) -> None:
    """Answer /tickers as a lake of 503 would: the ten of this one, and others."""
    answer = view.answer("tickers")
    other = answer["rows"][0]
    own = {row["value"] for row in rows}
    answer["rows"] = [row for row in answer["rows"] if row["value"] not in own] + [other | row for row in rows]

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
    expect(field).to_have_value("zz0")
    view.page.keyboard.press("Escape")
    expect(field).to_have_value("")
    view.page.keyboard.press("Backspace")
    view.settle()
    assert "tickers=NVDA&" in view.page.url


def test_sectors_open_to_their_tickers(view: View) -> None:
    many_tickers(view)
    view.open("?tickers=NVDA&range=1m")
    view.page.get_by_text("By sector").click()
    view.page.get_by_text("Utilities (164)").click()
    chip = view.page.locator("#sector-list").get_by_role("button", name="ZZ001")
    expect(chip).to_be_visible()
    expect(chip).to_have_attribute("aria-pressed", "false")
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "true")
    assert "tickers=NVDA,ZZ001&" in view.page.url
    chip.click()
    expect(chip).to_have_attribute("aria-pressed", "false")
    assert "tickers=NVDA&" in view.page.url
    assert not view.page.get_by_role("button", name="All", exact=True).is_visible()  # 503 are not compared at once


def test_words_before_parts_of_words_and_nothing_is_said(view: View) -> None:
    many_tickers(view)
    view.open("?tickers=NVDA&range=1m")
    field = view.page.get_by_role("combobox", name="Add a ticker")
    found = view.page.locator("#matches li")
    for text, first in (("va", "VOO"), ("corp", None), ("NV", "NVDA"), ("utilities", "ZZ001")):
        field.fill(text)
        if first is None:
            expect(found).to_have_count(0)
            expect(view.page.locator("#no-match")).to_have_text("No ticker or name like this in the lake.")
        else:
            expect(found.first).to_have_attribute("data-value", first)
            expect(view.page.locator("#no-match")).to_be_empty()


def test_the_search_box_finds_what_the_path_finds(view: View) -> None:
    """The S&P 500, by texts with dots, marks, apostrophes, dashes and words in another order."""
    index = instruments(read("sp500.toml"))
    facts = index.items()
    rows = [{"value": name, "name": one.name, "sector": one.sector, "tracks": one.tracks} for name, one in facts]
    many_tickers(view, rows)
    view.open("?tickers=NVDA&range=1m")
    texts = (
        *("brk-b", "BRK/B", "att", "at and t", "coca cola", "cocacola", "McDonald’s", "estee", "ESTÉE", "eli lilly"),
        *("jb hunt", "brown-forman", "s&p", "e", "real estate", "nasdaq-100", "&", "and", "3M", " ", "no such name"),
    )
    for text in texts:
        ranked = [
            (distance(text, ticker, one.name, [name for name in (one.sector, one.tracks) if name]), ticker)
            for ticker, one in index.items()
            if text.strip()
        ]
        nearest = [ticker for place, ticker in sorted(ranked, key=lambda one: one[0]) if place < NOT_FOUND][:12]
        view.page.get_by_role("combobox", name="Add a ticker").fill(text)
        shown = view.page.locator("#matches li").evaluate_all("(all) => all.map((one) => one.dataset.value)")
        assert shown == nearest, text


def test_the_list_of_many_is_there_at_once(view: View) -> None:
    """Typing is answered within a few frames; 503 tickers by sector within a quarter of a second, on a busy machine."""
    many_tickers(view)
    view.open("?tickers=NVDA&range=1m")
    view.page.get_by_role("combobox", name="Add a ticker").focus()
    took = view.page.evaluate(
        """() => {
          const timed = (action) => { const began = performance.now(); action(); return performance.now() - began; };
          const field = document.getElementById("search-field");
          const typed = timed(() => { field.value = "z"; field.dispatchEvent(new Event("input")); });
          const sectors = document.getElementById("sectors");
          sectors.open = true;
          const opened = timed(() => sectors.dispatchEvent(new Event("toggle")));
          return [typed, opened];
        }"""
    )
    assert took[0] < 50
    assert took[1] < 250


def test_more_than_fifty_tickers_are_shown_as_the_first_fifty(view: View) -> None:
    """A hundred in the address: none of them is called unknown, and the reader is told what is left out."""
    known = [row["value"] for row in view.answer("tickers")["rows"]]
    many_tickers(view)
    others = [row["value"] or "" for row in COMPANIES[: 100 - len(known)]]
    view.page.route("**/compare?*", lambda route: route.fulfill(status=503, json={"message": "busy"}))
    view.open(f"?tickers={','.join([*known, *others])}&range=1m&benchmark=VOO")
    said = view.page.locator("#problems p").all_inner_texts()
    assert "100 tickers are too many: the first 50 are shown. Take some out." in said
    asked = next(request for request in view.requests if request.startswith("/prices?") and "range=1m" in request)
    assert asked.split("tickers=")[1].split("&")[0].split(",") == [*known, *others][:50]


def test_a_refusal_for_their_number_calls_no_ticker_unknown(view: View) -> None:
    refusal = view.answer(f"prices?tickers={','.join(f'ZZ{number:02d}' for number in range(51))}")
    assert refusal["parameter"] == "tickers"
    view.page.route("**/compare?*", lambda route: route.fulfill(status=400, json=refusal | {"value": "NVDA,AMZN"}))
    view.open("?tickers=NVDA,AMZN&range=1m&benchmark=NONE")
    assert view.page.locator("#problems p").all_inner_texts() == [refusal["message"]]


def test_the_fifty_first_pick_is_refused_in_words(view: View) -> None:
    many_tickers(view)
    fifty = ",".join(row["value"] or "" for row in COMPANIES[:50])
    view.open(f"?tickers={fifty}&range=1m&benchmark=NONE")
    view.page.get_by_role("combobox", name="Add a ticker").fill("ZZ060")
    view.page.keyboard.press("Enter")
    expect(view.page.locator("#picked")).to_have_text("50 tickers are the most. Take one out first.")
    assert "ZZ060" not in view.page.url
    view.page.locator("#tickers button[value=ZZ049]").click()
    expect(view.page.locator("#picked")).to_be_empty()
    assert "ZZ049" not in view.page.url


def test_what_is_drawn_of_many_tickers_is_not_cut_off(browser: Browser, address: str) -> None:
    """All ten and their legend: a chart keeps its height on a phone, and a column or a bar each is in sight."""
    with View.of(browser, address, width=360) as view:
        names = [row["value"] for row in view.answer("tickers")["rows"]]
        view.open(f"?tickers={','.join(names)}&range=1m")
        assert _height(view, "#growth .plot") >= 240
    with View.of(browser, address, width=820) as view:
        view.open(f"?tickers={','.join(names)}&range=1m")
        assert view.page.locator("#correlation .body").evaluate("(one) => one.scrollWidth <= one.clientWidth")
        view.open(f"?view=portfolio&weights={','.join(f'{name}:0.1' for name in names)}&range=1m")
        view.page.wait_for_selector("#portfolio_contributions svg")
        assert _height(view, "#portfolio_contributions .body") >= 24 + 30 * len(names)


def _height(view: View, place: str) -> float:
    return float(view.page.locator(place).evaluate("(one) => one.getBoundingClientRect().height"))
