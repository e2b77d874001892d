"""The page on a phone of 390 × 844: what the first screen shows, what it loads, and that nothing jumps."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Response, expect

from tests.browser.view import View

MOST_BYTES = 250_000  # over the wire to the first chart
SHIFTS = """() => new Promise((done) => {
  new PerformanceObserver((list) => {
    done(list.getEntries().reduce((sum, one) => sum + (one.hadRecentInput ? 0 : one.value), 0));
  }).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(0), 500); // no entry, no shift
})"""


@pytest.fixture(scope="module")
def phone(browser: Browser, address: str) -> Iterator[tuple[View, list[Response]]]:
    """The default view, and every answer that it has loaded."""
    with View.of(browser, address, width=390, height=844) as view:
        answers: list[Response] = []

        def keep(answer: Response) -> None:
            answers.append(answer)

        view.page.on("response", keep)
        view.open()
        yield view, answers


def test_the_first_screen_shows_the_figures_and_the_top_of_the_chart(phone: tuple[View, list[Response]]) -> None:
    view, _ = phone
    assert view.page.evaluate("document.documentElement.scrollWidth") == 390
    scores = view.page.locator("#scores").bounding_box()
    plot = view.page.locator("#growth .plot").bounding_box()
    assert scores is not None
    assert plot is not None
    assert scores["y"] + scores["height"] < 844
    assert plot["y"] < 844 - 150
    assert view.page.locator("#scores strong").count() == 3


def test_the_controls_fold_into_one_line(phone: tuple[View, list[Response]]) -> None:
    view, _ = phone
    fold, controls = view.page.locator("#fold"), view.page.locator("#controls")
    box = fold.bounding_box()
    assert box is not None
    assert box["height"] < 48
    assert view.page.locator("#fold-text").inner_text() == "NVDA, AMZN · 3m · vs VOO"
    assert not controls.is_visible()
    fold.click()
    assert controls.is_visible()
    assert fold.get_attribute("aria-expanded") == "true"
    fold.click()


def test_the_first_chart_takes_few_bytes_and_requests(phone: tuple[View, list[Response]]) -> None:
    view, answers = phone
    sizes = {one.url.removeprefix(view.address): one.request.sizes()["responseBodySize"] for one in answers}
    static = [path for path in sizes if path == "/" or path.startswith("/page/")]
    assert len(static) == 4, static
    assert sum(sizes.values()) <= MOST_BYTES, sizes


def test_nothing_jumps(browser: Browser, address: str) -> None:
    with View.of(browser, address, width=390, height=844) as view:
        view.open()
        assert view.page.evaluate(SHIFTS) < 0.1
    with View.of(browser, address) as view:
        view.open()
        assert view.page.evaluate(SHIFTS) < 0.1


def test_the_words_around_a_probability_neither_overlap_nor_are_cut_off(phone: tuple[View, list[Response]]) -> None:
    view, _ = phone
    view.page.set_viewport_size({"width": 360, "height": 844})
    view.open_whole()
    picture = view.page.locator("svg[aria-label^=Probability]")
    expect(picture.locator("text").first).to_be_visible()
    frame = picture.bounding_box()
    words = [(one.text_content(), one.bounding_box()) for one in picture.locator("text").all()]
    assert frame is not None
    assert len(words) >= 6  # two baskets, even, the estimate, and the note in two lines
    for place, (text, box) in enumerate(words):
        assert box is not None
        assert frame["x"] <= box["x"], text
        assert box["x"] + box["width"] <= frame["x"] + frame["width"], text
        for other, beside in words[:place]:
            assert beside is not None
            apart = (
                box["x"] >= beside["x"] + beside["width"] or beside["x"] >= box["x"] + box["width"]
                or box["y"] + 2 >= beside["y"] + beside["height"] or beside["y"] + 2 >= box["y"] + box["height"]
            )  # fmt: skip
            assert apart, (text, other)
