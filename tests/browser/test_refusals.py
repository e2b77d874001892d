"""Errors are shown in the panel concerned; the other panels work on."""

import json
from urllib.parse import urlsplit

from playwright.sync_api import Route, expect

from tests.browser.view import View

OPEN = ("/health", "/docs", "/openapi.json")
CHARTS = ("growth", "drawdown", "volume", "range", "volatility")


def test_an_unknown_ticker_shows_the_apis_message(view: View) -> None:
    view.open("?tickers=NOPE&range=1m")
    expected = view.answer("prices?tickers=NOPE&range=1m")
    assert view.state("volume") == "refused"
    assert view.page.locator("#volume .note").inner_text().startswith(expected["message"])
    expect(view.page.get_by_role("button", name="NOPE")).to_have_attribute("aria-pressed", "true")


def test_a_failed_panel_does_not_affect_the_others(view: View) -> None:
    refusal = {"message": "Athena cannot be asked just now."}
    view.page.route("**/volatility?*", lambda route: route.fulfill(status=503, json=refusal))
    view.open()
    assert {panel: view.state(panel) for panel in CHARTS} == dict.fromkeys(CHARTS, "drawn") | {"volatility": "refused"}
    note = view.page.locator("#volatility .note")
    assert note.inner_text().startswith("Athena cannot be asked just now.")
    view.page.unroute("**/volatility?*")
    note.get_by_role("button").click()
    view.settle()
    assert view.state("volatility") == "drawn"


def test_answers_that_are_no_json_or_missing_are_explained(view: View) -> None:
    view.page.route("**/prices?*", lambda route: route.fulfill(status=502, body="<html>Bad Gateway</html>"))
    view.page.route("**/compare?*", lambda route: route.abort())
    view.open()
    assert "502" in view.page.locator("#volume .note").inner_text()
    assert "cannot be reached" in view.page.locator("#growth .note").inner_text()


def test_a_problem_of_the_lake_does_not_hide_that_prices_are_simulated(view: View) -> None:
    health = view.answer("health") | {"problem": "snapshot 20261124T013005Z cannot be read"}
    view.page.route("**/health", lambda route: route.fulfill(json=health))
    view.open()
    banner = view.page.locator("#banner").inner_text()
    assert banner.startswith("snapshot 20261124T013005Z cannot be read. Simulated data.")


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
    view.page.get_by_role("button", name="Keep it").click()
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
    assert "API key" in view.page.locator("#growth .note").inner_text()
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
