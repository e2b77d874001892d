"""The data sources and dashboards that Grafana is provisioned with. tests/tools/test_containers.py has compose.yaml."""

from typing import Any

import pytest
import yaml

from tests.grafana.boards import BOARDS, GRAFANA, targets

PLUGINS = {"marcusolsson-json-datasource", "yesoreyeram-infinity-datasource"}


def provisioned(kind: str) -> dict[str, Any]:
    (file,) = (GRAFANA / "provisioning" / kind).iterdir()
    read: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))
    assert read["apiVersion"] == 1
    return read


SOURCES = {source["uid"]: source for source in provisioned("datasources")["datasources"]}


def test_both_plugins_ask_the_same_api_with_the_same_key() -> None:
    assert {source["type"] for source in SOURCES.values()} == PLUGINS
    assert {source["url"] for source in SOURCES.values()} == {"$BELLWETHER_URL"}
    assert {value for source in SOURCES.values() for value in source["secureJsonData"].values()} == {
        "$BELLWETHER_API_KEY"
    }
    json_api, infinity = (SOURCES[f"bellwether-{name}"]["jsonData"] for name in ("json-api", "infinity"))
    assert json_api["httpHeaderName1"] == infinity["apiKeyKey"] == "x-api-key"


def test_infinity_may_ask_the_api_and_its_health() -> None:
    infinity = SOURCES["bellwether-infinity"]
    assert infinity["jsonData"]["allowedHosts"] == [infinity["url"]]
    assert infinity["jsonData"]["customHealthCheckUrl"] == f"{infinity['url']}/health"


@pytest.mark.parametrize("name", BOARDS)
def test_a_dashboard_asks_one_data_source_that_is_there(name: str) -> None:
    asked = [target["datasource"] for _, target in targets(BOARDS[name])]
    for part in ("annotations", "templating"):
        asked += [one["datasource"] for one in BOARDS[name].get(part, {}).get("list", [])]
    (uid,) = {one["uid"] for one in asked}
    assert name.endswith(uid.removeprefix("bellwether-"))
    assert {one["type"] for one in asked} == {SOURCES[uid]["type"]}
