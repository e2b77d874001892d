"""Routes whose answers have rows: they answer in JSON, or a table of the answer as CSV. A route says nothing about it.

    router = rows_router("Analytics")

    @router.get("/returns", summary="…")
    async def read_returns(...) -> ReturnsResponse:  # a model with `meta`, `rows` and `warnings`

CSV is for spreadsheets and data frames: the columns of the rows, always with a header; null as an empty cell; times and
numbers as in JSON. It leaves out meta, summary and warnings on purpose; headers give the snapshot and the number of
warnings.
"""

import csv
import inspect
import io
from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import wraps
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Depends, Query, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from pydantic_core import to_json

from api.http.parameters import AnyCase
from api.http.rows import Rows

_MEDIA_TYPE = "text/csv"
_ANSWERS: dict[int | str, dict[str, Any]] = {
    200: {"content": {_MEDIA_TYPE: {"schema": {"type": "string"}}}, "description": "The answer"}
}


async def _format(
    format: Annotated[
        Literal["json", "csv"],
        AnyCase,
        Query(description="`json`, or `csv`: the rows alone.", openapi_examples={"json": {"value": "json"}}),
    ] = "json",
) -> str:
    return format


_FormatParam = Annotated[str, Depends(_format)]


class RowsRoute(APIRoute):
    """A route that also answers `format=csv`."""

    def __init__(self, path: str, endpoint: Callable[..., Awaitable[BaseModel]], **options: Any) -> None:
        super().__init__(path, _with_csv(path, endpoint), **options)


def rows_router(tag: str) -> APIRouter:
    """A router of such routes."""
    return APIRouter(tags=[tag], route_class=RowsRoute, responses=_ANSWERS)


def columns_of(model: type[BaseModel]) -> list[str]:
    """The names that the rows of an answer have in JSON, in order."""
    (row,) = get_args(model.model_fields["rows"].annotation)
    return [field.serialization_alias or name for name, field in row.model_fields.items()]


def json_response(answer: BaseModel) -> Response:
    """An answer as JSON, without the copy of each row that FastAPI's own serialisation makes."""
    members = (b'"%b":%b' % (name.encode(), _json(getattr(answer, name))) for name in type(answer).model_fields)
    return Response(b"{" + b",".join(members) + b"}", media_type="application/json")


def csv_response(answer: BaseModel, columns: Sequence[str], name: str) -> Response:
    """The rows of an answer as CSV (RFC 4180)."""
    rows = getattr(answer, "rows")  # noqa: B009 - every model of a route with rows has them
    body = _csv_line(columns) + (rows.to_csv() if isinstance(rows, Rows) else _csv_lines(rows, columns))
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', **_meta_headers(answer)}
    return Response(body, media_type=_MEDIA_TYPE, headers=headers)


def _with_csv(path: str, endpoint: Callable[..., Awaitable[BaseModel]]) -> Callable[..., Awaitable[Any]]:
    """The endpoint with one more parameter, the format."""
    signature = inspect.signature(endpoint)
    columns, name = columns_of(signature.return_annotation), path.strip("/").replace("/", "-")

    @wraps(endpoint)
    async def answer(_format: str, **values: Any) -> Response:
        model = await endpoint(**values)
        return csv_response(model, columns, name) if _format == "csv" else json_response(model)

    # FastAPI reads the parameters that it fills from the signature.
    extra = inspect.Parameter("_format", inspect.Parameter.KEYWORD_ONLY, annotation=_FormatParam)
    answer.__signature__ = signature.replace(parameters=[*signature.parameters.values(), extra])  # type: ignore[attr-defined]
    return answer


def _json(value: Any) -> bytes:
    return value.to_json() if isinstance(value, Rows) else to_json(value, by_alias=True)


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
    return ";".join(map(str, value)) if isinstance(value, list) else value


def _meta_headers(answer: BaseModel) -> dict[str, str]:
    values: Mapping[str, Any] = answer.model_dump(mode="json", by_alias=True, include={"meta", "warnings"})
    meta = values["meta"] or {}
    flags = {f"X-{name.title()}": str(meta[name]).lower() for name in ("simulated", "stale") if name in meta}
    return {"X-Warnings": str(len(values["warnings"])), **flags, "X-Snapshot": meta.get("snapshot", "none")}
