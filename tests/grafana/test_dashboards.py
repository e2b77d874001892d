"""The dashboards as files: equal to what the definition builds, complete, and cheap for the API."""

import math
import re
from collections import defaultdict
from itertools import combinations
from typing import Any

import pytest

from grafana.__main__ import generated_files
from grafana.colours import PALETTE
from lake.universe import universe
from tests.grafana.dashboards import DASHBOARDS, GRAFANA, SELECTIONS, queries_of, request_of

ORIGINAL_PANELS = {
    "Daily closing price": ("close", "currencyUSD"),
    "Daily price change": ("change", "currencyUSD"),
    "Rate of increase": ("change_ratio", "percentunit"),
    "Volume of the last open day": ("volume", "short"),
    "Daily volume": ("volume", "short"),
    "Daily price range": ("range", "currencyUSD"),
}
MARKET = [name for name in DASHBOARDS if name.startswith("market")]
panels = pytest.mark.parametrize(
    "panel",
    [pytest.param(panel, id=f"{name}-{panel['id']}") for name in DASHBOARDS for panel in DASHBOARDS[name]["panels"]],
)


def test_committed_files_equal_what_the_definition_builds() -> None:
    built = dict(generated_files())
    outdated = [path.name for path, text in built.items() if not path.exists() or path.read_text("utf-8") != text]
    assert not outdated, f"{outdated} differ from what the definition builds: run make dashboards"
    assert set(built) >= set((GRAFANA / "dashboards").iterdir())


def test_both_plugins_have_the_same_panels() -> None:
    panels_by_dashboard = {
        name: [(panel["title"], panel["type"]) for panel in DASHBOARDS[name]["panels"]] for name in DASHBOARDS
    }
    assert panels_by_dashboard["market-json-api"] == panels_by_dashboard["market-infinity"]
    assert panels_by_dashboard["questions-json-api"] == panels_by_dashboard["questions-infinity"]
    assert panels_by_dashboard["portfolio-json-api"] == panels_by_dashboard["portfolio-infinity"]
    assert len(panels_by_dashboard["questions-infinity"]) == 1 + 3 * 5


@pytest.mark.parametrize("name", MARKET)
def test_the_market_has_the_six_original_panels_and_more(name: str) -> None:
    by_title = {panel["title"]: panel for panel in DASHBOARDS[name]["panels"]}
    for title, (field, unit) in ORIGINAL_PANELS.items():
        (target,) = by_title[title]["targets"]
        (column,) = target["columns"][2:] if "columns" in target else target["fields"][2:]
        assert field in {column.get("selector"), column.get("jsonPath", "").split(".")[-1]}
        assert unit in units_of(by_title[title])
    assert {"Drawdown", "Rolling volatility", "Correlation", "Weekday effects", "Calendar returns"} <= set(by_title)


def units_of(panel: dict[str, Any]) -> set[str]:
    overrides = (value for one in panel["fieldConfig"]["overrides"] for value in one["properties"])
    own = {value["value"] for value in overrides if value["id"] == "unit"}
    return own | {panel["fieldConfig"]["defaults"].get("unit", "")}


@pytest.mark.parametrize("name", MARKET)
def test_rate_change_and_volume_are_bars(name: str) -> None:
    styles = {
        panel["title"]: panel["fieldConfig"]["defaults"]["custom"]["drawStyle"]
        for panel in DASHBOARDS[name]["panels"]
        if panel["type"] == "timeseries"
    }
    bars = {title for title, style in styles.items() if style == "bars"}
    assert bars == {"Daily price change", "Rate of increase", "Daily volume"}


@pytest.mark.parametrize("name", MARKET)
def test_the_last_volume_names_its_session(name: str) -> None:
    (panel,) = (one for one in DASHBOARDS[name]["panels"] if one["title"] == "Volume of the last open day")
    overrides = {one["matcher"]["options"]: one["properties"] for one in panel["fieldConfig"]["overrides"]}
    assert {"id": "unit", "value": "time:YYYY-MM-DD"} in overrides["Session"]
    (target,) = panel["targets"]
    types = {field.get("name") or field["text"]: field["type"] for field in target.get("fields") or target["columns"]}
    assert types["Session"] in {"time", "timestamp"}


@pytest.mark.parametrize("name", [name for name in DASHBOARDS if not name.startswith("questions")])
def test_as_of_and_snapshot_are_on_the_board(name: str) -> None:
    (panel,) = (one for one in DASHBOARDS[name]["panels"] if one["title"] == "What the figures are of")
    assert {"As of", "Snapshot", "From", "To", "Each row"} <= {
        one["matcher"]["options"] for one in panel["fieldConfig"]["overrides"]
    }


@pytest.mark.parametrize("name", DASHBOARDS)
def test_legacy_dashboards_say_so(name: str) -> None:
    dashboard = DASHBOARDS[name]
    legacy = name.endswith("json-api")
    assert ("legacy" in dashboard["tags"], "legacy" in dashboard["title"]) == (legacy, legacy)
    assert ("2027-02-01" in dashboard.get("description", "")) == legacy


