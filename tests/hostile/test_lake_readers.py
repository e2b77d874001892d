"""Whatever lies where a pointer, a manifest, an origin or a refusal should: read whole, or refused in words."""

import asyncio
import json
from datetime import date
from pathlib import Path
from typing import Any

import hypothesis
import pytest
from hypothesis import strategies as st

from api.errors import StoreError
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import SNAPSHOT, publish
from benchmarks.support.markets import small_market
from lake import layout
from lake.errors import LakeError
from lake.origin import read_origin
from lake.snapshot import Manifest, TickerManifest, current_manifest, read_pointer
from lake.storage import FolderStorage
from tests.hostile.amount import cases
from tests.hostile.test_vendor import odd, odd_text
from tests.support.client import Client

UNREADABLE = (b"", b"{", b"[]", b"null", b"[" * 100_000, b"\xff\xfe", b'{"snapshot": null}', b'{"snapshot": 1e999}')
POINTERS = (
    *("../../etc/passwd", "20261121T013005Z/../x", "20261121T013005Z\n", "2026112１T013005Z", "20261399T013005Z"),
    *("20261121t013005z", "", " ", "20261121T013005Z'; DROP TABLE x; --"),
)


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path)


@pytest.mark.parametrize("data", UNREADABLE, ids=lambda data: repr(data[:20]))
@pytest.mark.parametrize("read", [read_pointer, read_origin, current_manifest])
@pytest.mark.parametrize("key", [layout.POINTER, layout.ORIGIN, layout.manifest(SNAPSHOT)])
def test_what_cannot_be_read_is_an_error_of_the_lake(storage: FolderStorage, key: str, read: Any, data: bytes) -> None:
    storage.write(layout.POINTER, json.dumps({"snapshot": SNAPSHOT}).encode())
    storage.write(layout.manifest(SNAPSHOT), manifest_of())
    storage.write(key, data)
    concerned = {read_pointer: [layout.POINTER], read_origin: [layout.ORIGIN]}
    if key in concerned.get(read, [layout.POINTER, layout.manifest(SNAPSHOT)]):
        with pytest.raises(LakeError):
            read(storage)
    else:
        read(storage)


@pytest.mark.parametrize("snapshot", POINTERS)
def test_a_pointer_leads_nowhere_but_to_a_snapshot(storage: FolderStorage, snapshot: str) -> None:
    storage.write(layout.POINTER, json.dumps({"snapshot": snapshot}).encode())
    with pytest.raises(LakeError, match="is not a pointer"):
        read_pointer(storage)


def test_any_json_as_a_pointer(storage: FolderStorage) -> None:
    @cases(150)
    @hypothesis.given(st.one_of(odd, st.fixed_dictionaries({"snapshot": odd})))
    def try_all(value: Any) -> None:
        storage.write(layout.POINTER, json.dumps(value).encode())
        try:
            pointer = read_pointer(storage)
        except LakeError:
            return
        assert pointer is not None
        assert len(pointer.snapshot) == 16

    try_all()


def manifest_of() -> bytes:
    """A small good manifest."""
    seen = "2026-11-21T01:00:00.000000Z"
    nvda = TickerManifest(date(2026, 11, 2), date(2026, 11, 20), 15, seen, seen, None, (date(2026, 11, 3),))
    return Manifest(SNAPSHOT, SNAPSHOT, "simulated", 15, ("simulated",), {"NVDA": nvda}).to_json()


def test_a_spoilt_manifest_is_refused_or_of_its_own_types() -> None:
    """One value of a good manifest is anything else, or a key has another name."""
    good = json.loads(manifest_of())
    places = [(), *(((name,)) for name in good), *(("tickers", "NVDA", name) for name in good["tickers"]["NVDA"])]

    @cases(300)
    @hypothesis.given(place=st.sampled_from(places), value=odd, name=odd_text)
    def try_all(place: tuple[str, ...], value: Any, name: str) -> None:
        raw = json.loads(manifest_of())
        holder = raw
        for step in place[:-1]:
            holder = holder[step]
        holder[place[-1] if place else name] = value
        try:
            manifest = Manifest.from_json(json.dumps(raw).encode())
        except LakeError:
            return
        assert manifest.to_json()
        assert all(entry.first.isoformat() and entry.last.isoformat() for entry in manifest.tickers.values())

    try_all()


@pytest.mark.parametrize("key", [layout.POINTER, layout.manifest(SNAPSHOT), layout.LAST_REFUSAL])
@pytest.mark.parametrize("data", UNREADABLE[-4:], ids=lambda data: repr(data[:20]))
def test_no_state_of_the_lake_is_a_fault_of_the_service(tmp_path: Path, key: str, data: bytes) -> None:
    """/health is 200 and says so; whatever needs the lake is 503 with Retry-After, or answered if it can be."""
    publish(tmp_path, {"NVDA": small_market()["NVDA"]})
    FolderStorage(tmp_path).write(key, data)
    store = DuckDBStore(tmp_path)
    client = Client.of(store)
    for path in ("/", "/health", "/limits"):
        assert client.get(path).status_code == 200, path
    response = client.get("/prices", {"tickers": "NVDA", "range": "1w"})
    assert response.status_code == (200 if key == layout.LAST_REFUSAL else 503)
    if response.status_code == 503:
        assert int(response.headers["retry-after"]) > 0
        assert client.json("/health")["status"] == "unavailable"
    store.close()


def test_no_value_in_a_manifest_is_a_fault_of_the_service(tmp_path: Path) -> None:
    """Each value of a good one is something else in turn: answered, or 503; /health is 200 and says so."""
    publish(tmp_path, {"NVDA": small_market()["NVDA"]})
    storage = FolderStorage(tmp_path)
    good = storage.read(layout.manifest(SNAPSHOT))
    ticker = json.loads(good)["tickers"]["NVDA"]
    for place in [*((name,) for name in json.loads(good)), *(("tickers", "NVDA", name) for name in ticker)]:
        for value in ({"a": 1},):
            raw = json.loads(good)
            holder = raw["tickers"]["NVDA"] if len(place) > 1 else raw
            holder[place[-1]] = value
            storage.write(layout.manifest(SNAPSHOT), json.dumps(raw).encode())
            store = DuckDBStore(tmp_path)
            client = Client.of(store)
            assert client.get("/health").status_code == 200, f"{place}: {value}"
            for path, asked in (("/tickers", {}), ("/prices", {"tickers": "NVDA", "range": "1w"})):
                assert client.get(path, asked).status_code in {200, 503}, f"{path}, {place}: {value}"
            store.close()


@pytest.mark.parametrize("name", POINTERS)
def test_no_snapshot_id_reaches_the_engine_unless_it_is_one(tmp_path: Path, name: str) -> None:
    store = DuckDBStore(tmp_path)
    with pytest.raises((ValueError, StoreError)):
        asyncio.run(store.bars(name, ["NVDA"], *(entry.day for entry in small_market()["NVDA"].bars[:2])))
    store.close()
