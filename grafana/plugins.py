"""The two plugins: one request of the API in the words of either. Pure."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import DataSourceRef

CACHE_SECONDS = 300


class Request(NamedTuple):
    """A path and its parameters, in the order in which they are sent: the same request is the same URL."""

    path: str
    parameters: tuple[tuple[str, str], ...] = ()


class Selected(NamedTuple):
    """One field of each row of a part of an answer; `kind`: time, string or number; `name`: what it is called then.

    Without a field, the row itself, where rows are sentences.
    """

    field: str
    name: str
    kind: str


class Select(NamedTuple):
    """What is taken of an answer: of each row of `part`, or of the answer itself where `part` is empty.

    `by`: the name of the text that tells series apart, each with the one number; without it, a table.
    """

    part: str
    fields: tuple[Selected, ...]
    by: str | None = None


class Source(NamedTuple):
    """A data source as provisioned; `first` and `last` are the ends of the dashboard's time range in its words."""

    name: str
    title: str
    type: str
    uid: str
    first: str
    last: str
    value: str | None  # what the number of a series has to be called
    model: Callable[[Request, Select], dict[str, Any]]

    @property
    def ref(self) -> DataSourceRef:
        return DataSourceRef(type_val=self.type, uid=self.uid)

    def query(self, request: Request, select: Select, ref: str = "A") -> dict[str, Any]:
        """The query as the plugin keeps it."""
        return {"refId": ref, "datasource": self.ref.to_json(), **self.model(request, select)}


class Query(Dataquery, Builder["Query"]):
    """A query of either plugin, for which the SDK has no type."""

    def __init__(self, model: dict[str, Any]) -> None:
        self._model = model

    def build(self) -> "Query":
        return self

    def to_json(self) -> dict[str, Any]:
        return self._model


def _json_api(request: Request, select: Select) -> dict[str, Any]:
    root = f"$.{select.part}[*]" if select.part else "$"
    fields = [
        {"name": name, "jsonPath": f"{root}.{field}".rstrip("."), "type": kind, "language": "jsonpath"}
        for field, name, kind in select.fields
    ]
    return {
        "method": "GET",
        "urlPath": f"/{request.path}",
        "params": [list(pair) for pair in request.parameters],
        "queryParams": "",
        "body": "",
        "headers": [],
        "cacheDurationSeconds": CACHE_SECONDS,
        "fields": fields,
        **({"experimentalGroupByField": select.by, "experimentalMetricField": _number(select)} if select.by else {}),
    }


def _infinity(request: Request, select: Select) -> dict[str, Any]:
    kinds = {"time": "timestamp", "string": "string", "number": "number"}
    parameters = [{"key": name, "value": value} for name, value in request.parameters]
    return {
        "type": "json",
        "source": "url",
        "parser": "backend",  # the frontend's cannot alert
        "format": "timeseries" if select.by else "table",
        "url": f"/{request.path}",
        "url_options": {"method": "GET", "data": "", "params": parameters},
        "root_selector": select.part,
        "filters": [],
        "columns": [
            {"selector": field, "text": name, "type": kinds[kind]} for field, name, kind in select.fields if field
        ],
    }


def _number(select: Select) -> str:
    (name,) = (one.name for one in select.fields if one.kind == "number")
    return name


JSON_API = Source(
    name="json-api",
    title="JSON API",
    type="marcusolsson-json-datasource",
    uid="bellwether-json-api",
    first="$__isoFrom()",
    last="$__isoTo()",
    value=None,
    model=_json_api,
)
INFINITY = Source(
    name="infinity",
    title="Infinity",
    type="yesoreyeram-infinity-datasource",
    uid="bellwether-infinity",
    first="${__timeFrom:date:iso}",
    last="${__timeTo:date:iso}",
    value="Value",  # by any other name the plugin leaves the rows long, without a word
    model=_infinity,
)
SOURCES: Sequence[Source] = (JSON_API, INFINITY)
