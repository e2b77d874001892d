"""The two Grafana plugins that read JSON over HTTP: the same request of the API as a query of either. Pure."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from grafana_foundation_sdk.cog.builder import Builder
from grafana_foundation_sdk.cog.variants import Dataquery
from grafana_foundation_sdk.models.common import DataSourceRef

CACHE_SECONDS = 300


class Request(NamedTuple):
    """A path and its parameters, in the order in which they are sent: equal requests have equal URLs."""

    path: str
    parameters: tuple[tuple[str, str], ...] = ()


class SelectedField(NamedTuple):
    """One field of each row, the name that it gets in Grafana, and its type: time, string or number.

    An empty `field` selects the row itself, where rows are sentences.
    """

    field: str
    name: str
    type: str


class Selection(NamedTuple):
    """The fields taken from each row of `part` of an answer, or from the answer itself where `part` is empty.

    `by`: the name of the string field that tells series apart, each with the one number field. Without it, a table.
    `single`: the part is one object and no list of rows.
    """

    part: str
    fields: tuple[SelectedField, ...]
    by: str | None = None
    single: bool = False


class DataSource(NamedTuple):
    """A data source as provisioned.

    `range_start` and `range_end` are the plugin's variables for the dashboard's time range. `value_name` is the name
    that the plugin requires of a series' number; None where it takes any. `legacy`: the day from which the plugin has
    no support; None for one that has it.
    """

    name: str
    title: str
    type: str
    uid: str
    range_start: str
    range_end: str
    value_name: str | None
    legacy: str | None
    query_model: Callable[[Request, Selection], dict[str, Any]]

    @property
    def ref(self) -> DataSourceRef:
        return DataSourceRef(type_val=self.type, uid=self.uid)

    def query(self, request: Request, selection: Selection, ref: str = "A") -> dict[str, Any]:
        """The query as the plugin stores it."""
        return {"refId": ref, "datasource": self.ref.to_json(), **self.query_model(request, selection)}


class Query(Dataquery, Builder["Query"]):
    """A query of either plugin, for which the SDK has no type."""

    def __init__(self, model: dict[str, Any]) -> None:
        self._model = model

    def build(self) -> "Query":
        return self

    def to_json(self) -> dict[str, Any]:
        return self._model


def _json_api_model(request: Request, selection: Selection) -> dict[str, Any]:
    root = f"$.{selection.part}" if selection.part else "$"
    root += "[*]" if selection.part and not selection.single else ""
    fields = [
        {"name": name, "jsonPath": f"{root}.{field}".rstrip("."), "type": type_, "language": "jsonpath"}
        for field, name, type_ in selection.fields
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
        **(_grouping(selection) if selection.by else {}),
    }


def _grouping(selection: Selection) -> dict[str, Any]:
    (number,) = (field.name for field in selection.fields if field.type == "number")
    return {"experimentalGroupByField": selection.by, "experimentalMetricField": number}


def _infinity_model(request: Request, selection: Selection) -> dict[str, Any]:
    types = {"time": "timestamp", "string": "string", "number": "number"}
    parameters = [{"key": name, "value": value} for name, value in request.parameters]
    return {
        "type": "json",
        "source": "url",
        # Runs in the server, as alert rules need it, and unlike the plain backend parser it can raise an error.
        "parser": "jq-backend",
        "format": "timeseries" if selection.by else "table",
        "url": f"/{request.path}",
        "url_options": {"method": "GET", "data": "", "params": parameters},
        "root_selector": _root_or_reason(selection.part),
        "filters": [],
        "columns": [
            {"selector": field, "text": name, "type": types[type_]} for field, name, type_ in selection.fields if field
        ],
    }


def _root_or_reason(part: str) -> str:
    """A jq program that gives a part of an answer, or of a refusal the reason, as the panel's error.

    The data source has `ignoreStatusCodeCheck`, so that refusals get here: with the check, the plugin shows a status
    and drops the body.
    """
    if not part:
        return "if .message then error(.message) else . end"
    return f'.{part} // error(.message // "The answer has no {part}")'


INFINITY = DataSource(
    name="infinity",
    title="Infinity",
    type="yesoreyeram-infinity-datasource",
    uid="bellwether-infinity",
    range_start="${__timeFrom:date:iso}",
    range_end="${__timeTo:date:iso}",
    # Under any other name the plugin silently leaves the rows long instead of splitting them into series.
    value_name="Value",
    legacy=None,
    query_model=_infinity_model,
)
JSON_API = DataSource(
    name="json-api",
    title="JSON API",
    type="marcusolsson-json-datasource",
    uid="bellwether-json-api",
    range_start="$__isoFrom()",
    range_end="$__isoTo()",
    value_name=None,
    legacy="2027-02-01",
    query_model=_json_api_model,
)
DATA_SOURCES: Sequence[DataSource] = (INFINITY, JSON_API)
