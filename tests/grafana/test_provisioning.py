"""What a Grafana is started with: data sources, plugins, folders. No Grafana is at hand here to read it."""

import re
from typing import Any

import pytest
import yaml

from tests.grafana.boards import BOARDS, GRAFANA, targets

PLUGINS = {"marcusolsson-json-datasource", "yesoreyeram-infinity-datasource"}
COMPOSE = yaml.safe_load((GRAFANA / "compose.yaml").read_text("utf-8"))
SERVICE = COMPOSE["services"]["grafana"]
ENVIRONMENT = SERVICE["environment"]


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


def test_compose_gives_grafana_what_it_reads() -> None:
    mounted = dict(volume.split(":")[:2] for volume in SERVICE["volumes"])
    folders = {source: target for source, target in mounted.items() if source.startswith(".")}
    assert all((GRAFANA / source).is_dir() for source in folders)
    assert folders["./provisioning"] == "/etc/grafana/provisioning"
    (provider,) = provisioned("dashboards")["providers"]
    assert provider["options"]["path"] == folders["./dashboards"]
    home = ENVIRONMENT["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (GRAFANA / "dashboards" / home.removeprefix(f"{folders['./dashboards']}/")).is_file()
    assert set(mounted) - set(folders) == set(COMPOSE["volumes"])


def test_compose_names_every_variable_that_the_files_want() -> None:
    files = [path for path in (GRAFANA / "provisioning").rglob("*.yaml") if path.parent.name != "alerting"]
    wanted = {name for path in files for name in re.findall(r"\$(\w+)", path.read_text("utf-8"))}
    assert wanted == {name for name in ENVIRONMENT if not name.startswith("GF_")}
    assert ENVIRONMENT["BELLWETHER_URL"] == "${BELLWETHER_URL:-http://127.0.0.1:8000}"
    assert re.fullmatch(r"\$\{BELLWETHER_API_KEY:-\w+\}", ENVIRONMENT["BELLWETHER_API_KEY"])  # Infinity refuses none


def test_compose_pins_what_it_brings_and_listens_here_alone() -> None:
    name, version = SERVICE["image"].split(":")
    assert name == "grafana/grafana"
    assert [int(number) for number in version.split(".")] >= [12, 0, 0]  # the JSON API plugin's bound
    pinned = dict(plugin.split("@") for plugin in ENVIRONMENT["GF_PLUGINS_PREINSTALL_SYNC"].split(","))
    assert set(pinned) == PLUGINS
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pinned.values())
    assert SERVICE["network_mode"] == "host"
    assert ENVIRONMENT["GF_SERVER_HTTP_ADDR"] == "127.0.0.1"
    assert ENVIRONMENT["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
