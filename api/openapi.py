"""Completes `/openapi.json`: tags, operation ids, the order of parameters, problems, and examples of answers."""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.routing import APIRoute
from starlette.routing import Route

from api.http.parameters import place_of
from api.http.problems import KINDS, MEDIA_TYPE
from api.http.schemas import Problem
from api.resources.index import MODULES

TAGS = (
    ("Market data", "Daily bars, splits, dividends and news sentiment, and the tickers that there are"),
    ("Analytics", "Comparison, returns and risk, volatility and weekdays, computed from the bars"),
    ("Outlook", "Which of two baskets is likelier to return more, and how good such forecasts have been"),
    ("Questions", "Five questions, each answered in sentences, with the figures that they rest on"),
    ("Service", "What is published, how fresh it is, and the limits of one request"),
)
# FastAPI's own schemas of a refusal, whose body is never sent.
_UNUSED = ("HTTPValidationError", "ValidationError")
_WHAT = {
    400: "A parameter that is refused, with the reason",
    404: "A ticker that Bellwether does not follow",
    422: "Too little history for an answer",
    503: "The data is unavailable; Retry-After says when to ask again",
}
_ALWAYS_ANSWERED = ("/health", "/limits")  # also without a readable lake
_RETRY_AFTER = {"Retry-After": {"description": "Seconds after which to ask again", "schema": {"type": "integer"}}}


def install(app: FastAPI, load_routes: Callable[[], None]) -> None:
    """Complete the OpenAPI document of `app`, and build it apart from other requests, once all routes are loaded."""
    plain: Callable[[], dict[str, Any]] = app.openapi

    def build() -> dict[str, Any]:
        load_routes()
        return complete(plain())

    app.openapi = cache(build)  # type: ignore[method-assign] # as FastAPI's manual does it
    routes = app.router.routes
    place, read = next(
        (place, route.endpoint)
        for place, route in enumerate(routes)
        if isinstance(route, Route) and route.path == app.openapi_url
    )
    one_at_a_time = asyncio.Lock()

    async def read_openapi(request: Request) -> Response:
        async with one_at_a_time:
            # The first time takes half a second, which must not block the event loop.
            await asyncio.to_thread(app.openapi)
        answer: Response = await read(request)
        return answer

    routes[place] = Route(str(app.openapi_url), read_openapi, include_in_schema=False)


def tags() -> list[dict[str, str]]:
    """The tags with their descriptions, in the order in which Swagger UI shows them."""
    return [{"name": name, "description": description} for name, description in TAGS]


def operation_id(route: APIRoute) -> str:
    """`getOutlookCalibration` for `/outlook/calibration`: clients of the API name their functions by it."""
    words = route.path.translate(str.maketrans("/-_{}", "     ")).split()
    return "get" + "".join(word.capitalize() for word in words)


def complete(document: dict[str, Any]) -> dict[str, Any]:
    """The document with the problems and the example of each path, in the order in which the API lists them."""
    found = examples()
    document["paths"] = {path: document["paths"][path] for path in MODULES}
    schemas = document["components"]["schemas"]
    for name in _UNUSED:
        schemas.pop(name, None)
    schemas["Problem"] = Problem.model_json_schema()
    for path, methods in document["paths"].items():
        operation = methods["get"]
        operation.get("parameters", []).sort(key=lambda one: place_of(one["name"]))
        for parameter in operation.get("parameters", []):
            _simplify(parameter)
        answer = operation["responses"]["200"]
        if path in found["answers"]:
            answer["content"]["application/json"]["example"] = found["answers"][path]
        operation["responses"] = {"200": answer} | {
            str(status): _problem(status, found["problems"]) for status in _statuses(path, operation)
        }
    return document


@cache
def examples() -> dict[str, Any]:
    """`answers` by path and `problems` by kind, as tools/openapi_examples.py wrote them."""
    text = resources.files("api").joinpath("examples.json").read_text(encoding="utf-8")
    found: dict[str, Any] = json.loads(text)
    return found


def _simplify(parameter: dict[str, Any]) -> None:
    """A parameter without the null of its absence, and with one example instead of a choice of one.

    Swagger UI shows a list for any number of `examples`, and `string | (string | null)` for what may be left out.
    """
    kinds = parameter["schema"].pop("anyOf", ())
    for kind in kinds:
        parameter["schema"] |= kind if kind != {"type": "null"} else {}
    if (given := list(parameter.pop("examples", {}).values())) and len(given) == 1:
        parameter["example"] = given[0]["value"]


def _statuses(path: str, operation: Mapping[str, Any]) -> Iterator[int]:
    """The statuses of the problems that a path may answer."""
    parameters = {one["name"] for one in operation.get("parameters", ())}
    yield 400  # an unknown parameter at the least
    if parameters & {"tickers", "a", "benchmark"}:
        yield 404
    if path == "/outlook":
        yield 422
    if path not in _ALWAYS_ANSWERED:
        yield 503


def _problem(status: int, bodies: Mapping[str, Any]) -> dict[str, Any]:
    """The response object of a status, with an example of each problem that has it."""
    kinds = [kind.slug for kind in KINDS.values() if kind.status == status and kind.slug in bodies]
    # Swagger UI shows a menu for any number of `examples`, one included.
    shown: dict[str, Any] = (
        {"example": bodies[kinds[0]]}
        if len(kinds) == 1
        else {"examples": {slug: {"summary": bodies[slug]["title"], "value": bodies[slug]} for slug in kinds}}
    )
    content = {"schema": {"$ref": "#/components/schemas/Problem"}, **shown}
    headers = {"headers": _RETRY_AFTER} if status == 503 else {}
    return {"description": _WHAT[status], "content": {MEDIA_TYPE: content}, **headers}
