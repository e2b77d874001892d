"""The page at `/`."""

import re
from html import unescape
from pathlib import Path

from api.errors import StoreUnavailableError
from api.models.service import HealthResponse
from api.page.render import page_html
from api.store.duckdb import DuckDBStore
from tests.support.client import Client
from tests.support.stores import FailingStore

LINK = re.compile(r'href="([^"]*)"')


def test_every_link_is_relative_and_answers(client: Client) -> None:
    links = [unescape(link) for link in LINK.findall(client.get("/").text) if link != "data:,"]
    assert {"docs", "openapi.json", "compare?tickers=NVDA,AMZN&range=3m"} <= set(links)
    for link in links:
        assert not link.startswith(("/", "http"))
        assert client.get(f"/{link}").status_code == 200, link


def test_it_says_what_the_data_is(client: Client) -> None:
    text = client.get("/").text
    assert "Simulated data." in text
    assert "2026-11-20" in text
    assert "up to date" in text


def test_recorded_data_is_never_called_up_to_date() -> None:
    text = page_html(HealthResponse(status="ok", origin="recorded", sessions_behind=0))
    assert "as recorded" in text
    assert "up to date" not in text


def test_nothing_but_its_own_stylesheet_may_load(client: Client) -> None:
    response = client.get("/")
    assert response.headers["content-security-policy"].startswith("default-src 'none'; style-src 'self';")
    assert "<script" not in response.text
    assert "style=" not in response.text
    sheet = client.get("/page/style.css")
    assert sheet.headers["content-type"].startswith("text/css")
    assert "prefers-color-scheme: dark" in sheet.text


def test_it_is_always_200(tmp_path: Path) -> None:
    store = DuckDBStore(tmp_path)
    empty = Client.of(store).get("/")
    store.close()
    broken = Client.of(FailingStore(StoreUnavailableError("a <b>bad</b> day"))).get("/")
    assert (empty.status_code, broken.status_code) == (200, 200)
    assert "nothing is published in this lake yet" in empty.text
    assert "a &lt;b&gt;bad&lt;/b&gt; day" in broken.text


def test_whatever_the_lake_holds_is_escaped() -> None:
    text = page_html(HealthResponse(status="ok", origin="<img src=x>", snapshot='"><script>', sessions_behind=2))
    assert "<img" not in text
    assert "<script" not in text
    assert "2 sessions behind" in text
