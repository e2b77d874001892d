"""Errors are shown in the panel concerned; the other panels work on."""

import json
from urllib.parse import urlsplit

from playwright.sync_api import Route, expect

from tests.browser.view import View

OPEN = ("/health", "/docs", "/openapi.json")
CHARTS = ("growth", "drawdown", "close", "rate", "volume", "range", "volatility")


def test_the_other_tickers_are_drawn_when_one_is_wrong(view: View) -> None:
    view.open("?tickers=NVDA,NOPE,N!PE&range=1m")
    view.page.wait_for_selector("#growth[data-state=drawn]")
    view.settle()
    assert set(view.lines("growth")) == {"NVDA", "VOO"}
    assert view.page.locator("#problems p").all_inner_texts() == [
        "NOPE, N!PE: not in this lake, so left out. Take it out or choose another ticker."
    ]
    assert {view.state(panel) for panel in CHARTS} == {"drawn"}
    chip = view.page.get_by_role("button", name="NOPE")
    expect(chip).to_have_attribute("aria-pressed", "true")
    # It has no line, and so no colour either: a ring, where the others have a dot.
    colours = [
        view.page.locator(f"#tickers button[value='{ticker}'] .swatch").evaluate(
            "(one) => [getComputedStyle(one).backgroundColor, getComputedStyle(one).borderStyle]"
        )
        for ticker in ("NOPE", "NVDA")
    ]
    assert colours[0] == ["rgba(0, 0, 0, 0)", "dashed"]
    assert colours[1][0] != colours[0][0]


def test_a_wrong_benchmark_is_left_out(view: View) -> None:
    view.open("?tickers=NVDA&range=1m&benchmark=NOPE")
    view.page.wait_for_selector("#growth[data-state=drawn]")
    assert set(view.lines("growth")) == {"NVDA"}
    assert view.page.locator("#problems").inner_text() == "NOPE: not in this lake. Choose another benchmark."


def test_a_refused_question_clears_what_was_shown(view: View) -> None:
    """Nothing of the question before stays: no figure, no chart, no warning; the reason is said once."""
    view.open()
    assert view.page.locator("#scores li").count() == 3
    view.page.evaluate(
        "history.pushState(null, '', '?tickers=NVDA&range=abc'); dispatchEvent(new PopStateEvent('popstate'))"
    )
    view.page.wait_for_selector("#growth[data-state=refused]")
    view.settle()
    assert {view.state(panel) for panel in (*CHARTS, "summary", "correlation")} == {"refused"}
    assert view.page.locator("#panels canvas").count() == 0
    assert view.page.locator("#summary table, #scores li, #warnings li").count() == 0
    expected = view.answer("prices?tickers=NVDA&range=abc")["message"]
    assert view.page.locator("#problems p").all_inner_texts() == [expected]
    assert view.page.locator("body").inner_text().count(expected) == 1


def test_a_failed_panel_does_not_affect_the_others(view: View) -> None:
    refusal = {"message": "Athena cannot be asked just now."}
    view.page.route("**/volatility?*", lambda route: route.fulfill(status=503, json=refusal))
    view.open()
    assert {panel: view.state(panel) for panel in CHARTS} == dict.fromkeys(CHARTS, "drawn") | {"volatility": "refused"}
    problems = view.page.locator("#problems")
    assert problems.locator("p").all_inner_texts() == ["Athena cannot be asked just now."]
    view.page.unroute("**/volatility?*")
    problems.get_by_role("button", name="Try again").click()
    view.settle()
    assert view.state("volatility") == "drawn"
    expect(problems).to_be_hidden()


def test_answers_that_are_no_json_or_missing_are_explained_once(view: View) -> None:
    view.page.route("**/prices?*", lambda route: route.fulfill(status=502, body="<html>Bad Gateway</html>"))
    view.page.route("**/compare?*", lambda route: route.abort())
    view.open()
    first, second = sorted(view.page.locator("#problems p").all_inner_texts())
    assert "502" in first
    assert "cannot be reached" in second


