"""Routes whose answers have rows: they answer in JSON, or their rows as CSV. A route itself says nothing about it.

    router = rows_router("questions")

    @router.get("/returns", summary="…")
    async def read_returns(...) -> ReturnsResponse:  # a model with `meta`, `rows` and `warnings`

CSV is for spreadsheets and data frames: the rows' columns, always with a header; null as an empty cell; times as in
JSON. It leaves out meta, summary and warnings on purpose, and says in its headers what they would: the snapshot, and
how many warnings there are to read in JSON.
"""

import csv
import io
import json
from collections.abc import Callable, Coroutine, Sequence
from typing import Annotated, Any, Literal, get_args

from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.routing import APIRoute
from pydantic import BaseModel

_MEDIA_TYPE = "text/csv"
_SAYS: dict[int | str, dict[str, Any]] = {
    200: {"content": {_MEDIA_TYPE: {"schema": {"type": "string"}}}, "description": "The answer"}
}


class RowsRoute(APIRoute):
    """A route that also answers `format=csv`."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()
        columns, name = columns_of(self.response_model), self.path_format.strip("/").replace("/", "-")

        async def handle(request: Request) -> Response:
            response = await answer(request)
            return as_csv(response, columns, name) if request.query_params.get("format") == "csv" else response

        return handle


async def _format(
    format: Annotated[
        Literal["json", "csv"],
        Query(description="`json`, or `csv`: the rows alone.", openapi_examples={"json": {"value": "json"}}),
    ] = "json",
) -> None:
    """Declares the parameter; `RowsRoute` acts on it."""


def rows_router(tag: str) -> APIRouter:
    """A router of such routes."""
    return APIRouter(tags=[tag], route_class=RowsRoute, dependencies=[Depends(_format)], responses=_SAYS)


def columns_of(model: type[BaseModel]) -> list[str]:
    """The names that the rows of an answer have in JSON, in order."""
    (row,) = get_args(model.model_fields["rows"].annotation)
    return [field.serialization_alias or name for name, field in row.model_fields.items()]


def as_csv(response: Response, columns: Sequence[str], name: str) -> Response:
    """A JSON answer's rows as CSV (RFC 4180)."""
    answer = json.loads(bytes(response.body))
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([_cell(row[column]) for column in columns] for row in answer["rows"])
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', **_about(answer)}
    return Response(text.getvalue(), media_type=_MEDIA_TYPE, headers=headers)


def _cell(value: Any) -> Any:
    """What the writer does not know by itself: `true` as in JSON, lists with semicolons."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return ";".join(map(str, value)) if isinstance(value, list) else value


def _about(answer: dict[str, Any]) -> dict[str, str]:
    meta = answer["meta"] or {}
    words = {f"X-{name.title()}": str(meta[name]).lower() for name in ("simulated", "stale") if name in meta}
    return {"X-Warnings": str(len(answer["warnings"])), **words, "X-Snapshot": meta.get("snapshot", "none")}
