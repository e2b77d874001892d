"""The dashboards as files: built from the definition, whole, and easy on the API."""

import re
from collections import defaultdict
from itertools import combinations
from typing import Any

import pytest

from grafana.__main__ import files
from lake.universe import universe
from tests.grafana.boards import BOARDS, GRAFANA, PICKED, call, targets

SIX_OF_THE_ORIGINAL = {
    "Daily closing price": ("close", "currencyUSD"),
    "Daily price change": ("change", "currencyUSD"),
    "Rate of increase": ("change_ratio", "percentunit"),
    "Volume of the last open day": ("volume", "short"),
    "Daily volume": ("volume", "short"),
    "Daily price range": ("range", "currencyUSD"),
}
MARKET = [name for name in BOARDS if name.startswith("market")]
panels = pytest.mark.parametrize(
    "panel", [pytest.param(panel, id=f"{name}-{panel['id']}") for name in BOARDS for panel in BOARDS[name]["panels"]]
)


def test_what_is_committed_is_what_the_definition_builds() -> None:
    built = dict(files())
    behind = [path.name for path, text in built.items() if not path.exists() or path.read_text("utf-8") != text]
    assert not behind, f"{behind} are not what is built: run make dashboards"
    assert set(built) >= set((GRAFANA / "dashboards").iterdir())


def test_both_plugins_draw_the_same() -> None:
    drawn = {name: [(panel["title"], panel["type"]) for panel in BOARDS[name]["panels"]] for name in BOARDS}
    assert drawn["market-json-api"] == drawn["market-infinity"]
    assert drawn["questions-json-api"] == drawn["questions-infinity"]
    assert len(drawn["questions-infinity"]) == 1 + 2 * 5


@pytest.mark.parametrize("name", MARKET)
def test_the_market_has_the_six_of_the_original_and_the_rest(name: str) -> None:
    by_title = {panel["title"]: panel for panel in BOARDS[name]["panels"]}
    for title, (field, unit) in SIX_OF_THE_ORIGINAL.items():
        (target,) = by_title[title]["targets"]
        (column,) = target["columns"][2:] if "columns" in target else target["fields"][2:]
        assert field in {column.get("selector"), column.get("name")}
        assert by_title[title]["fieldConfig"]["defaults"]["unit"] == unit
    assert {"Drawdown", "Rolling volatility", "Correlation", "In figures", "Weekday effects"} <= set(by_title)


@panels
def test_a_panel_says_what_it_means_and_in_which_unit(panel: dict[str, Any]) -> None:
    assert len(panel["description"].split()) > 5
    config, (target,) = panel["fieldConfig"], panel["targets"]
    columns = {
        override["matcher"]["options"]: {value["id"]: value["value"] for value in override["properties"]}
        for override in config["overrides"]
        if override["matcher"]["id"] == "byName"
    }
    named = {field.get("name") or field["text"] for field in target.get("fields") or target["columns"]}
    assert ("unit" in config["defaults"]) == (not columns)
    assert not columns or columns.keys() == named
    assert all("unit" in shown and shown["noValue"] == "–" for shown in columns.values())
    empty = config["defaults"]["noValue"]  # what Grafana says in place of an empty picture
    assert empty.startswith(("No data", "Nothing to warn of"))


@panels
def test_a_chart_names_its_tickers_and_gives_each_one_colour(panel: dict[str, Any]) -> None:
    if panel["title"] == "What to know first":
        return
    if panel["type"] == "table":
        (order,) = panel["transformations"]  # Infinity's columns come in the order of the alphabet
        (target,) = panel["targets"]
        names = [field.get("name") or field["text"] for field in target.get("fields") or target["columns"]]
        assert sorted(order["options"]["indexByName"], key=order["options"]["indexByName"].get) == names
        return
    assert panel["fieldConfig"]["defaults"]["color"] == {"mode": "palette-classic-by-name"}  # of a ticker beyond
    for name in (*universe(), "NEWCO", "META+GOOGL"):
        found = [one for one in panel["fieldConfig"]["overrides"] if re.search(one["matcher"]["options"][1:-1], name)]
        own = name.split("+")[-1]
        assert [one["matcher"]["options"] for one in found] == [rf"/(^|\+){own}$/"][: own in universe()]
    fixed = [one["properties"][0]["value"] for one in panel["fieldConfig"]["overrides"]]
    assert {one["mode"] for one in fixed} == {"fixed"}
    assert len({one["fixedColor"] for one in fixed}) == len(universe())
    if panel["type"] == "timeseries":
        assert panel["options"]["legend"]["showLegend"]


