"""The whole OpenAPI, tried by schemathesis: no fault, and every answer is of the shape that it promises."""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from urllib.parse import unquote, urlsplit

import httpx
import hypothesis
import pytest
import requests
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.openapi import from_dict
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from starlette.types import ASGIApp

from tests.hostile.amount import cases
from tests.hostile.asking import ask, check
from tests.hostile.questions import Operation, Parameter, described, operations

# Not those of validity: that NVDA is a ticker and AAAA is none, no schema says.
CONFORMANCE = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
BASE = "http://bellwether.test"


def sensible(operation: Operation, place: str) -> st.SearchStrategy[dict[str, str]]:
    """Words that lead past every refusal: all that is required and some of the rest, but one way to say a window."""
    known = [one for one in operation.parameters if one.place == place and one.words]
    ways = [[one for one in known if one.name not in window] for window in (("from", "to"), ("range", "to"))]
    return st.one_of([_some_of(way) for way in ways])


def _some_of(parameters: Sequence[Parameter]) -> st.SearchStrategy[dict[str, str]]:
    words: dict[bool, dict[str, st.SearchStrategy[str]]] = {True: {}, False: {}}
    for one in parameters:
        words[one.required][one.name] = st.sampled_from(one.words)
    return st.fixed_dictionaries(words[True], optional=words[False])


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_every_answer_is_as_the_openapi_says(app: ASGIApp, operation: Operation) -> None:
    described_operation = from_dict(described())[operation.path]["GET"]
    modes = [described_operation.as_strategy(generation_mode=mode) for mode in GenerationMode]
    statuses = set()

    @cases(25 if operation.parameters else 2)
    @hypothesis.given(
        case=st.one_of(modes), query=sensible(operation, "query"), path=sensible(operation, "path"), alone=st.booleans()
    )
    def try_all(case: Any, query: dict[str, str], path: dict[str, str], *, alone: bool) -> None:
        case.query = query if alone else {**case.query, **query}
        case.path_parameters = path if alone else {**case.path_parameters, **path}
        response = answer_to(app, case)
        check(response, case.as_curl_command(base_url=BASE))
        case.validate_response(response, checks=CONFORMANCE)
        statuses.add(response.status_code)

    try_all()
    assert 200 in statuses, f"{operation} was never answered: say sensible values of its parameters"


def answer_to(app: ASGIApp, case: Any) -> httpx.Response:
    """The answer to one case of schemathesis, in this process."""
    url = requests.Request(**case.as_transport_kwargs(base_url=BASE)).prepare().url or ""
    parts = urlsplit(url)
    response = asyncio.run(ask(app, unquote(parts.path), parts.query))
    response.request, response.elapsed = httpx.Request("GET", url), timedelta()
    return response
