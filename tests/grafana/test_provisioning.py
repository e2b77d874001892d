"""The data sources and dashboards that Grafana is provisioned with. tests/tools/test_containers.py has compose.yaml."""

from typing import Any

import pytest
import yaml

from tests.grafana.dashboards import DASHBOARDS, GRAFANA, queries_of

PLUGINS = {"marcusolsson-json-datasource", "yesoreyeram-infinity-datasource"}


def provisioned(kind: str) -> dict[str, Any]:
    (file,) = (GRAFANA / "provisioning" / kind).iterdir()
    read: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    assert read["apiVersion"] == 1
    return read


SOURCES = {source["uid"]: source for source in provisioned("datasources")["datasources"]}


def test_both_plugins_use_the_same_api_and_key() -> None:
    assert {source["type"] for source in SOURCES.values()} == PLUGINS
    assert {source["url"] for source in SOURCES.values()} == {"$BELLWETHER_URL"}
    assert {value for source in SOURCES.values() for value in source["secureJsonData"].values()} == {
        "$BELLWETHER_API_KEY"
    }
    json_api, infinity = (SOURCES[f"bellwether-{name}"]["jsonData"] for name in ("json-api", "infinity"))
    assert json_api["httpHeaderName1"] == infinity["apiKeyKey"] == "x-api-key"


def test_infinity_comes_first_and_reads_refusals() -> None:
    assert next(iter(SOURCES)) == "bellwether-infinity"
    assert SOURCES["bellwether-infinity"]["isDefault"]
    assert SOURCES["bellwether-infinity"]["jsonData"]["ignoreStatusCodeCheck"]
    assert "legacy" in SOURCES["bellwether-json-api"]["name"]


def test_infinity_may_reach_the_api_and_its_health() -> None:
    infinity = SOURCES["bellwether-infinity"]
    assert infinity["jsonData"]["allowedHosts"] == [infinity["url"]]
    assert infinity["jsonData"]["customHealthCheckUrl"] == f"{infinity['url']}/health"


@pytest.mark.parametrize("name", DASHBOARDS)
def test_a_dashboard_uses_one_provisioned_data_source(name: str) -> None:
    used = [target["datasource"] for _, target in queries_of(DASHBOARDS[name])]
    for part in ("annotations", "templating"):
        listed = DASHBOARDS[name].get(part, {}).get("list", [])
        used += [one["datasource"] for one in listed if one.get("type") not in {"custom", "textbox"}]
    (uid,) = {one["uid"] for one in used}
    assert name.endswith(uid.removeprefix("bellwether-"))
    assert {one["type"] for one in used} == {SOURCES[uid]["type"]}
