"""OpenBB Workspace: its files field by field against the documentation, and every widget asked as Workspace asks it.

No schema is published. What is allowed here is from the reference of widgets.json and apps.json in OpenBB's
documentation (docs.openbb.co/workspace/developers/json-specs) and its example backends.
"""

import json
from typing import Any

import pytest

from api.app import create_app
from api.resources.openbb.definition import definition, kind_of, panels
from api.resources.questions.registry import QUESTIONS
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from tests.support.client import EVENING, Client

ORIGIN = "https://pro.openbb.co"
# Field: its type, and what it may be; * marks what the documentation requires.
WIDGET: dict[str, Any] = {
    "name*": str,
    "description*": str,
    "endpoint*": str,
    "category": str,
    "subCategory": str,
    "type": ("chart", "table", "markdown", "metric", "note", "multi_file_viewer", "live_grid", "newsfeed", "omni"),
    "gridData": dict,
    "source": list,
    "staleTime": int,
    "params": list,
    "data": dict,
}
PARAM: dict[str, Any] = {
    "paramName*": str,
    "type*": ("date", "text", "ticker", "number", "boolean", "endpoint", "form", "tabs"),
    "value": str,
    "label": str,
    "description": str,
    "options": list,
    "multiSelect": bool,
}
COLUMN: dict[str, Any] = {
    "field*": str,
    "headerName*": str,
    "chartDataType": ("category", "series", "time", "excluded"),
    "cellDataType": ("text", "number", "boolean", "date", "dateString", "object"),
    "formatterFn": ("int", "none", "percent", "normalized", "normalizedPercent", "dateToYear"),
    "renderFn": ("greenRed", "titleCase", "hoverCard", "cellOnClick", "columnColor", "showCellChange"),
    "prefix": str,
}
APP: dict[str, Any] = {
    "name*": str,
    "description*": str,
    "img*": str,
    "img_dark": str,
    "img_light": str,
    "allowCustomization": bool,
    "tabs*": dict,
    "groups": list,
    "prompts": list,
}
GROUP: dict[str, Any] = {
    "name*": str,
    "type*": ("param", "endpointParam"),
    "paramName*": str,
    "defaultValue": str,
    "widgetIds*": list,
}


@pytest.fixture(scope="module")
def widgets(client: Client) -> dict[str, Any]:
    found: dict[str, Any] = client.json("/widgets.json")
    return found


@pytest.fixture(scope="module")
def app(client: Client) -> dict[str, Any]:
    found: dict[str, Any]
    (found,) = client.get("/apps.json").json()
    return found


def hold(entry: dict[str, Any], documented: dict[str, Any]) -> None:
    """Every field is documented and of its type, and none that is required is missing."""
    known = {name.rstrip("*"): allowed for name, allowed in documented.items()}
    for name, value in entry.items():
        allowed = known[name]
        assert value in allowed if isinstance(allowed, tuple) else type(value) is allowed, f"{name}: {value}"
    assert {name[:-1] for name in documented if name.endswith("*")} <= entry.keys()


def test_every_panel_and_question_is_a_widget(widgets: dict[str, Any]) -> None:
    wanted = {f"bellwether_{name}" for name in panels()} | {f"bellwether_question_{name}" for name in QUESTIONS}
    assert widgets.keys() == wanted
    assert {one["type"] for one in widgets.values()} == {"chart", "table", "markdown"}


def test_every_field_of_a_widget_is_documented(widgets: dict[str, Any]) -> None:
    for widget in widgets.values():
        hold(widget, WIDGET)
        assert 1 <= widget["gridData"]["w"] <= 40
        assert 1 <= widget["gridData"]["h"] <= 100
        assert not widget["endpoint"].startswith("/"), "it is relative to the backend's own address, its stage included"
        for param in widget["params"]:
            hold(param, PARAM)
            assert all(option.keys() == {"label", "value"} for option in param.get("options", ()))
            values = {option["value"] for option in param.get("options", ())}
            assert not values or set(param["value"].split(",")) <= values, f"{param['paramName']} starts outside"
        if "data" in widget:
            assert widget["data"].keys() == {"dataKey", "table"}
            assert widget["data"]["table"].keys() == {"showAll", "columnsDefs"}
            for column in widget["data"]["table"]["columnsDefs"]:
                hold(column, COLUMN)


def test_every_field_of_the_app_is_documented(app: dict[str, Any], widgets: dict[str, Any]) -> None:
    hold(app, APP)
    placed = []
    for key, tab in app["tabs"].items():
        assert tab.keys() == {"id", "name", "layout"}
        assert tab["id"] == key
        for one in tab["layout"]:
            assert one.keys() == {"i", "x", "y", "w", "h"}
            assert one["x"] + one["w"] <= 40
            placed.append(one["i"])
    assert sorted(placed) == sorted(widgets)
    for group in app["groups"]:
        hold(group, GROUP)
        for name in group["widgetIds"]:
            values = {param["paramName"]: param["value"] for param in widgets[name]["params"]}
            assert values[group["paramName"]] == group["defaultValue"]
    assert len(app["prompts"]) == len(QUESTIONS)