@pytest.mark.parametrize("name", MARKET)
def test_a_large_move_is_beyond_a_red_line(name: str) -> None:
    (rate,) = (panel for panel in BOARDS[name]["panels"] if panel["title"] == "Rate of increase")
    steps = rate["fieldConfig"]["defaults"]["thresholds"]["steps"]
    assert [(step["value"], step["color"]) for step in steps] == [(None, "red"), (-0.05, "transparent"), (0.05, "red")]
    assert rate["fieldConfig"]["defaults"]["custom"]["thresholdsStyle"] == {"mode": "dashed"}


@pytest.mark.parametrize("name", BOARDS)
def test_the_same_request_is_the_same_url(name: str) -> None:
    spellings = defaultdict(set)
    asked = [call(target, PICKED["several"]) for _, target in targets(BOARDS[name])]
    for path, parameters in asked:
        spellings[path, frozenset(parameters)].add(parameters)
    assert all(len(urls) == 1 for urls in spellings.values())
    assert len(spellings) == (8 if name in MARKET else 6)  # 5 answers, the picker, 2 kinds of event; or 5 and it


@pytest.mark.parametrize("name", BOARDS)
def test_the_time_range_is_whole_days_in_utc(name: str) -> None:
    board = BOARDS[name]
    assert board["timezone"] == "utc"
    assert not board["refresh"]
    spans = [board["time"], *board["timepicker"].get("quick_ranges", [])]
    assert all(re.fullmatch(r"now(-\d+[dwMy])?/[dy]", span["from"]) for span in spans)
    assert {span["to"] for span in spans} == {"now/d"}
    assert len(spans) > 5 or board["timepicker"]["hidden"]


@pytest.mark.parametrize("name", MARKET)
def test_a_person_picks_several_tickers_or_all_and_one_benchmark(name: str) -> None:
    tickers, benchmark = BOARDS[name]["templating"]["list"]
    assert (tickers["name"], tickers["multi"], tickers["includeAll"]) == ("tickers", True, True)
    assert "allValue" not in tickers  # so that all are listed
    assert (benchmark["name"], benchmark["multi"], benchmark["includeAll"]) == ("benchmark", False, False)
    assert (tickers["current"]["value"], benchmark["current"]["value"]) == (["NVDA", "AMZN"], "VOO")


@pytest.mark.parametrize("name", MARKET)
def test_splits_and_dividends_differ_in_colour(name: str) -> None:
    splits, dividends = BOARDS[name]["annotations"]["list"]
    kinds = [dict(call(one["target"], PICKED["one"])[1])["kind"] for one in (splits, dividends)]
    assert kinds == ["split", "dividend"]
    assert splits["enable"]
    assert dividends["enable"]
    assert splits["iconColor"] != dividends["iconColor"]


def test_every_question_is_drawn_over_its_own_window() -> None:
    for name in ("questions-json-api", "questions-infinity"):
        spans = [panel["timeFrom"] for panel in BOARDS[name]["panels"] if panel["type"] == "timeseries"]
        assert spans == ["21d", "100d", "193d", "193d", "147d"]  # 2 weeks, 3 and 6 months, 100 sessions; a week more


def test_names_are_stable_and_links_lead_somewhere() -> None:
    uids = {board["uid"] for board in BOARDS.values()}
    assert uids == {f"bellwether-{name}" for name in BOARDS}
    assert {link["url"] for board in BOARDS.values() for link in board["links"]} == {f"/d/{uid}" for uid in uids}


@pytest.mark.parametrize("name", BOARDS)
def test_no_panel_lies_on_another_or_beyond_the_edge(name: str) -> None:
    places = [panel["gridPos"] for panel in BOARDS[name]["panels"]]
    assert all(place["x"] + place["w"] <= 24 for place in places)
    for one, other in combinations(places, 2):
        beside = one["x"] + one["w"] <= other["x"] or other["x"] + other["w"] <= one["x"]
        assert beside or one["y"] + one["h"] <= other["y"] or other["y"] + other["h"] <= one["y"]
    assert len({panel["id"] for panel in BOARDS[name]["panels"]}) == len(places)


def test_paths_filter_nothing_and_run_nothing() -> None:
    fields = [field for board in BOARDS.values() for _, target in targets(board) for field in target.get("fields", [])]
    assert all(re.fullmatch(r"\$(\.\w+(\[\*\])?)+", field["jsonPath"]) for field in fields)  # the plugin refuses ?()
    assert {field["language"] for field in fields} == {"jsonpath"}
