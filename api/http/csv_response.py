"""Routes whose answers have rows: in JSON, or a table of the answer as CSV. A route itself says nothing about it.

    router = rows_router("Analytics")

    @router.get("/returns", summary="…")
    async def read_returns(...) -> ReturnsResponse:  # a model with `meta`, `rows` and `warnings`

CSV is for spreadsheets and data frames: the columns of one table, always with a header; null as an empty cell; times
and numbers as in JSON. It leaves out all else on purpose; headers give the snapshot and the number of warnings.

`part` chooses among the tables of an answer, which are its lists of models; `layout=wide` chooses the `grid`.
`fields` chooses columns of rows that have a time and a ticker.
"""

import asyncio
import csv
import inspect
import io
from collections.abc import Awaitable, Callable, Container, Iterable, Mapping, Sequence
from functools import wraps
from typing import Annotated, Any, Literal, get_args, get_origin

from fastapi import APIRouter, Depends, Query, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_core import to_json

from api.errors import BadParameterError, printable
from api.http.parameters import AnyCase, split_names
from api.http.rows import Rows
from api.http.schemas import OnRequest, SessionRow
from api.http.warnings import merge_warnings
from api.panel.row_count import KEYS

_MEDIA_TYPE = "text/csv"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {_MEDIA_TYPE: {"schema": {"type": "string"}}}, "description": "The answer"}
}


async def _format(
    format: Annotated[
        Literal["json", "csv"],
        AnyCase,
        Query(
            description="`json`, or `csv`: one table alone, the rows or `part`.",
            openapi_examples={"json": {"value": "json"}},
        ),
    ] = "json",
) -> str:
    return format


_FormatParam = Annotated[str, Depends(_format)]
_GRID = "grid"  # the table that layout=wide gives


async def _layout(
    layout: Annotated[
        Literal["long", "wide"],
        AnyCase,
        Query(
            description="`long`: the rows. `wide`: the grid alone, as `part=grid`.",
            openapi_examples={"long": {"value": "long"}},
        ),
    ] = "long",
) -> str:
    return layout


_LayoutParam = Annotated[str, Depends(_layout)]


class RowsRoute(APIRoute):
    """A route that also answers `format=csv`, `part` and `fields`."""

    def __init__(self, path: str, endpoint: Callable[..., Awaitable[BaseModel]], **options: Any) -> None:
        super().__init__(path, _with_choices(path, endpoint), **options)


def rows_router(tag: str) -> APIRouter:
    """A router of such routes."""
    return APIRouter(tags=[tag], route_class=RowsRoute, responses=_ANSWERS)


