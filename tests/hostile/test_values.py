"""The table of hostile values in every parameter, path and header of the API, and what reaches the engine of it."""

import asyncio
import itertools
import logging
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
import sqlglot
from sqlglot import TokenType
from starlette.types import ASGIApp

from api.store.duckdb import view_over
from benchmarks.support.lakes import SNAPSHOT
from lake.tables import CORPORATE_ACTIONS, DAILY_PRICES, DAILY_SENTIMENT
from tests.hostile.amount import FUZZ
from tests.hostile.asking import ask, check, check_log, check_problem, with_query
from tests.hostile.questions import NEEDS, Operation, Parameter, every_parameter, operations
from tests.hostile.values import HEADER_VALUES, HEADERS, HOSTILE

QUERY = [(operation, one) for operation, one in every_parameter() if one.place == "query"]
IN_PATH = [(operation, one) for operation, one in every_parameter() if one.place == "path"]
ALL_VALUES = tuple(itertools.chain(*HOSTILE.values()))
# A parameter that several paths share is parsed by one function. Its first path is asked with every value, each of the
# others with one value in four, the next path with the next ones. `make fuzz` asks all paths with all values.
SHARE = 1 if FUZZ else 4


def share_of(operation: Operation, parameter: Parameter) -> slice:
    """Which of the hostile values the parameter is tried with on this path."""
    paths = [other for other, one in QUERY if one == parameter]
    place = paths.index(operation)
    return slice(place % SHARE, None, SHARE) if place else slice(None)


def queries_of(operation: Operation, parameter: Parameter) -> list[str]:
    """Hostile values in place of a sensible one; then twice, and beside the sensible one."""
    share = share_of(operation, parameter)
    least = {**operation.query(), **NEEDS.get(parameter.name, {})}
    least.pop(parameter.name, None)
    sensible = parameter.words[0] if parameter.words else "x"
    once = [with_query(least, (parameter.name, value)) for value in ALL_VALUES[share]]
    twice = [with_query(least, (parameter.name, sensible), (parameter.name, value)) for value in HOSTILE["sql"][share]]
    return [*once, *twice, with_query(least, (parameter.name, sensible), (parameter.name, sensible))]


async def ask_all(app: ASGIApp, operation: Operation, queries: Sequence[str]) -> None:
    for query in queries:
        response = await ask(app, operation.url({}), query)
        check(response, f"{operation}?{query[:200]}")


@pytest.mark.parametrize(("operation", "parameter"), QUERY, ids=[f"{path}?{one.name}" for path, one in QUERY])
def test_no_value_of_a_parameter_does_harm(
    app: ASGIApp, operation: Operation, parameter: Parameter, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.DEBUG):
        asyncio.run(ask_all(app, operation, queries_of(operation, parameter)))
    check_log(caplog.records)


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_a_parameter_that_nobody_knows_is_refused_whatever_its_name(app: ASGIApp, operation: Operation) -> None:
    async def all_names() -> None:
        for name in (*HOSTILE["sql"], *HOSTILE["lines"], *HOSTILE["unicode"], *HOSTILE["long"]):
            response = await ask(app, operation.url({}), with_query(operation.query(), (name, "x")))
            check(response, f"{operation} with {name[:60]!r}")
            assert response.status_code == 400, f"{operation} took the unknown parameter {name[:60]!r}"

    asyncio.run(all_names())


@pytest.mark.parametrize("template", [*(operation.path for operation in operations()), "/", "/docs", "/{nothing}"])
def test_no_path_does_harm(app: ASGIApp, template: str) -> None:
    begin = template.split("{", maxsplit=1)[0].rstrip("/")

    async def all_paths() -> None:
        for value in ALL_VALUES:
            response = await ask(app, f"{begin}/{value}"[:4000])
            check(response, f"{begin}/{value[:60]!r}")
            assert "location" not in response.headers, f"{begin}/{value[:60]!r} is sent elsewhere"

    asyncio.run(all_paths())


async def ask_with_headers(app: ASGIApp, operation: Operation, headers: Iterable[tuple[str, bytes]]) -> None:
    """Same body, or none where a condition holds or a header is refused."""
    query = with_query(operation.query())
    plain = await ask(app, operation.url({}), query)
    for name, value in headers:
        asked = f"{operation} with {name}: {value[:60]!r}"
        response = await ask(app, operation.url({}), query, [(name.encode(), value)])
        check(response, asked)
        assert response.status_code in {plain.status_code, 304, 400, 406}, f"{asked}: {response.status_code}"
        if response.status_code == plain.status_code:
            assert response.content == plain.content, f"{asked} is answered otherwise"


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_no_header_changes_an_answer(app: ASGIApp, operation: Operation) -> None:
    """Each header with one value, each value with some header."""
    asyncio.run(ask_with_headers(app, operation, zip(HEADERS, itertools.cycle(HEADER_VALUES), strict=False)))


def test_no_header_with_any_value_changes_the_health(app: ASGIApp) -> None:
    (health,) = (operation for operation in operations() if operation.path == "/health")
    asyncio.run(ask_with_headers(app, health, itertools.product(HEADERS, HEADER_VALUES)))


@pytest.mark.parametrize("operation", operations(), ids=str)
def test_nothing_is_written_by_any_method(app: ASGIApp, operation: Operation) -> None:
    async def all_methods() -> None:
        for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE", "CONNECT", "PROPFIND", "get", "'; DROP", ""):
            response = await ask(app, operation.url({}), with_query(operation.query()), method=method)
            assert response.status_code == 405, f"{method} {operation}: {response.status_code}"
            check_problem(response, f"{method} {operation}")
            assert "GET" in response.headers["allow"]

    asyncio.run(all_methods())


def test_nothing_reaches_the_engine_unbound(app: ASGIApp, root: Path, statements: list[str]) -> None:
    """Every statement is a view over a snapshot's files, or a query of names and `?` that holds no value at all."""
    asyncio.run(_everything_sensible(app))
    views = {view_over(root, table, SNAPSHOT) for table in (DAILY_PRICES, CORPORATE_ACTIONS, DAILY_SENTIMENT)}
    queries = set(statements) - views
    assert any("WHERE" in sql for sql in queries), "the engine was never asked: the questions are not sensible"
    for sql in queries:
        kinds = {token.token_type for token in sqlglot.tokenize(sql, read="athena")}
        assert not kinds & VALUES, f"a value stands in the SQL instead of a ?: {sql}"


VALUES = {TokenType.STRING, TokenType.NUMBER, TokenType.NATIONAL_STRING, TokenType.RAW_STRING, TokenType.HEX_STRING}


async def _everything_sensible(app: ASGIApp) -> None:
    """Each sensible word of each parameter, and after it the hostile ones."""
    for operation, parameter in QUERY:
        least = {**operation.query(), **NEEDS.get(parameter.name, {})}
        for word in (*parameter.words, *HOSTILE["sql"][:6], *(f"NVDA,{value}" for value in HOSTILE["sql"][:6])):
            await ask(app, operation.url({}), with_query(least | {parameter.name: word}))
