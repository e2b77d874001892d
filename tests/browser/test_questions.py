"""The cards of the five questions: headline, key figures, a picture of the answer, details, and a link."""

import pytest
from playwright.sync_api import Browser

from tests.browser.view import View, by_series

NAMES = ("volume", "comparison", "diversification", "outlook", "patterns")
SERIES = {"volume": "volume", "comparison": "growth", "diversification": "growth"}


@pytest.mark.parametrize("name", NAMES)
def test_a_card_has_headline_figures_and_details(first_view: View, name: str) -> None:
    expected = first_view.answer(f"questions/{name}")
    card = first_view.page.locator(f"#question-{name}")
    assert card.locator(".headline").inner_text().replace("\u00a0", " ") == expected["headline"]
    assert [text.replace("\u00a0", " ") for text in card.locator(".figures b").all_inner_texts()] == [
        figure["text"] for figure in expected["key_figures"]
    ]
    assert not card.locator(".details p").first.is_visible()
    card.locator(".details summary").click()
    texts = [text.replace("\u00a0", " ") for text in card.locator(".details p").all_inner_texts()]
    card.locator(".details summary").click()
    assert texts == expected["details"]


@pytest.mark.parametrize("name", SERIES)
def test_a_card_has_the_series_of_its_answer(first_view: View, name: str) -> None:
    expected = by_series(first_view.answer(f"questions/{name}")["rows"], "ticker", SERIES[name])
    drawn = first_view.lines(f"question-{name}")
    assert set(drawn) == set(expected)
    for ticker, points in expected.items():
        assert [value for _, value in drawn[ticker]] == pytest.approx([value for _, value in points], abs=1e-12)


def test_the_probability_is_a_bar_with_its_range(first_view: View) -> None:
    (found,) = first_view.answer("questions/outlook")["summary"]
    picture = first_view.page.locator("#question-outlook svg")
    assert f"{round(100 * found['p_a_beats_b'])}\u00a0%" in (picture.get_attribute("aria-label") or "")
    track, band, dot = (picture.locator(part) for part in (".track", ".likely", ".chance"))
    left, width = (float(track.get_attribute(name) or "") for name in ("x", "width"))

    def share(place: float) -> float:
        return (place - left) / width

    assert share(float(dot.get_attribute("cx") or "")) == pytest.approx(found["p_a_beats_b"], abs=1e-6)
    first, length = (float(band.get_attribute(name) or "") for name in ("x", "width"))
    assert share(first) == pytest.approx(found["p_low"], abs=1e-6)
    assert share(first + length) == pytest.approx(found["p_high"], abs=1e-6)


def test_range_is_drawn_against_volume_with_a_line_and_the_cone(first_view: View) -> None:
    answer = first_view.answer("questions/patterns")
    card = first_view.page.locator("#question-patterns")
    dots = [row for row in answer["rows"] if row["volume"] and row["log_range"]]
    assert card.locator(".dot").count() == len(dots)
    assert card.locator(".fit").count() == len(answer["fits"]) == 2
    assert card.locator(".now").count() == len(answer["cone"])


def test_the_questions_are_asked_of_the_tickers_picked(browser: Browser, address: str) -> None:
    with View.of(browser, address) as view:
        view.page.goto(f"{address}/?tickers=TSLA,QQQ&range=1m&questions=picked")
        card = view.page.locator("#question-comparison")
        card.scroll_into_view_if_needed()
        view.page.wait_for_selector("#question-comparison[data-state=drawn]")
        assert set(view.lines("question-comparison")) == {"TSLA", "QQQ"}
        expected = view.answer("questions/comparison?tickers=TSLA,QQQ")["headline"]
        assert card.locator(".headline").inner_text().replace("\u00a0", " ") == expected
        outlook = view.page.locator("#question-outlook")
        outlook.scroll_into_view_if_needed()
        view.page.wait_for_selector("#question-outlook[data-state]")
        assert "/questions/outlook?a=TSLA,QQQ&b=VOO" in view.requests


def test_open_in_charts_leads_to_the_view(browser: Browser, address: str) -> None:
    with View.of(browser, address) as view:
        view.page.goto(address)
        card = view.page.locator("#question-patterns")
        card.scroll_into_view_if_needed()
        view.page.wait_for_selector("#question-patterns[data-state=drawn]")
        card.get_by_role("link", name="Open in charts").click()
        view.page.wait_for_url("**/?tickers=TSLA,MSFT&range=100d*")
        view.settle()
        assert set(view.lines("volatility")) == {"TSLA", "MSFT"}
        assert len(view.lines("volatility")["TSLA"]) == 100
