"""The document at `/openapi.json` says all there is to know: a walk over every path, parameter and field."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from api.openapi import examples
from tests.support.client import Client
from tools.openapi_examples import parameters_of

# The parts of an answer that say by their own fields what they are.
CONTAINERS = {"meta", "summary", "rows", "window"}
UNIT = re.compile(
    r"USD|fraction|points|shares|sessions?\b|ratio|from −1 to 1|log price|half-spread|number|count|how many|days?\b"
    r"|bars|records|tickers|snapshots|articles|splits|spin-offs|dividends|NYSE|percentile|probabilit|weekday|paths"
    r"|windows|status|greatest number|÷|÷|returns|Unit:",
    re.IGNORECASE,
)


@pytest.fixture
def document(client: Client) -> dict[str, Any]:
    return client.json("/openapi.json")


def operations(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        yield path, methods["get"]


def fields(document: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """`Model.field` and its schema, of every model but the schemas of FastAPI's own errors."""
    for model, schema in document["components"]["schemas"].items():
        for field, about in schema.get("properties", {}).items():
            if field not in CONTAINERS and "Error" not in model:
                yield f"{model}.{field}", about


def types(about: dict[str, Any]) -> set[str]:
    """What a field may be, in JSON's words."""
    return {one.get("type", "object") for one in about.get("anyOf", [about])}


def test_every_path_is_told_in_words(document: dict[str, Any]) -> None:
    bare = [path for path, about in operations(document) if not about.get("summary") or not about.get("description")]
    assert bare == []


def test_every_path_asks_for_the_key_in_its_header(document: dict[str, Any]) -> None:
    scheme = document["components"]["securitySchemes"]["apiKey"]
    assert (scheme["type"], scheme["in"], scheme["name"]) == ("apiKey", "header", "x-api-key")
    assert [path for path, about in operations(document) if about.get("security") != [{"apiKey": []}]] == []


def test_every_parameter_has_a_meaning_and_an_example(document: dict[str, Any]) -> None:
    bare = [
        f"{path} {one['name']}"
        for path, about in operations(document)
        for one in about.get("parameters", [])
        if not one.get("description") or not (one.get("examples") or one["schema"].get("examples"))
    ]
    assert bare == []


def test_every_answer_has_an_example(document: dict[str, Any]) -> None:
    bare = [
        path
        for path, about in operations(document)
        if "example" not in about["responses"]["200"]["content"]["application/json"]
    ]
    assert bare == []


def test_the_examples_are_shaped_as_the_answers(client: Client, document: dict[str, Any]) -> None:
    """`make examples` writes them anew."""
    for path, example in examples().items():
        answer = client.json(path.format(name="volume"), **parameters_of(document["paths"][path]["get"]))
        assert set(example) == set(answer), path
        for part in ("summary", "rows"):
            assert [set(one) for one in example.get(part, [])[:1]] == [set(one) for one in answer.get(part, [])[:1]], (
                path
            )


def test_every_field_has_a_meaning(document: dict[str, Any]) -> None:
    assert [name for name, about in fields(document) if not about.get("description")] == []


def test_every_field_that_may_be_null_says_when(document: dict[str, Any]) -> None:
    silent = [
        name
        for name, about in fields(document)
        if "null" in types(about) and not re.search(r"\bnull\b", about["description"], re.IGNORECASE)
    ]
    assert silent == []


def test_every_number_has_a_unit(document: dict[str, Any]) -> None:
    bare = [
        f"{name}: {about['description']}"
        for name, about in fields(document)
        if types(about) & {"number", "integer"} and not UNIT.search(about["description"])
    ]
    assert bare == []


def test_rows_come_as_csv_too(document: dict[str, Any]) -> None:
    alone = {"/health"}
    for path, about in operations(document):
        schema = about["responses"]["200"]["content"]
        assert ("text/csv" in schema) == (path not in alone and "rows" in path_fields(document, about)), path


def path_fields(document: dict[str, Any], about: dict[str, Any]) -> set[str]:
    """The fields of a path's answer."""
    name = about["responses"]["200"]["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[-1]
    return set(document["components"]["schemas"][name]["properties"])