def tables_of(answer: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """The tables of an answer by name, each with the model of its rows: its lists of models, `rows` first."""
    types = {name: field.annotation for name, field in answer.model_fields.items()}
    models = {name: get_args(one)[0] for name, one in types.items() if get_origin(one) in {list, Rows}}
    tables = {name: model for name, model in models.items() if issubclass(model, BaseModel)}
    return {"rows": tables["rows"], **tables}


def columns_of(model: type[BaseModel]) -> list[str]:
    """The names that the rows of a table have in JSON, in order."""
    return [field.serialization_alias or name for name, field in model.model_fields.items()]


def json_response(answer: BaseModel, hidden: Container[str] = (), fields: Sequence[str] = ()) -> Response:
    """An answer as JSON, without the copy of each row that FastAPI's own serialisation makes.

    The tables named in `hidden` come empty; `fields`: the only columns of `rows`, all of them where it is empty.
    """
    parts = {name: [] if name in hidden else getattr(answer, name) for name in type(answer).model_fields}
    if "warnings" in parts:
        parts["warnings"] = merge_warnings(parts["warnings"])
    if fields:
        parts["rows"] = _narrowed(parts["rows"], fields)
    # Joined once, because rows are megabytes.
    members = [piece for name, value in parts.items() for piece in (b",", to_json(name), b":", *_json(value))]
    return Response(b"".join((b"{", *members[1:], b"}")), media_type="application/json")


def csv_response(answer: BaseModel, part: str, columns: Sequence[str], name: str) -> Response:
    """The columns of one table of an answer as CSV (RFC 4180)."""
    rows = getattr(answer, part)
    body = _csv_line(columns)
    body += rows.select(columns).to_csv() if isinstance(rows, Rows) else _csv_lines(rows, columns)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', **_meta_headers(answer)}
    return Response(body, media_type=_MEDIA_TYPE, headers=headers)


def parse_fields(text: str, columns: Sequence[str]) -> list[str]:
    """The columns that `fields` names, after time and ticker, which are always there; none for an empty text."""
    names = split_names(text)
    unknown = [name for name in names if name not in columns]
    if unknown:
        why = f"{printable(unknown[0])} is no column of the rows"
        raise BadParameterError("fields", text, why, ", ".join(columns))
    return list(dict.fromkeys((*KEYS, *names))) if names else []


def _with_choices(path: str, endpoint: Callable[..., Awaitable[BaseModel]]) -> Callable[..., Awaitable[Any]]:
    """The endpoint with more parameters: the format, and where there is a choice the part and the fields."""
    signature = inspect.signature(endpoint)
    tables, name = tables_of(signature.return_annotation), path.strip("/").replace("/", "-")
    choices = {"_format": _FormatParam}
    on_request = {key for key, one in signature.return_annotation.model_fields.items() if OnRequest in one.metadata}
    if len(tables) > 1:
        choices["_part"] = _part_param(list(tables))
    if _GRID in tables:
        choices["_layout"] = _LayoutParam
    if issubclass(tables["rows"], SessionRow):
        choices["_fields"] = _fields_param(columns_of(tables["rows"]))

    @wraps(endpoint)
    async def answer(
        _format: str, _part: str = "rows", _fields: Sequence[str] = (), _layout: str = "long", **values: Any
    ) -> Response:
        if _layout == "wide":
            _part = _grid_instead_of(_part)
        if _fields and _part != "rows":
            bound = "columns of rows: leave out fields, or take part=rows"
            raise BadParameterError(
                "fields", ",".join(_fields[2:] or _fields), f"comes together with part={_part}", bound
            )
        model = await endpoint(**values)
        if _format == "csv":
            file = name if _part == "rows" else f"{name}-{_part}"
            columns = _fields or columns_of(tables[_part])
            return await asyncio.to_thread(csv_response, model, _part, columns, file)
        left_out = (tables.keys() if _part != "rows" else on_request) - {_part}
        return await asyncio.to_thread(json_response, model, left_out, _fields)

    # FastAPI reads the parameters that it fills from the signature.
    more = [inspect.Parameter(key, inspect.Parameter.KEYWORD_ONLY, annotation=one) for key, one in choices.items()]
    parameters = [*signature.parameters.values(), *more]
    answer.__signature__ = signature.replace(parameters=parameters)  # type: ignore[attr-defined]
    return answer


def _grid_instead_of(part: str) -> str:
    if part not in {"rows", _GRID}:
        bound = f"layout=wide is the table {_GRID}: leave out part or layout"
        raise BadParameterError("layout", "wide", f"comes together with part={part}", bound)
    return _GRID


def _part_param(tables: Sequence[str]) -> Any:
    """The dependency of `part`, one of these tables."""

    async def part(
        part: Annotated[
            str,
            AnyCase,
            Query(
                description="The table that CSV has. In JSON, `rows` means the whole answer; with another table, all "
                "others come empty.",
                json_schema_extra={"enum": list(tables)},
                openapi_examples={"all": {"value": "rows"}},
            ),
        ] = "rows",
    ) -> str:
        if part not in tables:
            raise BadParameterError("part", part, "is no table of this answer", f"one of {', '.join(tables)}")
        return part

    return Annotated[str, Depends(part)]


def _fields_param(columns: Sequence[str]) -> Any:
    """The dependency of `fields`, some of these columns."""

    async def fields(
        fields: Annotated[
            str,
            Query(
                description="Only these columns of the rows, separated by commas; time and ticker are always there.",
                openapi_examples={"all": {"value": ",".join(name for name in columns if name not in KEYS)}},
            ),
        ] = "",
    ) -> list[str]:
        return parse_fields(fields, columns)

    return Annotated[list[str], Depends(fields)]


def _narrowed(rows: Any, fields: Sequence[str]) -> Any:
    if isinstance(rows, Rows):
        return rows.select(fields)
    values = [row.model_dump(mode="json", by_alias=True) for row in rows]
    return [{name: row[name] for name in fields} for row in values]


def _json(value: Any) -> Iterable[bytes]:
    return value.json_pieces() if isinstance(value, Rows) else (to_json(value, by_alias=True),)


def _csv_lines(rows: Sequence[BaseModel], columns: Sequence[str]) -> bytes:
    # As JSON would have them, so that dates and numbers are written alike in both formats.
    values = (row.model_dump(mode="json", by_alias=True) for row in rows)
    return b"".join(_csv_line([_cell(row[column]) for column in columns]) for row in values)


def _csv_line(cells: Sequence[Any]) -> bytes:
    text = io.StringIO()  # the writer ends lines with CRLF, as RFC 4180 has it
    csv.writer(text).writerow(cells)
    return text.getvalue().encode()


def _cell(value: Any) -> Any:
    """What the writer would write otherwise than JSON: `true`; lists with semicolons, as commas part the cells."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ";".join(to_json(one).decode() if isinstance(one, dict) else str(one) for one in value)
    return value


def _meta_headers(answer: BaseModel) -> dict[str, str]:
    values: Mapping[str, Any] = answer.model_dump(mode="json", by_alias=True, include={"meta", "warnings"})
    meta = values["meta"] or {}
    flags = {f"X-{name.title()}": str(meta[name]).lower() for name in ("simulated", "stale") if name in meta}
    return {"X-Warnings": str(len(values["warnings"])), **flags, "X-Snapshot": meta.get("snapshot", "none")}
