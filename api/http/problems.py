"""Errors → RFC 9457 problem bodies: the status of each error, and the handlers."""

from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, NamedTuple

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.errors import (
    ApiError,
    BadParameterError,
    NothingPublishedError,
    StoreError,
    StoreThrottledError,
    StoreUnavailableError,
    TooLittleHistoryError,
    UnknownTickerError,
    printable,
)
from api.http.parameters import TICKER_LISTS, parameters_of
from api.http.path_hints import path_hint

MEDIA_TYPE = "application/problem+json"
_TYPE = "urn:bellwether:problem:"
_ALLOWED = {"Allow": "GET, HEAD, OPTIONS"}
_ALLOWED_BY_POST = {"Allow": "POST, OPTIONS"}


class Kind(NamedTuple):
    """An error over HTTP: its status, the last part of its type, and its title."""

    status: int
    slug: str
    title: str


KINDS: Mapping[type[ApiError], Kind] = {
    BadParameterError: Kind(400, "bad-parameter", "Bad parameter"),
    UnknownTickerError: Kind(404, "unknown-ticker", "Unknown ticker"),
    TooLittleHistoryError: Kind(422, "too-little-history", "Too little history"),
    NothingPublishedError: Kind(503, "nothing-published", "Nothing is published yet"),
    StoreThrottledError: Kind(503, "throttled", "The query engine is busy"),
    StoreUnavailableError: Kind(503, "unavailable", "The data is unavailable"),
}


def install(app: FastAPI, routes: Callable[[], Sequence[APIRoute]] = list) -> None:
    """Make every error of `app` a problem body; one for an unknown path says which of `routes` was probably meant."""

    async def of_http(request: Request, error: Any) -> Response:
        return _of_http(request, error, routes)

    app.add_exception_handler(ApiError, _of_api_error)
    app.add_exception_handler(RequestValidationError, _of_validation)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(Exception, _of_anything)


def problem(kind: Kind, detail: str, headers: Mapping[str, str] | None = None, **more: Any) -> JSONResponse:
    """A problem body; `more` are its extension members."""
    body = {"type": f"{_TYPE}{kind.slug}", "title": kind.title, "status": kind.status, "detail": detail}
    return JSONResponse(body | {"message": detail} | more, kind.status, headers=headers, media_type=MEDIA_TYPE)


def of_error(error: ApiError) -> JSONResponse:
    """The problem body of one of our own errors."""
    # By the class's own line of ancestors, so that a new subclass has the status of its parent.
    kind = next(KINDS[parent] for parent in type(error).__mro__ if parent in KINDS)
    if isinstance(error, StoreError):
        return problem(kind, str(error), {"Retry-After": str(error.retry_after), "Cache-Control": "no-store"})
    members = ("parameter", "value", "bound", "sessions", "needed")
    return problem(kind, str(error), **{name: value for name, value in vars(error).items() if name in members})


async def _of_api_error(_: Request, error: Any) -> JSONResponse:
    return of_error(error)


async def _of_validation(_: Request, error: Any) -> JSONResponse:
    """FastAPI's own refusal: the first error that it found, in our words."""
    found = error.errors()[0]
    parameter, value, limits = str(found["loc"][-1]), found["input"], found.get("ctx", {})
    match found["type"]:
        case "missing":
            example = "NVDA:0.4,VOO:0.6" if parameter == "weights" else "NVDA,AMZN"
            refusal = BadParameterError(parameter, "", "this parameter is missing", f"such as {parameter}={example}")
        case "literal_error" | "enum":
            refusal = BadParameterError(parameter, value, "not a known value", f"one of {limits['expected']}")
        case "greater_than_equal":
            refusal = BadParameterError(parameter, value, "too small", f"it should be at least {limits['ge']:g}")
        case "less_than_equal":
            refusal = BadParameterError(parameter, value, "too large", f"it should be at most {limits['le']:g}")
        case "int_parsing" | "int_from_float" | "int_parsing_size":
            refusal = BadParameterError(
                parameter, value, "not a whole number", "it should be a whole number, such as 5"
            )
        case _:
            refusal = BadParameterError(parameter, value, "not a number", "it should be a number, such as 0.04")
    return of_error(refusal)


def _of_http(request: Request, error: HTTPException, routes: Callable[[], Sequence[APIRoute]]) -> Response:
    """Unknown paths, other methods, OPTIONS."""
    status = HTTPStatus(error.status_code)
    kind = Kind(status, status.phrase.lower().replace(" ", "-"), status.phrase)
    path = printable(request.url.path)
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        # An agent that is let in by GET holds a stream open, which is billed: /mcp takes POST alone.
        posts = "POST" in (error.headers or {}).get("Allow", "")
        allowed, way = (_ALLOWED_BY_POST, "POST") if posts else (_ALLOWED, "GET or HEAD")
        if request.method == "OPTIONS":
            return Response(status_code=HTTPStatus.NO_CONTENT, headers=allowed)
        return problem(kind, f"{request.method} {path}: the method is not allowed here; use {way}", allowed)
    if status == HTTPStatus.NOT_FOUND:
        return problem(kind, f"{path}: there is no such path; {_hint(request, routes())}", error.headers)
    return problem(kind, f"{request.method} {path}: {status.phrase.lower()}", error.headers)


def _hint(request: Request, routes: Sequence[APIRoute]) -> str:
    root_path = request.scope.get("root_path", "")
    tickers = {f"{root_path}{route.path}": _tickers_parameter(route) for route in routes} | {f"{root_path}/docs": None}
    return path_hint(request.scope["path"], tickers)


def _tickers_parameter(route: APIRoute) -> str | None:
    return next((name for name in parameters_of(route) if name in TICKER_LISTS), None)


async def _of_anything(_: Request, __: Exception) -> JSONResponse:
    # The exception's own text may name paths or data, so that it goes to the log alone.
    return problem(
        Kind(500, "fault", "Internal error"), "the service failed to answer this request; the error is in its log"
    )