def test_no_two_widgets_of_a_tab_overlap(app: dict[str, Any]) -> None:
    for tab in app["tabs"].values():
        cells = [
            (x, y)
            for one in tab["layout"]
            for x in range(one["x"], one["x"] + one["w"])
            for y in range(one["y"], one["y"] + one["h"])
        ]
        assert len(cells) == len(set(cells)), tab["id"]


def ask(client: Client, widget: dict[str, Any], **more: str) -> Any:
    """What the widget gets with the values that its pickers start with, and the theme that Workspace adds."""
    values = {param["paramName"]: param["value"] for param in widget["params"]}
    response = client.get(f"/{widget['endpoint']}", values | {"theme": "dark"} | more)
    assert response.status_code == 200, f"{widget['endpoint']}: {response.text}"
    return response.json()


def test_every_widget_shows_what_the_live_api_answers(client: Client, widgets: dict[str, Any]) -> None:
    for name, widget in widgets.items():
        found = ask(client, widget)
        match widget["type"]:
            case "markdown":
                assert isinstance(found, str), name
                assert found.strip(), name
            case "chart":
                assert found.keys() == {"data", "layout"}, name
                assert found["data"], name
                for trace in found["data"]:
                    assert len(trace["x"]) == len(trace["y"]) > 0, name
                    assert any(value is not None for value in trace["y"]), name
            case "table":
                rows = found[widget["data"]["dataKey"]]
                assert rows, name
                for column in widget["data"]["table"]["columnsDefs"]:
                    assert any(row[column["field"]] is not None for row in rows), f"{name}: {column['field']}"
                for row in rows:
                    assert all(not isinstance(value, list | dict) for value in row.values()), name


def test_a_chart_has_the_figures_of_its_path(client: Client, widgets: dict[str, Any]) -> None:
    figure = ask(client, widgets["bellwether_growth"])
    rows = client.json("/compare", tickers="NVDA,AMZN")["rows"]
    assert [trace["name"] for trace in figure["data"]] == ["AMZN", "NVDA"]
    for trace in figure["data"]:
        own = [row for row in rows if row["ticker"] == trace["name"]]
        assert trace["x"] == [row["time"] for row in own]
        assert trace["y"] == [row["growth"] for row in own]
    assert figure["layout"]["yaxis"]["tickformat"] == "+.1%"


def test_a_table_has_the_figures_of_its_path(client: Client, widgets: dict[str, Any]) -> None:
    table = ask(client, widgets["bellwether_summary"], tickers="VOO")
    (summary,) = client.json("/compare", tickers="VOO")["summary"]
    assert table["rows"] == [{name: summary[name] for name in table["rows"][0]}]
    assert table["warnings"] == client.json("/compare", tickers="VOO")["warnings"]


def test_a_question_is_markdown_with_its_warnings_first(client: Client, widgets: dict[str, Any]) -> None:
    text = ask(client, widgets["bellwether_question_comparison"])
    answer = client.json("/questions/comparison")
    assert answer["headline"] in text
    assert all(one in text for one in answer["details"])
    assert text.index(f"> {answer['warnings'][0]}") < text.index(answer["headline"])
    assert "simulated" in text


def test_light_and_dark(client: Client, widgets: dict[str, Any]) -> None:
    grounds = [
        ask(client, widgets["bellwether_growth"], theme=theme)["layout"]["paper_bgcolor"] for theme in ("dark", "light")
    ]
    assert grounds == ["#151518", "#FFFFFF"]


@pytest.mark.parametrize(
    ("path", "parameters", "status"),
    [
        ("/openbb/panels/nothing", {}, 400),
        ("/openbb/panels/growth", {"tickers": "ZZZZ"}, 404),
        ("/openbb/panels/growth", {"tickres": "NVDA"}, 400),
        ("/openbb/panels/calendar", {"by": "week"}, 400),
        ("/openbb/panels/portfolio_value", {"weights": "NVDA:0.5"}, 400),
        ("/openbb/questions/volume", {"range": "1y"}, 400),
        ("/widgets.json", {"x": "1"}, 400),
    ],
)
def test_refusals_are_problems(client: Client, path: str, parameters: dict[str, str], status: int) -> None:
    response = client.get(path, parameters)
    assert response.status_code == status
    assert response.json()["message"]


def test_workspace_may_ask_once_its_origin_is_named(store: DuckDBStore) -> None:
    client = Client(create_app(Settings(lake="unused", cors_origins=(ORIGIN,)), store, lambda: EVENING))
    asked = {"Origin": ORIGIN, "Access-Control-Request-Method": "GET", "Access-Control-Request-Headers": "x-api-key"}
    preflight = client.get("/widgets.json", method="OPTIONS", headers=asked)
    assert preflight.headers["access-control-allow-origin"] == ORIGIN
    assert "x-api-key" in preflight.headers["access-control-allow-headers"]
    assert client.get("/widgets.json", headers={"Origin": ORIGIN}).headers["access-control-allow-origin"] == ORIGIN


def test_they_are_hidden_from_openapi(client: Client) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert not [path for path in paths if "openbb" in path or path.endswith(".json")]


def test_a_panel_of_an_unknown_shape_would_be_a_table() -> None:
    assert {kind_of(panel) for panel in definition()["panels"]} == {"chart", "table", "markdown"}
    for panel in definition()["panels"]:
        assert kind_of(panel) != "table" or panel["columns"], panel["name"]
    json.dumps(definition())
