"""The data sources that Grafana is given: both plugins, at one API."""

from pathlib import Path

import yaml

SOURCES = Path("grafana/provisioning/datasources/bellwether.yaml")


def test_both_plugins_ask_the_same_api() -> None:
    sources = yaml.safe_load(SOURCES.read_text())["datasources"]
    assert {source["type"] for source in sources} == {"marcusolsson-json-datasource", "yesoreyeram-infinity-datasource"}
    assert {source["url"] for source in sources} == {"http://127.0.0.1:8000"}
    assert len({source["uid"] for source in sources}) == 2


def test_infinity_may_ask_the_api_and_its_health() -> None:
    sources = yaml.safe_load(SOURCES.read_text())["datasources"]
    (infinity,) = (source for source in sources if source["type"] == "yesoreyeram-infinity-datasource")
    assert infinity["jsonData"]["allowedHosts"] == [infinity["url"]]
    assert infinity["jsonData"]["customHealthCheckUrl"] == f"{infinity['url']}/health"
