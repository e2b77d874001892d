"""Swagger UI loads without the internet, and "Try it out" works with the values that it fills in.

That every path answers the examples of its parameters is tested without a browser, in tests/api/test_openapi.py. Here
are as many paths as it takes to fill in every parameter once.
"""

from typing import Any

from playwright.sync_api import Route

from tests.browser.view import View


def answer_without_body(route: Route) -> None:
    """Ask the API, and give Swagger its status with an empty body: colouring long answers took a minute."""
    answer = route.fetch()
    route.fulfill(status=answer.status, content_type="application/json", body="{}")


def with_every_parameter(document: dict[str, Any]) -> list[str]:
    """Paths that have all parameters between them, few but not always the fewest."""
    left = {
        path: {one["name"] for one in about["get"].get("parameters", ())} for path, about in document["paths"].items()
    }
    chosen = []
    while any(left.values()):
        path = max(left, key=lambda one: len(left[one]))
        chosen.append(path)
        filled = left[path]
        left = {one: names - filled for one, names in left.items()}
    return chosen


def test_swagger_fills_in_values_that_answer(view: View) -> None:
    statuses: dict[str, int] = {}
    requested: set[str] = set()
    view.page.on("request", lambda request: requested.add(request.url))
    view.page.on("response", lambda response: statuses.update({response.url.split("?")[0]: response.status}))
    view.page.goto(f"{view.address}/docs")
    view.page.wait_for_selector(".opblock")
    document = view.answer("openapi.json")
    assert view.page.locator(".opblock").count() == len(document["paths"])
    # Loading the page itself requests /openapi.json, which must not count as an answer.
    statuses.clear()
    view.page.route(lambda url: "static" not in url, answer_without_body)
    paths = with_every_parameter(document)
    for path in paths:
        block = view.page.locator(f'.opblock:has([data-path="{path}"])')
        block.locator(".opblock-summary-control").click()
        block.locator(".try-out__btn").click()
        with view.page.expect_response(lambda response: "static" not in response.url):
            block.locator(".execute").click()
        block.locator(".opblock-summary-control").click()  # a folded block is not rendered again
    answered = {url: status for url, status in statuses.items() if "static" not in url}
    assert len(answered) == len(paths) > 3
    assert set(answered.values()) == {200}, answered
    assert all(url.startswith((view.address, "data:")) for url in requested), requested
