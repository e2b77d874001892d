"""Dockerfile and compose.yaml name files, commands and variables that exist. No image is built in these tests."""

import json
import re
import shlex
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import yaml

from api.settings import read_settings
from tests.grafana.dashboards import GRAFANA

ROOT = Path(__file__).parent.parent.parent
PLUGINS = {"marcusolsson-json-datasource", "yesoreyeram-infinity-datasource"}
COMPOSE = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
BELLWETHER, GRAFANA_SERVICE = (COMPOSE["services"][name] for name in ("bellwether", "grafana"))
LAKE_FOLDER = "/app/.lake"


def instructions() -> list[tuple[str, str]]:
    """The Dockerfile's instructions, continued lines joined, comments left out."""
    lines = [line for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if not line.startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [(word, rest) for word, _, rest in (line.partition(" ") for line in joined.splitlines() if line)]


def rest_of(instruction: str) -> list[str]:
    return [rest for word, rest in instructions() if word == instruction]


def copied() -> list[str]:
    return [source for rest in rest_of("COPY") for source in rest.split()[:-1]]


def variables() -> dict[str, str]:
    return dict(pair.split("=", 1) for rest in rest_of("ENV") for pair in shlex.split(rest))


def test_everything_that_is_copied_exists_and_reaches_the_builder() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    allowed = [line.removeprefix("!") for line in lines if line.startswith("!")]
    assert "*" in lines, "without it lakes and environments would be sent to the builder"
    for source in copied():
        assert (ROOT / source).exists(), f"Dockerfile copies {source}"
        assert any(fnmatch(source, pattern) for pattern in allowed), f".dockerignore keeps {source} from the builder"
    assert sorted(allowed) == sorted(copied())


def test_the_image_has_every_package_that_make_run_starts() -> None:
    run = (ROOT / "tools/run.py").read_text("utf-8")
    started = set(re.findall(r'"-m", "(\w+)"', run))
    assert started
    assert started | {"lake"} <= set(copied())
    assert json.loads(rest_of("ENTRYPOINT")[0]) == ["python", "tools/run.py"]


def test_the_packages_are_locked_and_the_cache_is_left_out() -> None:
    (setup,) = [rest for rest in rest_of("RUN") if "setup.sh" in rest]
    assert setup == "PIP_NO_CACHE_DIR=1 tools/setup.sh run"
    assert {"requirements/build.txt", "requirements/run.txt", "tools/setup.sh"} <= set(copied())
    assert "--require-hashes" in (ROOT / "tools/setup.sh").read_text("utf-8")


def test_the_python_of_the_image_is_a_supported_slim_one() -> None:
    (image,) = rest_of("FROM")
    found = re.fullmatch(r"python:(3\.\d+)-slim-\w+", image)
    assert found
    classifiers = (ROOT / "pyproject.toml").read_text("utf-8")
    assert f'"Programming Language :: Python :: {found[1]}"' in classifiers


def test_it_does_not_run_as_root() -> None:
    order = [word for word, _ in instructions()]
    (user,) = rest_of("USER")
    assert int(user) > 0, "a number, so that a host that does not know the name can tell it is not root"
    assert order.index("USER") > max(place for place, word in enumerate(order) if word == "RUN")
    assert any(re.search(rf"useradd .*--uid {user}\b", rest) for rest in rest_of("RUN"))


def test_the_api_listens_where_the_port_and_the_health_check_are() -> None:
    settings = read_settings(variables())
    assert settings.host == "0.0.0.0"  # noqa: S104 - inside the container, where -p decides who can connect
    assert rest_of("EXPOSE") == [str(settings.port)]
    (check,) = rest_of("HEALTHCHECK")
    assert "/health" in check
    assert "os.environ['PORT']" in check
    compile(json.loads(check[check.index("[") :])[2], "HEALTHCHECK", "exec")


def test_the_lake_is_a_named_volume_on_the_folder_that_make_run_uses() -> None:
    assert rest_of("VOLUME") == [LAKE_FOLDER]
    assert rest_of("WORKDIR") == ["/app"]
    assert read_settings({}).lake.startswith(".lake/")
    volume, place = BELLWETHER["volumes"][0].split(":")
    assert place == LAKE_FOLDER
    assert volume in COMPOSE["volumes"]


def test_compose_passes_variables_that_the_settings_read() -> None:
    settings = "".join((ROOT / room / "settings.py").read_text("utf-8") for room in ("api", "ingest"))
    settings += (ROOT / "lake/origin.py").read_text("utf-8")
    settings += (ROOT / "lake/universe.py").read_text("utf-8")
    for name, value in BELLWETHER["environment"].items():
        assert f'"{name}"' in settings, f"compose.yaml sets {name}, which nothing reads"
        assert value == f"${{{name}:-}}", "an empty variable counts as unset"
    assert BELLWETHER["build"] == "."


def test_both_services_share_a_network_and_only_this_machine_can_connect() -> None:
    assert GRAFANA_SERVICE["environment"]["BELLWETHER_URL"] == "${BELLWETHER_URL:-http://bellwether:8000}"
    assert GRAFANA_SERVICE["depends_on"] == {"bellwether": {"condition": "service_healthy"}}
    for service in (BELLWETHER, GRAFANA_SERVICE):
        assert "network_mode" not in service
        assert all(port.startswith("127.0.0.1:") for port in service["ports"])
    assert BELLWETHER["ports"][0].endswith(":8000")


def test_compose_passes_every_documented_variable() -> None:
    """But for those of the container itself: its address, its lake, and a folder that it would have to mount."""
    text = (ROOT / "docs" / "getting-started.md").read_text("utf-8")
    table = text[text.index("## Variables") : text.index("An empty variable")]
    documented = set(re.findall(r"^\| `([A-Z_]+)` \|", table, re.MULTILINE))
    passed = {*COMPOSE["services"]["bellwether"]["environment"], "PORT"}
    assert documented - passed == {"HOST", "LAKE", "FEED"}


def test_compose_gives_grafana_what_it_reads() -> None:
    mounted = dict(volume.split(":")[:2] for volume in GRAFANA_SERVICE["volumes"])
    folders = {source: target for source, target in mounted.items() if source.startswith(".")}
    assert all((ROOT / source).is_dir() for source in folders)
    assert folders["./grafana/provisioning"] == "/etc/grafana/provisioning"
    provider = yaml.safe_load((GRAFANA / "provisioning/dashboards/bellwether.yaml").read_text("utf-8"))
    (one,) = provider["providers"]
    assert one["options"]["path"] == folders["./grafana/dashboards"]
    home = GRAFANA_SERVICE["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert (GRAFANA / "dashboards" / home.removeprefix(f"{folders['./grafana/dashboards']}/")).is_file()
    named = {BELLWETHER["volumes"][0].split(":")[0], *(set(mounted) - set(folders))}
    assert named == set(COMPOSE["volumes"])


def test_compose_sets_every_variable_that_the_provisioning_files_use() -> None:
    environment: dict[str, Any] = GRAFANA_SERVICE["environment"]
    files = [path for path in (GRAFANA / "provisioning").rglob("*.yaml") if path.parent.name != "alerting"]
    wanted = {name for path in files for name in re.findall(r"\$(\w+)", path.read_text("utf-8"))}
    assert wanted == {name for name in environment if not name.startswith("GF_")}
    assert re.fullmatch(r"\$\{BELLWETHER_API_KEY:-\w+\}", environment["BELLWETHER_API_KEY"])  # Infinity refuses none


def test_compose_pins_grafana_and_its_plugins() -> None:
    environment = GRAFANA_SERVICE["environment"]
    name, version = GRAFANA_SERVICE["image"].split(":")
    assert name == "grafana/grafana"
    assert [int(number) for number in version.split(".")] >= [12, 0, 0]  # the JSON API plugin needs 12
    pinned = dict(plugin.split("@") for plugin in environment["GF_PLUGINS_PREINSTALL_SYNC"].split(","))
    assert set(pinned) == PLUGINS
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in pinned.values())
    assert environment["GF_AUTH_ANONYMOUS_ORG_ROLE"] == "Viewer"
