"""The page and its files as they are answered: what may load, what is kept, what stands in the links."""

import re
from importlib.resources import files
from pathlib import Path

import pytest

from api.errors import StoreUnavailableError
from api.page.assets import CHARTS
from api.store.duckdb import DuckDBStore
from tests.support.client import Client
from tests.support.stores import FailingStore

LINK = re.compile(r'(?:href|src)="([^"#]*)"')
STATIC = Path(__file__).parents[2] / "api" / "page" / "static"
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self' 'unsafe-inline'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
}
FOREVER = "public, max-age=31536000, immutable"


def links(client: Client) -> list[str]:
    return LINK.findall(client.get("/").text)


def file_of(client: Client, name: str) -> str:
    """The address of a file of the page, from its root."""
    (found,) = (link for link in links(client) if link.endswith(f"/{name}"))
    return f"/{found}"


def test_every_link_is_relative_and_answers(client: Client) -> None:
    found = links(client)
    assert {"docs", "openapi.json", "./"} <= set(found)
    for link in found:
        assert not link.startswith(("/", "http"))
        assert client.get(f"/{link.removeprefix('./')}").status_code == 200, link


def test_the_modules_import_one_another_and_nothing_else() -> None:
    for module in STATIC.glob("*.js"):
        for target in re.findall(r'from "([^"]*)"', module.read_text(encoding="utf-8")):
            assert target.startswith("./"), (module.name, target)
            assert (STATIC / target).is_file(), (module.name, target)


def test_scripts_come_from_here_alone(client: Client) -> None:
    response = client.get("/")
    assert set(response.headers["content-security-policy"].split("; ")) == POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", response.text)


@pytest.mark.parametrize("name", ["main.js", "style.css", "icon.svg", CHARTS])
def test_a_file_is_kept_for_ever_below_its_version(client: Client, name: str) -> None:
    address = file_of(client, name)
    assert client.get(address).headers["cache-control"] == FOREVER
    old = client.get(f"/page/000000000000/{name}")
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")
    assert client.get("/").headers["cache-control"] == "no-cache"


def test_the_chart_library_is_plotlys_own_compressed(client: Client) -> None:
    original = files("plotly").joinpath("package_data", "plotly.min.js").read_bytes()
    address = file_of(client, CHARTS)
    packed, plain = (client.get(address, headers={"accept-encoding": coding}) for coding in ("gzip", "identity"))
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert packed.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert packed.content == plain.content == original  # the client has unpacked it
    assert int(packed.headers["content-length"]) < len(original) / 2


@pytest.mark.parametrize("name", ["nothing.js", "index.html", "..%2Fassets.py", "%2e%2e%2fassets.py"])
def test_nothing_else_is_a_file_of_it(client: Client, name: str) -> None:
    response = client.get(f"/page/000000000000/{name}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_it_is_always_200(tmp_path: Path) -> None:
    store = DuckDBStore(tmp_path)
    empty = Client.of(store).get("/", {"whatever": "it says"})
    store.close()
    broken = Client.of(FailingStore(StoreUnavailableError("a bad day"))).get("/")
    assert (empty.status_code, broken.status_code) == (200, 200)
    assert empty.text == broken.text  # what it says of the lake, its scripts ask for
