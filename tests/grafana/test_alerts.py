"""The alert rules on the API's real answers: each fires on a planted fault and on nothing else."""

import dataclasses
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import ascii_uppercase
from typing import Any

import pytest
import yaml

from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import SESSIONS, small_market
from lake.snapshot import Manifest, TickerManifest
from lake.universe import universe
from tests.grafana.dashboards import DASHBOARDS, GRAFANA, SELECTIONS, infinity_rows, request_of
from tests.support.client import EVENING, Client
from tests.support.stores import WalkStore

TEXT = (GRAFANA / "provisioning/alerting/bellwether.yaml").read_text("utf-8")
(GROUP,) = yaml.safe_load(TEXT)["groups"]
RULES = {rule["uid"].removeprefix("bellwether-"): rule for rule in GROUP["rules"]}


def market(**changed: History) -> dict[str, History]:
    """A market of the whole universe whose last session moves little, with some tickers replaced."""
    # Every ticker has the same bars, so that only the replaced ones can alert.
    calm = small_market()["VOO"]
    return dict.fromkeys(universe(), calm) | changed


def moved(by: float) -> History:
    """A history whose last close differs from the one before by this ratio."""
    bars = list(small_market()["VOO"].bars)
    close = bars[-2].close * (1 + by)
    bars[-1] = dataclasses.replace(bars[-1], close=close, high=max(bars[-1].high, close), low=min(bars[-1].low, close))
    return History(bars)


def firing(name: str, root: Path, history: dict[str, History], now: datetime = EVENING) -> set[str]:
    """The first label of each alert that a rule raises on a published history."""
    store = DuckDBStore(publish(root, history))
    query, condition = RULES[name]["data"]
    model = query["model"]
    path, parameters = request_of(model, SELECTIONS["one"])
    response = Client.of(store, now).get(path, dict(parameters))
    store.close()
    assert response.status_code == 200, response.text
    label, value = model["columns"]
    rows = infinity_rows(model, response.json())
    assert len({row[label["selector"]] for row in rows}) == len(rows)  # one alert for each row
    (when,) = condition["model"]["conditions"]
    return {row[label["selector"]] for row in rows if holds(when["evaluator"], row[value["selector"]])}


def holds(evaluator: dict[str, Any], value: float) -> bool:
    """Grafana's threshold evaluators."""
    low, high = evaluator["params"][0], evaluator["params"][-1]
    results: dict[str, bool] = {"gt": value > low, "lt": value < low, "outside_range": value < low or value > high}
    return results[evaluator["type"]]


@pytest.mark.parametrize(("by", "alerts"), [(0.06, {"NVDA"}), (-0.06, {"NVDA"}), (0.04, set()), (-0.04, set())])
def test_a_move_beyond_the_threshold_alerts(tmp_path: Path, by: float, alerts: set[str]) -> None:
    history = market(NVDA=moved(by)) | {ticker: moved(0.001) for ticker in universe() if ticker != "NVDA"}
    assert firing("moved", tmp_path, history) == alerts


def test_stale_data_alerts(tmp_path: Path) -> None:
    assert firing("behind", tmp_path / "fresh", market()) == set()
    a_session_later = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)  # Monday evening in New York
    assert firing("behind", tmp_path / "stale", market(), a_session_later) == {"ok"}
    assert RULES["behind"]["noDataState"] == RULES["behind"]["execErrState"] == "Alerting"  # no service, no freshness


def test_a_ticker_that_lacks_recent_sessions_alerts(tmp_path: Path) -> None:
    bars = [bar for bar in small_market()["VOO"].bars if bar.day != SESSIONS[-2]]
    assert firing("lacking", tmp_path, market(META=History(bars))) == {"META"}


def test_one_query_of_each_rule_has_every_ticker_of_a_lake_of_503() -> None:
    names = [f"{one}{two}Q" for one in ascii_uppercase for two in ascii_uppercase][:503]
    entry = TickerManifest(SESSIONS[0], SESSIONS[-1], len(SESSIONS), "", "", "")
    client = Client.of(WalkStore(Manifest("20261121T013005Z", "", "live", 0, (), dict.fromkeys(names, entry))))
    for name in ("moved", "lacking"):
        query, _ = RULES[name]["data"]
        path, parameters = request_of(query["model"], SELECTIONS["one"])
        response = client.get(path, dict(parameters))
        assert response.status_code == 200, response.text
        assert len(response.content) < 500_000
        assert {row["ticker"] for row in infinity_rows(query["model"], response.json())} >= set(names)


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_valid_in_grafana(name: str) -> None:
    rule = RULES[name]
    query, condition = rule["data"]
    assert (query["refId"], condition["refId"], rule["condition"]) == ("A", "B", "B")
    assert condition["model"]["expression"] == query["refId"]
    assert query["datasourceUid"] == query["model"]["datasource"]["uid"] == "bellwether-infinity"
    assert (query["model"]["parser"], query["model"]["format"]) == ("jq-backend", "table")  # other formats cannot alert
    assert [column["type"] for column in query["model"]["columns"]] == ["string", "number"]
    assert condition["datasourceUid"] == condition["model"]["datasource"]["uid"] == "__expr__"
    hours = int(rule["for"].rstrip("hs"))
    assert timedelta(hours=hours) < timedelta(days=1)
    assert {rule["noDataState"], rule["execErrState"]} <= {"OK", "Alerting"}


@pytest.mark.parametrize("name", RULES)
def test_an_alert_tells_the_operator_what_to_do(name: str) -> None:
    rule, texts = RULES[name], RULES[name]["annotations"]
    assert re.search(r"/\w+|python -m|make run", texts["description"])
    assert "$" not in texts["summary"] + texts["description"] + rule["title"]  # Grafana would expand it as a variable
    known = {column["text"] for column in rule["data"][0]["model"]["columns"] if column["type"] == "string"}
    assert set(re.findall(r"\.Labels\.(\w+)", texts["summary"] + texts["description"])) <= known
    assert set(re.findall(r"\.Values\.(\w+)", texts["summary"])) <= {"A"}


def test_a_large_move_links_to_the_panel_with_the_threshold() -> None:
    dashboard = DASHBOARDS["market-infinity"]
    assert RULES["moved"]["dashboardUid"] == dashboard["uid"]
    (panel,) = (panel for panel in dashboard["panels"] if panel["id"] == RULES["moved"]["panelId"])
    low, high = RULES["moved"]["data"][1]["model"]["conditions"][0]["evaluator"]["params"]
    steps = [step["value"] for step in panel["fieldConfig"]["defaults"]["thresholds"]["steps"]]
    assert (low, high) == (steps[1], steps[2])


def test_the_file_tells_to_set_up_a_contact_point() -> None:
    assert "contact point" in TEXT