@panels
def test_a_panel_has_a_description_and_units(panel: dict[str, Any]) -> None:
    assert len(panel["description"].split()) > 5
    config, target = panel["fieldConfig"], panel["targets"][0]
    columns: dict[str, dict[str, Any]] = defaultdict(dict)
    for override in config["overrides"]:
        if override["matcher"]["id"] == "byName":
            properties = {value["id"]: value["value"] for value in override["properties"]}
            columns[override["matcher"]["options"]] |= properties
    names = {field.get("name") or field["text"] for field in target.get("fields") or target["columns"]}
    if is_pivot(panel):
        assert config["defaults"]["unit"] in {"none", "percentunit"}
        assert set(columns) < names
        return
    assert ("unit" in config["defaults"]) == (not columns)
    assert not columns or columns.keys() == names
    assert all("unit" in column and column["noValue"] == "–" for column in columns.values())
    empty = config["defaults"]["noValue"]  # shown instead of an empty chart
    assert empty.startswith(("No data", "Nothing to warn of"))


def is_pivot(panel: dict[str, Any]) -> bool:
    """Whether Grafana makes the panel's columns of the values of one."""
    return any(step["id"] == "groupingToMatrix" for step in panel.get("transformations", []))


@panels
def test_a_chart_has_a_legend_and_one_colour_a_ticker(panel: dict[str, Any]) -> None:
    if panel["title"] == "What to know first" or is_pivot(panel):
        return
    if panel["type"] == "table":
        (order,) = panel["transformations"]  # Infinity returns columns in alphabetical order
        (target,) = panel["targets"]
        names = [field.get("name") or field["text"] for field in target.get("fields") or target["columns"]]
        assert sorted(order["options"]["indexByName"], key=order["options"]["indexByName"].get) == names
        return
    assert panel["fieldConfig"]["defaults"]["color"] == {"mode": "palette-classic-by-name"}  # outside the universe
    for name in (*universe(), "NEWCO", "META+GOOGL"):
        found = [one for one in panel["fieldConfig"]["overrides"] if re.search(one["matcher"]["options"][1:-1], name)]
        own = name.split("+")[-1]
        assert [one["matcher"]["options"] for one in found] == [rf"/(^|\+){own}$/"][: own in universe()]
    fixed = [one["properties"][0]["value"] for one in panel["fieldConfig"]["overrides"]]
    assert {one["mode"] for one in fixed} == {"fixed"}
    assert len({one["fixedColor"] for one in fixed}) == len(universe())
    if panel["type"] == "timeseries":
        legend = panel["options"]["legend"]
        assert (legend["showLegend"], legend["displayMode"]) == (True, "table")
        assert legend["calcs"] == ["lastNotNull", "min", "max"]
        (link,) = panel["fieldConfig"]["defaults"]["links"]
        assert re.search(r"var-tickers=\$\{__field.displayName:\w+\}&.*\$\{__url_time_range\}", link["url"])


def test_no_two_tickers_have_similar_colours() -> None:
    """By their distance in CIELAB; and all stand out from both backgrounds."""
    assert len(PALETTE) == len(universe())
    assert min(math.dist(lab(one), lab(other)) for one, other in combinations(PALETTE, 2)) > 30
    white, dark = 100, 9  # the lightness of Grafana's panels
    assert all(dark + 25 < lab(colour)[0] < white - 25 for colour in PALETTE)


