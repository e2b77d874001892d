"""The committed dashboards, and the requests that they make once variables and time range are selected."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
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
    """The selected tickers, the time range as Grafana writes its ends, and other variables by name."""

    tickers: Sequence[str]
    first: str = "2026-08-24T00:00:00.000Z"
    last: str = "2026-11-24T23:59:59.999Z"
    others: Mapping[str, str | Sequence[str]] = {}


SELECTIONS = {
    "one": Selected(["NVDA"]),
    "several": Selected(["NVDA", "META", "QQQ"]),
    "all": Selected([*universe(), "NEWCO"]),
    "unpublished": Selected(["AAPL"]),
    "a weekend": Selected(["NVDA", "AMZN"], "2026-11-21T00:00:00.000Z", "2026-11-22T23:59:59.999Z"),
}
BENCHMARK = "VOO"
_CURRENT = {
    variable["name"]: variable["current"]["value"]
    for dashboard in DASHBOARDS.values()
    for variable in dashboard.get("templating", {}).get("list", [])
}


def request_of(query: dict[str, Any], selected: Selected) -> Request:
    """The path and the parameters of a query, in their order, with Grafana's variables replaced."""
    if "urlPath" in query:
        path, pairs = query["urlPath"], [tuple(pair) for pair in query["params"]]
    else:
        path, pairs = query["url"], [(pair["key"], pair["value"]) for pair in query["url_options"]["params"]]
    return path, tuple((name, interpolate(value, selected)) for name, value in pairs)


def interpolate(text: str, selected: Selected) -> str:
    """A parameter as the plugin sends it. A variable that Grafana does not know fails the test."""
    for ends, value in (("From", selected.first), ("To", selected.last)):
        text = text.replace(f"$__iso{ends}()", value).replace(f"${{__time{ends}:date:iso}}", value)
    values = {**_CURRENT, "tickers": list(selected.tickers), **selected.others}
    text = re.sub(r"\$\{(\w+)(:csv)?\}", lambda found: _formatted(values[found[1]], found[2] is not None), text)
    assert "$" not in text, text
    return text


def _formatted(value: str | Sequence[str], csv: bool) -> str:
    """Grafana writes several values as {A,B}, unless a format is named, and one without braces."""
    if isinstance(value, str):
        return value
    return ",".join(value) if csv or len(value) == 1 else f"{{{','.join(value)}}}"


def queries_of(dashboard: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every query of a dashboard with the name of its panel, annotation or variable."""
    for panel in dashboard["panels"]:
        yield from ((panel["title"], query) for query in panel["targets"])
    for annotation in dashboard.get("annotations", {}).get("list", []):
        yield annotation["name"], annotation["target"]
    for variable in dashboard.get("templating", {}).get("list", []):
        if variable["type"] == "query":
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
    view = name.split("-", maxsplit=1)[0]
    if view != "questions":
        return [_panel(entry) for entry in DEFINITION["panels"] if view in entry["views"]]
    answer = Expected("", {"Question": "question", "Answer": "headline", "If none, why": "reason"}, None, None)
    figures = Expected("key_figures", {"Figure": "label", "Ticker": "ticker", "Value": "text"}, None, None)
    series = [_panel({"part": "rows", **entry}) for entry in DEFINITION["questions"]]
    return [_panel(DEFINITION["notices"]), *(panel for one in series for panel in (answer, figures, one))]


def _panel(entry: dict[str, Any]) -> Expected:
    if entry["shape"] == "text":
        return Expected(entry["part"], {"text": ""}, None, None)
    if "columns" in entry:
        columns = entry["columns"][: 3 if entry["shape"] == "matrix" else None]
        return Expected(entry["part"], {column["title"]: column["field"] for column in columns}, None, None)
    by, value = entry.get("by", "ticker"), entry["field"]
    return Expected(entry["part"], {"time": "time", by: by, value: value}, by, value)


def rows_of(answer: dict[str, Any], part: str) -> list[Any]:
    """The rows of a part of an answer; the answer itself is the one row if `part` is empty."""
    value: Any = answer
    for key in filter(None, part.split(".")):
        value = value[key]
    return value if isinstance(value, list) else [value]


def value_in(row: Any, field: str) -> Any:
    """The value of a field of a row; dots lead to what lies within it."""
    for key in field.split("."):
        row = row[key]
    return row


class RefusedError(Exception):
    """What a panel shows where Infinity's program raises an error."""


ROOT = re.compile(r'\.(\w+(?:\.\w+)*) // error\(\.message // "The answer has no (.*)"\)')


def infinity_rows(query: dict[str, Any], answer: dict[str, Any]) -> list[Any]:
    """The rows that Infinity's jq program gives of an answer; RefusedError with what it raises."""
    assert query["parser"] == "jq-backend"
    if query["root_selector"] == "if .message then error(.message) else . end":
        if answer.get("message"):
            raise RefusedError(answer["message"])
        return [answer]
    found = ROOT.fullmatch(query["root_selector"])
    assert found, query["root_selector"]
    assert found[1] == found[2]
    try:
        return rows_of(answer, found[1])
    except KeyError:
        raise RefusedError(answer.get("message", f"The answer has no {found[2]}")) from None
