"""JSON schemas of what tools take and give, short enough for an agent's context. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel

from api.analytics.registry import REGISTRY

Schema = dict[str, Any]
_KEPT = ("type", "format", "enum", "items", "anyOf")


def input_schema(model: type[BaseModel]) -> Schema:
    """The schema of a tool's arguments, without titles and without the null that stands for absence."""
    schema = model.model_json_schema()
    for one in schema["properties"].values():
        _simplify(one)
    required = schema.get("required", [])
    properties = dict(sorted(schema["properties"].items(), key=lambda one: one[0] not in required))
    named = {"type": "object", "properties": properties, "additionalProperties": False}
    return named | ({"required": required} if required else {})


def output_schema(parts: Mapping[str, Schema], required: Iterable[str] = ()) -> Schema:
    """The schema of a tool's structured answer: what every answer says first, then its own parts."""
    return {
        "type": "object",
        "properties": {**_ALWAYS, **parts},
        "required": [*_ALWAYS, *required],
        "additionalProperties": False,
    }


def table(model: type[BaseModel], names: Iterable[str], what: str) -> Schema:
    """The schema of a list of some fields of a model; a metric is described by its unit alone."""
    fields = model.model_json_schema(by_alias=True)["properties"]
    columns = {name: _column(name, fields[name]) for name in names}
    items = {"type": "object", "properties": columns}
    return {"type": "array", "description": what, "items": items}


def entry(model: type[BaseModel], names: Iterable[str], what: str) -> Schema:
    """The schema of one object of such fields."""
    items: Schema = table(model, names, what)["items"]
    return items | {"description": what}


def rows(model: type[BaseModel], names: Iterable[str]) -> Schema:
    """The schema of rows, which are there only where they are asked for."""
    return table(model, names, "Only where rows is true: ascending in time, the newest ones of too many")


def _column(name: str, field: Mapping[str, Any]) -> Schema:
    kept = {key: field[key] for key in _KEPT if key in field}
    kinds = kept.get("anyOf", [])
    if kinds and all(set(kind) <= {"type", "format"} for kind in kinds):
        kept = {"type": [kind["type"] for kind in kinds]}
    return kept | ({"description": REGISTRY[name].unit} if name in REGISTRY else {})


def _simplify(one: Schema) -> None:
    one.pop("title", None)
    if one.get("default", "") is None:
        del one["default"]
    for kind in one.pop("anyOf", ()):
        one |= kind if kind != {"type": "null"} else {}


_TEXT: Schema = {"type": "string"}
_ALWAYS: dict[str, Schema] = {
    "warnings": {"type": "array", "items": _TEXT, "description": "Read these first, and pass them on"},
    "simulated": {"type": "boolean", "description": "Whether the prices are invented: always say so to the user"},
    "as_of": {**_TEXT, "format": "date", "description": "Newest session that the answer can know"},
}
WINDOW: Schema = {
    "type": "object",
    "description": "The sessions that the answer is of; base is the close that cumulative figures run from",
    "properties": {
        "from": {**_TEXT, "format": "date"},
        "to": {**_TEXT, "format": "date"},
        "base": {"type": ["string", "null"]},
        "sessions": {"type": "integer"},
    },
    "required": ["from", "to", "base", "sessions"],
    "additionalProperties": False,
}
INTERVAL: Schema = {**_TEXT, "description": "Only with rows: what each row is of"}
