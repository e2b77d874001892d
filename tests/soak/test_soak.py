"""A short soak test: every answer under load is entirely of the snapshot that it names."""

import json
from pathlib import Path

import pytest

from benchmarks.soak import growth, soak
from benchmarks.soak_lake import Publisher, market_of, publish_both_markets, snapshot_id, snapshot_of, without_snapshot
from benchmarks.soak_urls import urls_of
from lake.snapshot import current_manifest
from lake.storage import FolderStorage

SHORT_SECONDS = 5.0  # on a busy machine, 3 seconds can pass without an answer of one of the markets


def test_under_load_no_answer_mixes_two_snapshots(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missed = [str(figure) for figure in soak(tmp_path, SHORT_SECONDS) if not figure.holds]
    assert not missed, f"{missed} {capsys.readouterr().err}"


def test_publishing_and_rolling_back_alternate_the_two_markets(tmp_path: Path) -> None:
    publish_both_markets(tmp_path)
    storage = FolderStorage(tmp_path)
    publisher = Publisher(storage, every=1)
    served = []
    for step in (publisher.publish_next, publisher.publish_next, publisher.roll_back):
        step()
        manifest = current_manifest(storage)
        assert manifest is not None
        served.append((manifest.snapshot, market_of(manifest.snapshot), str(manifest.as_of)))
    assert served == [
        (snapshot_id(2), 0, "2026-11-20"),
        (snapshot_id(3), 1, "2026-11-19"),
        (snapshot_id(2), 0, "2026-11-20"),
    ]


def test_an_answer_is_equal_for_snapshots_of_the_same_market_only() -> None:
    def body(snapshot: str, close: float) -> bytes:
        return json.dumps({"meta": {"snapshot": snapshot}, "rows": [{"close": close}]}).encode()

    texts = [
        without_snapshot(body(snapshot_id(n), close), snapshot_id(n)) for n, close in ((0, 1.5), (2, 1.5), (2, 4.5))
    ]
    assert texts[0] == texts[1] != texts[2]
    assert snapshot_of(body(snapshot_id(7), 1)) == snapshot_id(7)


def test_every_path_is_requested_with_each_value() -> None:
    ticker = {"name": "tickers", "in": "query", "required": True, "schema": {}, "example": "X"}
    basis = {"name": "basis", "in": "query", "schema": {"enum": ["split", "total"]}}
    first = {"name": "from", "in": "query", "schema": {"examples": ["2026-01-02", "2026-01-05"]}}
    key = {"name": "x-api-key", "in": "header", "schema": {"enum": ["a", "b"]}}
    name = {"name": "name", "in": "path", "required": True, "schema": {"enum": ["volume", "outlook"]}}
    paths = {"/bars": [ticker, basis, first, key], "/questions/{name}": [name], "/snapshots": []}
    urls = urls_of({"paths": {path: {"get": {"parameters": parameters}} for path, parameters in paths.items()}})
    assert [url for url in urls if not url.startswith("/bars")] == ["/questions/outlook", "/questions/volume"]
    assert {
        "/bars?tickers=NVDA",
        "/bars?tickers=%7BVOO%2CQQQ%2CMETA%7D",
        "/bars?tickers=NVDA&basis=total",
    } < set(urls)
    assert not [url for url in urls if "from" in url or "api-key" in url]


def test_growth_ignores_the_warm_up() -> None:
    assert growth([10, 90, 100, 100, 100, 100, 100, 100]) == 1
    assert growth([100, 100, 100, 100, 120, 120, 150, 150]) == 1.5
