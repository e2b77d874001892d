"""The page and its static files over HTTP: content policy, caching, compression, links."""

import asyncio
import gc
import re
import tracemalloc
from importlib.util import find_spec
from pathlib import Path

import pytest
from fastapi import FastAPI

from api.errors import StoreUnavailableError
from api.page.assets import CHART_LIBRARY, SCRIPT, STYLES, assets
from api.page.routes import router
from api.store.duckdb import DuckDBStore
from tests.hostile.asking import ask
from tests.support.client import Client
from tests.support.stores import FailingStore

LINK = re.compile(r'(?:href|src)="([^"#]*)"')
LIBRARY = Path(str(find_spec("lightweight_charts").origin)).parent / "js" / "lightweight-charts.js"  # type: ignore[union-attr]
STATIC = Path(__file__).parents[2] / "api" / "page" / "static"
POLICY = {
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "connect-src 'self'",
    "img-src 'self' data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
}
IMMUTABLE = "public, max-age=31536000, immutable"


def links(client: Client) -> list[str]:
    return LINK.findall(client.get("/").text)


def url_of(client: Client, name: str) -> str:
    """The versioned path of a static file, as the page links it."""
    (found,) = (link for link in links(client) if link.endswith(f"/{name}"))
    return f"/{found}"


def test_every_link_is_relative_and_answers(client: Client) -> None:
    found = links(client)
    assert {"docs", "openapi.json", "./"} <= set(found)
    for link in found:
        if link.startswith(("data:", "https://www.tradingview.com/")):
            continue
        assert not link.startswith(("/", "http"))
        assert client.get(f"/{link.removeprefix('./')}").status_code == 200, link


def test_scripts_import_only_other_scripts_of_the_page() -> None:
    for module in STATIC.glob("*.js"):
        for target in re.findall(r'from "([^"]*)"', module.read_text(encoding="utf-8")):
            assert target.startswith("./"), (module.name, target)
            assert (STATIC / target).is_file() or target == "./panels.json", (module.name, target)


def test_a_browser_asks_for_four_files(client: Client) -> None:
    """The document and three that it names; no script or style sheet loads another."""
    loaded = re.findall(r'<(?:script|link|img)[^>]* (?:src|href)="([^"]*)"', client.get("/").text)
    files_of_page = [link.rpartition("/")[2] for link in loaded if not link.startswith("data:")]
    assert sorted(files_of_page) == sorted([STYLES, CHART_LIBRARY, SCRIPT])
    script = client.get(url_of(client, SCRIPT)).text
    assert not re.search(r"^\s*import\b|import\(|import\.meta", script, re.MULTILINE)
    assert not re.search(r"@import|url\((?!['\"]?data:)", client.get(url_of(client, STYLES)).text)


def test_scripts_load_only_from_this_origin(client: Client) -> None:
    response = client.get("/")
    assert set(response.headers["content-security-policy"].split("; ")) == POLICY
    assert response.headers["x-content-type-options"] == "nosniff"
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", response.text)


@pytest.mark.parametrize("name", [SCRIPT, STYLES, CHART_LIBRARY])
def test_a_versioned_file_is_cached_for_a_year(client: Client, name: str) -> None:
    url = url_of(client, name)
    assert client.get(url).headers["cache-control"] == IMMUTABLE
    old = client.get(f"/page/000000000000/{name}")
    assert (old.status_code, old.headers["cache-control"]) == (200, "no-cache")
    assert client.get("/").headers["cache-control"] == "no-cache"


def test_the_chart_library_is_the_packages_file_compressed(client: Client) -> None:
    original = LIBRARY.read_bytes()
    url = url_of(client, CHART_LIBRARY)
    gzipped, plain = (client.get(url, headers={"accept-encoding": coding}) for coding in ("gzip", "identity"))
    assert gzipped.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert gzipped.headers["vary"] == plain.headers["vary"] == "Accept-Encoding"
    assert gzipped.content == plain.content == original  # the client has ungzipped it
    assert int(gzipped.headers["content-length"]) < len(original) / 2


def test_the_library_is_named_as_its_licence_asks(client: Client) -> None:
    """The head of its file says which; https://github.com/tradingview/lightweight-charts/blob/master/NOTICE"""
    assert "TradingView Lightweight Charts" in LIBRARY.read_text(encoding="utf-8")[:400]
    page = client.get("/").text
    assert '<a href="https://www.tradingview.com/"' in page
    assert "Apache License 2.0" in page


@pytest.mark.parametrize("name", ["nothing.js", "index.html", "..%2Fassets.py", "%2e%2e%2fassets.py"])
def test_an_unknown_file_is_404(client: Client, name: str) -> None:
    response = client.get(f"/page/000000000000/{name}")
    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"


def test_thousands_of_unknown_names_leave_no_trace() -> None:
    """A cache entry for each distinct name would cost at least 100 bytes: 200 kB for 2,000 of them."""
    app = FastAPI()
    app.include_router(router)
    known = dict(assets())

    async def request(first: int, last: int) -> None:
        for number in range(first, last):
            assert (await ask(app, f"/page/000000000000/unknown-{number}.js")).status_code == 404

    async def growth() -> int:
        await request(0, 100)  # what the framework allocates once
        gc.collect()
        tracemalloc.start()
        await request(100, 2_100)
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    try:
        grown = asyncio.run(growth())
    finally:
        tracemalloc.stop()
    assert grown < 100_000, f"{grown} bytes stay allocated after 2,000 unknown names"
    assert assets() == known


def test_the_page_is_200_whatever_the_query_and_the_lake(tmp_path: Path) -> None:
    store = DuckDBStore(tmp_path)
    empty = Client.of(store).get("/", {"whatever": "the value"})
    store.close()
    broken = Client.of(FailingStore(StoreUnavailableError("a bad day"))).get("/")
    assert (empty.status_code, broken.status_code) == (200, 200)
    assert empty.text == broken.text  # its scripts fetch what depends on the lake
