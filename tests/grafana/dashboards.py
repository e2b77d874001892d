"""The committed dashboards, and the requests that they make once variables and time range are selected."""

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from lake.universe import universe

GRAFANA = Path(__file__).parents[2] / "grafana"
DEFINITION = json.loads((GRAFANA.parent / "api/panels.json").read_text(encoding="utf-8"))
DASHBOARDS = {
    path.stem: json.loads(path.read_text(encoding="utf-8")) for path in (GRAFANA / "dashboards").glob("*.json")
}
JSON_API = [name for name in DASHBOARDS if name.endswith("json-api")]
INFINITY = [name for name in DASHBOARDS if name.endswith("infinity")]
Request = tuple[str, tuple[tuple[str, str], ...]]


class Selected(NamedTuple):
    """The selected tickers, and the time range as Grafana writes its ends."""

    tickers: Sequence[str]
    first: str = "2026-08-24T00:00:00.000Z"
    last: str = "2026-11-24T23:59:59.999Z"


SELECTIONS = {
    "one": Selected(["NVDA"]),
    "several": Selected(["NVDA", "META", "QQQ"]),
    "all": Selected([*universe(), "NEWCO"]),
    "unpublished": Selected(["AAPL"]),
    "a weekend": Selected(["NVDA", "AMZN"], "2026-11-21T00:00:00.000Z", "2026-11-22T23:59:59.999Z"),
}
BENCHMARK = "VOO"


def request_of(query: dict[str, Any], selected: Selected) -> Request:
    """The path and the parameters of a query, in their order, with Grafana's variables replaced."""
    if "urlPath" in query:
        path, pairs = query["urlPath"], [tuple(pair) for pair in query["params"]]
    else:
        path, pairs = query["url"], [(pair["key"], pair["value"]) for pair in query["url_options"]["params"]]
    return path, tuple((name, interpolate(value, selected)) for name, value in pairs)


def interpolate(text: str, selected: Selected) -> str:
    """A parameter as the plugin sends it. A variable that Grafana does not know fails the test."""
    variables = {
        "${tickers:csv}": ",".join(selected.tickers),
        "${benchmark}": BENCHMARK,
        **dict.fromkeys(("$__isoFrom()", "${__timeFrom:date:iso}"), selected.first),
        **dict.fromkeys(("$__isoTo()", "${__timeTo:date:iso}"), selected.last),
    }
    for name, value in variables.items():
        text = text.replace(name, value)
    assert "$" not in text, text
    return text


def queries_of(dashboard: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every query of a dashboard with the name of its panel, annotation or variable."""
    for panel in dashboard["panels"]:
        yield from ((panel["title"], query) for query in panel["targets"])
    for annotation in dashboard.get("annotations", {}).get("list", []):
        yield annotation["name"], annotation["target"]
    for variable in dashboard.get("templating", {}).get("list", []):
        yield variable["name"], variable["query"].get("infinityQuery", variable["query"])


class Expected(NamedTuple):
    """What a panel must show, by `panels.json`: the part of the answer, and the field of each column by its name.

    An empty field means that the part is a list of sentences.
    """

    part: str
    fields: dict[str, str]
    by: str | None
    value: str | None


def expected(name: str) -> list[Expected]:
    """For each panel of a dashboard, in order."""
    if name.startswith("market"):
        return [_panel(entry) for entry in DEFINITION["panels"] if "market" in entry["views"]]
    answer = Expected("", {"Answer": "answer", "If none, why": "reason"}, None, None)
    series = [_panel({"part": "rows", **entry}) for entry in DEFINITION["questions"]]
    return [_panel(DEFINITION["notices"]), *(panel for one in series for panel in (answer, one))]


def _panel(entry: dict[str, Any]) -> Expected:
    if entry["shape"] == "text":
        return Expected(entry["part"], {"text": ""}, None, None)
    if "columns" in entry:
        return Expected(entry["part"], {column["title"]: column["field"] for column in entry["columns"]}, None, None)
    by, value = entry.get("by", "ticker"), entry["field"]
    return Expected(entry["part"], {"time": "time", by: by, value: value}, by, value)


def rows_of(answer: dict[str, Any], part: str) -> list[Any]:
    """The rows of a part of an answer; the answer itself is the one row if `part` is empty."""
    value: Any = answer
    for key in filter(None, part.split(".")):
        value = value[key]
    return value if isinstance(value, list) else [value]
