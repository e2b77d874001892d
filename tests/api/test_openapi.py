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
    """`Model.field` and its schema, of every model."""
    for model, schema in document["components"]["schemas"].items():
        for field, about in schema.get("properties", {}).items():
            if field not in CONTAINERS:
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
        if not one.get("description") or not ("example" in one or one["schema"].get("examples"))
    ]
    assert bare == []


def test_no_parameter_is_null(document: dict[str, Any]) -> None:
    """What is left out of a query is absent; and Swagger UI shows a list of examples even if there is one."""
    parameters = [one for _, about in operations(document) for one in about.get("parameters", [])]
    assert all("type" in one["schema"] for one in parameters)
    assert not [one["name"] for one in parameters if "anyOf" in one["schema"] or "examples" in one]


def test_every_answer_has_an_example(document: dict[str, Any]) -> None:
    bare = [
        path
        for path, about in operations(document)
        if "example" not in about["responses"]["200"]["content"]["application/json"]
    ]
    assert bare == []


def test_the_examples_are_shaped_as_the_answers(client: Client, document: dict[str, Any]) -> None:
    """`make examples` writes them anew."""
    for path, example in examples()["answers"].items():
        answer = client.json(path.format(name="volume"), **parameters_of(document["paths"][path]["get"]))
        assert set(example) == set(answer), path
        for part in ("summary", "rows"):
            found = [set(one) for one in answer.get(part, [])[:1]]
            # The small market of the tests lacks AAPL, so that it has no volumes to show.
            assert not found or [set(one) for one in example[part][:1]] == found, path


def rows_of(parts: Any) -> Iterator[dict[str, Any]]:
    """Every object below `parts`."""
    if isinstance(parts, dict):
        yield parts
    if isinstance(parts, dict | list):
        for part in parts.values() if isinstance(parts, dict) else parts:
            yield from rows_of(part)


def test_the_examples_agree_with_one_another() -> None:
    """One market and one snapshot: what two of them say of a ticker and session, or of its window, is the same."""
    answers = examples()["answers"]
    metas = [answer["meta"] for answer in answers.values() if "meta" in answer]
    assert {(meta["snapshot"], meta["as_of"]) for meta in metas} == {("20261121T013005Z", "2026-11-20")}
    assert answers["/health"]["snapshot"] == "20261121T013005Z"
    closes: dict[tuple[str, str], set[float]] = {}
    for answer in answers.values():
        for row in rows_of(answer.get("rows", [])):
            if "close" in row and answer["meta"]["basis"] == "split":
                closes.setdefault((row["time"], row["ticker"]), set()).add(row["close"])
    assert [place for place, values in closes.items() if len(values) > 1] == []
    returns, compared = ({one["ticker"]: one for one in answers[path]["summary"]} for path in ("/returns", "/compare"))
    for ticker, one in compared.items():
        alike = {"cumulative_return", "volatility", "best_day", "max_drawdown"}
        assert {name: one[name] for name in alike} == {name: returns[ticker][name] for name in alike}


def test_every_path_has_one_tag_that_is_described(document: dict[str, Any]) -> None:
    described = {tag["name"]: tag["description"] for tag in document["tags"]}
    assert list(described) == ["Market data", "Analytics", "Outlook", "Questions", "Service"]
    assert all(described.values())
    assert {tag for _, about in operations(document) for tag in about["tags"]} == set(described)
    assert {len(about["tags"]) for _, about in operations(document)} == {1}


def test_operation_ids_follow_the_paths(document: dict[str, Any]) -> None:
    """Clients name their functions by them, so that none may change."""
    ids = {path: about["operationId"] for path, about in operations(document)}
    assert ids["/compare"] == "getCompare"
    assert ids["/outlook/calibration"] == "getOutlookCalibration"
    assert ids["/questions/volume"] == "getQuestionsVolume"
    assert len(set(ids.values())) == len(ids)
    assert all(re.fullmatch(r"get([A-Z][a-z]+)+", one) for one in ids.values())


def test_tickers_come_first_and_the_format_last(document: dict[str, Any]) -> None:
    for path, about in operations(document):
        names = [one["name"] for one in about.get("parameters", [])]
        assert "tickers" not in names[1:], path
        assert "a" not in names or names.index("a") == names.count("tickers"), path
        assert "format" not in names[:-1], path
        assert ("text/csv" in about["responses"]["200"]["content"]) == ("format" in names), path


def test_times_are_date_times(document: dict[str, Any]) -> None:
    times = {name: about for name, about in fields(document) if name.endswith(".time")}
    assert len(times) > 8
    assert {(about["type"], about["format"]) for about in times.values()} == {("string", "date-time")}


def test_there_is_one_schema_of_a_problem(document: dict[str, Any]) -> None:
    schemas = document["components"]["schemas"]
    assert [name for name in schemas if "Problem" in name or "Error" in name] == ["Problem"]
    for path, about in operations(document):
        for status, response in about["responses"].items():
            if status != "200":
                assert list(response["content"]) == ["application/problem+json"], (path, status)
                schema = response["content"]["application/problem+json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Problem"}, (path, status)


def test_problems_are_as_the_document_says(client: Client, document: dict[str, Any]) -> None:
    schema = document["components"]["schemas"]["Problem"]
    for path, about in operations(document):
        for parameters in (
            {"nonsense": "1"},
            {"tickers": "ZZZZ"},
            {"tickers": "VOO", "benchmark": "ZZZZ"},
            {"a": "ZZZZ"},
        ):
            refused = client.get(path, parameters)
            assert str(refused.status_code) in about["responses"], (path, parameters)
            assert set(schema["required"]) <= set(refused.json()) <= set(schema["properties"])


def test_every_problem_has_an_example(document: dict[str, Any]) -> None:
    statuses: dict[str, set[str]] = {}
    for _, about in operations(document):
        for status, response in about["responses"].items():
            content = response["content"].get("application/problem+json", {})
            bodies = [one["value"] for one in content.get("examples", {}).values()] or [content.get("example")]
            for body in filter(None, bodies):
                statuses.setdefault(status, set()).add(body["type"].split(":")[-1])
                assert str(body["status"]) == status
                assert body["message"] == body["detail"]
    assert statuses == {
        "400": {"bad-parameter"},
        "404": {"unknown-ticker"},
        "422": {"too-little-history"},
        "503": {"nothing-published", "throttled", "unavailable"},
    }


def test_no_menu_offers_a_single_example(document: dict[str, Any]) -> None:
    """Swagger UI makes a menu of `examples`; of one, `example` is shown without."""

    def menus(node: Any) -> Iterator[dict[str, Any]]:
        if isinstance(node, dict):
            if isinstance(node.get("examples"), dict):
                yield node["examples"]
            for part in node.values():
                yield from menus(part)
        elif isinstance(node, list):
            for part in node:
                yield from menus(part)

    found = list(menus(document["paths"]))
    assert found
    assert all(len(menu) > 1 for menu in found), [menu for menu in found if len(menu) < 2][:1]


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