def test_what_is_shown_is_dimmed_until_the_new_answer_is_there(view: View) -> None:
    view.open()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    view.page.route("**/compare?*", hold)
    view.page.get_by_text("1m", exact=True).click()
    for part in ("#scores", "#growth", "#drawdown", "#summary", "#correlation"):
        expect(view.page.locator(part)).to_have_attribute("aria-busy", "true")
    assert float(view.page.locator("#scores").evaluate("(one) => getComputedStyle(one).opacity")) < 0.6
    assert float(view.page.locator("#growth .body").evaluate("(one) => getComputedStyle(one).opacity")) < 0.6
    held[0].continue_()
    view.settle()
    expect(view.page.locator("#scores")).not_to_have_attribute("aria-busy", "true")


def test_a_late_answer_of_an_old_question_never_lands(view: View) -> None:
    view.open()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    view.page.route("**/compare?*range=1m*", hold)
    view.page.get_by_text("1m", exact=True).click()
    view.page.wait_for_timeout(200)
    view.page.get_by_text("1w", exact=True).click()
    view.settle()
    week, scores = view.lines("growth"), view.page.locator("#scores").inner_text()
    held[0].continue_()
    view.page.wait_for_timeout(500)
    assert view.lines("growth") == week
    assert len(week["NVDA"]) == 6  # five sessions and the base
    assert view.page.locator("#scores").inner_text() == scores


def test_a_problem_of_the_lake_does_not_hide_that_prices_are_simulated(view: View) -> None:
    health = view.answer("health") | {"problem": "snapshot 20261124T013005Z cannot be read"}
    view.page.route("**/health", lambda route: route.fulfill(json=health))
    view.open()
    banner = view.page.locator("#banner").inner_text()
    assert banner.startswith("snapshot 20261124T013005Z cannot be read. Simulated data:")


def test_a_loading_panel_is_busy(view: View) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    view.page.route("**/compare?*", hold)
    view.page.goto(view.address)
    view.page.wait_for_selector("#volatility[data-state=drawn]")
    expect(view.page.locator("#growth")).to_have_attribute("aria-busy", "true")
    held[0].continue_()
    view.settle()
    assert view.state("growth") == "drawn"


def test_a_key_is_requested_once_and_stored(view: View) -> None:
    view.page.route("**/*", _gateway)
    view.page.goto(view.address)
    view.page.get_by_role("textbox", name="API key").fill("secret")
    view.page.get_by_role("button", name="Save").click()
    view.page.wait_for_selector("#growth[data-state=drawn]")
    view.settle()
    assert {view.state(panel) for panel in CHARTS} == {"drawn"}
    view.open()
    assert not view.page.locator("#key-dialog").is_visible()
    with view.page.expect_download() as download:  # a plain link could not send the key
        view.page.locator("#range .csv").click()
    assert download.value.path().read_text().startswith("time,ticker,")


def test_without_a_key_the_panels_say_so(view: View) -> None:
    view.page.route("**/*", _gateway)
    view.page.goto(view.address)
    view.page.get_by_role("button", name="Not now").click()
    view.settle()
    assert view.page.locator("#problems p").all_inner_texts() == ["This service needs an API key."]
    assert not view.page.locator("#key-dialog").is_visible()


def test_an_empty_lake_is_explained(view: View, empty_address: str) -> None:
    view.page.goto(empty_address)
    view.page.wait_for_selector("#growth[data-state=refused]")
    assert "nothing is published in this lake yet" in view.page.locator("#banner").inner_text()


def _gateway(route: Route) -> None:
    """A gateway that requires an API key except for the open paths."""
    path = urlsplit(route.request.url).path
    if path == "/" or path.startswith("/page/") or path in OPEN or route.request.headers.get("x-api-key") == "secret":
        route.continue_()
    else:
        route.fulfill(status=403, body=json.dumps({"message": "Forbidden"}), content_type="application/json")
