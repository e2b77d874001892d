"""Swagger UI loads without the internet, and "Try it out" works with the values that it fills in."""

from playwright.sync_api import Route

from tests.browser.view import View


def answer_without_body(route: Route) -> None:
    """Ask the API, and give Swagger its status with an empty body: colouring long answers took a minute."""
    answer = route.fetch()
    route.fulfill(status=answer.status, content_type="application/json", body="{}")


def test_every_path_answers_the_values_that_swagger_fills_in(view: View) -> None:
    statuses: dict[str, int] = {}
    requested: set[str] = set()
    view.page.on("request", lambda request: requested.add(request.url))
    view.page.on("response", lambda response: statuses.update({response.url.split("?")[0]: response.status}))
    view.page.goto(f"{view.address}/docs")
    view.page.wait_for_selector(".opblock")
    # Loading the page itself requests /openapi.json, which must not count as an answer.
    statuses.clear()
    view.page.route(lambda url: "static" not in url, answer_without_body)
    blocks = view.page.locator(".opblock")
    for block in blocks.all():
        block.locator(".opblock-summary-control").click()
        block.locator(".try-out__btn").click()
        with view.page.expect_response(lambda response: "static" not in response.url):
            block.locator(".execute").click()
        block.locator(".opblock-summary-control").click()  # a folded block is not rendered again
    answered = {url: status for url, status in statuses.items() if "static" not in url}
    assert f"{view.address}/compare" in answered
    assert len(answered) == blocks.count()
    assert set(answered.values()) == {200}, answered
    assert all(url.startswith((view.address, "data:")) for url in requested), requested