def lab(colour: str) -> tuple[float, float, float]:
    """Lightness, green to red and blue to yellow of an sRGB colour under D65."""
    channels = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    red, green, blue = (((one + 0.055) / 1.055) ** 2.4 if one > 0.04045 else one / 12.92 for one in channels)
    x, y, z = (
        (0.4124564 * red + 0.3575761 * green + 0.1804375 * blue) / 0.95047,
        0.2126729 * red + 0.7151522 * green + 0.0721750 * blue,
        (0.0193339 * red + 0.1191920 * green + 0.9503041 * blue) / 1.08883,
    )
    x, y, z = (one ** (1 / 3) if one > 0.008856 else 7.787 * one + 16 / 116 for one in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("name", MARKET)
def test_a_large_move_is_beyond_a_red_threshold(name: str) -> None:
    (rate,) = (panel for panel in DASHBOARDS[name]["panels"] if panel["title"] == "Rate of increase")
    steps = rate["fieldConfig"]["defaults"]["thresholds"]["steps"]
    assert [(step["value"], step["color"]) for step in steps] == [(None, "red"), (-0.05, "transparent"), (0.05, "red")]
    assert rate["fieldConfig"]["defaults"]["custom"]["thresholdsStyle"] == {"mode": "dashed"}


@pytest.mark.parametrize("name", DASHBOARDS)
def test_the_time_range_is_whole_days_in_utc(name: str) -> None:
    dashboard = DASHBOARDS[name]
    assert dashboard["timezone"] == "utc"
    assert not dashboard["refresh"]
    spans = [dashboard["time"], *dashboard["timepicker"].get("quick_ranges", [])]
    assert all(re.fullmatch(r"now(-\d+[dwMy])?/[dy]", span["from"]) for span in spans)
    assert {span["to"] for span in spans} == {"now/d"}
    if not dashboard["timepicker"].get("hidden"):
        assert {"1 week", "2 weeks", "3 months", "5 years", "20 years"} <= {span.get("display") for span in spans}


@pytest.mark.parametrize("name", MARKET)
def test_variables_allow_several_tickers_and_one_benchmark(name: str) -> None:
    tickers, benchmark, by = DASHBOARDS[name]["templating"]["list"]
    assert by["query"] == "month,year"
    assert (tickers["name"], tickers["multi"], tickers["includeAll"]) == ("tickers", True, True)
    assert "allValue" not in tickers  # "All" then sends every ticker by name
    assert (benchmark["name"], benchmark["multi"], benchmark["includeAll"]) == ("benchmark", False, False)
    assert (tickers["current"]["value"], benchmark["current"]["value"]) == (["NVDA", "AMZN"], "VOO")


@pytest.mark.parametrize("name", MARKET)
def test_splits_are_marked_and_dividends_can_be(name: str) -> None:
    splits, dividends = DASHBOARDS[name]["annotations"]["list"]
    kinds = [dict(request_of(one["target"], SELECTIONS["one"])[1])["kind"] for one in (splits, dividends)]
    assert kinds == ["split", "dividend"]
    assert splits["enable"]
    assert not dividends["enable"]
    assert splits["iconColor"] != dividends["iconColor"]


def test_every_question_has_its_own_window() -> None:
    for name in ("questions-json-api", "questions-infinity"):
        spans = [panel["timeFrom"] for panel in DASHBOARDS[name]["panels"] if panel["type"] == "timeseries"]
        assert spans == ["21d", "100d", "193d", "193d", "147d"]  # 2 weeks, 3 and 6 months, 100 sessions; a week more


def test_uids_are_stable_and_links_lead_to_dashboards() -> None:
    uids = {dashboard["uid"] for dashboard in DASHBOARDS.values()}
    assert uids == {f"bellwether-{name}" for name in DASHBOARDS}
    for name, dashboard in DASHBOARDS.items():
        view, source = name.split("-", 1)
        others = {"market", "questions", "portfolio"} - {view}
        assert {link["url"] for link in dashboard["links"]} == {f"/d/bellwether-{one}-{source}" for one in others}
        assert all(link["keepTime"] and link["includeVars"] for link in dashboard["links"])


@pytest.mark.parametrize("name", DASHBOARDS)
def test_panels_do_not_overlap_and_stay_on_the_grid(name: str) -> None:
    positions = [panel["gridPos"] for panel in DASHBOARDS[name]["panels"]]
    assert all(position["x"] + position["w"] <= 24 for position in positions)
    for one, other in combinations(positions, 2):
        side_by_side = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert side_by_side or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    assert len({panel["id"] for panel in DASHBOARDS[name]["panels"]}) == len(positions)


def test_json_paths_have_no_filters_and_no_scripts() -> None:
    fields = [
        field
        for dashboard in DASHBOARDS.values()
        for _, target in queries_of(dashboard)
        for field in target.get("fields", [])
    ]
    assert all(re.fullmatch(r"\$(\.\w+(\[\*\])?)+", field["jsonPath"]) for field in fields)  # the plugin rejects ?()
    assert {field["language"] for field in fields} == {"jsonpath"}


@pytest.mark.parametrize("name", [name for name in DASHBOARDS if name.startswith("questions")])
def test_the_questions_start_as_they_are_asked_by_default(name: str) -> None:
    chosen = {variable["name"]: variable["current"]["value"] for variable in DASHBOARDS[name]["templating"]["list"]}
    assert chosen == {
        "volume_tickers": ["AAPL"],
        "comparison_tickers": ["NVDA", "AMZN"],
        "diversification_tickers": ["QQQ", "SCHG"],
        "basket_a": ["META", "GOOGL"],
        "basket_b": ["VOO", "SCHG"],
        "patterns_tickers": ["TSLA", "MSFT"],
        "benchmark": "VOO",
        "horizon": "3m",
    }
    asked = {path: dict(pairs) for path, pairs in map(usual_request, DASHBOARDS[name]["panels"])}
    assert asked["/questions/outlook"] == {"a": "META,GOOGL", "b": "VOO,SCHG", "horizon": "3m"}
    assert asked["/questions/diversification"]["benchmark"] == "VOO"


def usual_request(panel: dict[str, Any]) -> tuple[str, tuple[tuple[str, str], ...]]:
    return request_of(panel["targets"][0], SELECTIONS["one"])
