"""`/snapshots`."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from api.store.duckdb import DuckDBStore
from api.store.published_reader import PublishedReader
from benchmarks.support.lakes import SNAPSHOT, History, publish, read_json, write_raw, write_refusal
from benchmarks.support.markets import SESSIONS, small_market, walk
from lake import layout
from lake.snapshot import Frozen
from lake.storage import FolderStorage
from tests.api.resources.test_health import REFUSAL
from tests.support.client import Client

OLDER = "20261114T013005Z"
FOUND = {
    "rule": "old_jump",
    "severity": "warn",
    "count": 1,
    "sentence": "a move by half that no split explains (META 2026-03-02)",
    "examples": [{"ticker": "META", "date": "2026-03-02"}],
}
HELD = {
    "ticker": "NVDA",
    "kind": "bar",
    "date": "2026-11-20",
    "rule": "absurd_price",
    "message": "NVDA's bar of 2026-11-20 is absurd",
}
Ask = Callable[[], dict[str, Any]]


@pytest.fixture
def ask(tmp_path: Path) -> Iterator[Ask]:
    publish(tmp_path, {"VOO": History(walk(3, SESSIONS[:-5], 550))}, snapshot=OLDER)
    publish(tmp_path, small_market(), quality=[FOUND])
    store = DuckDBStore(tmp_path)
    client = Client.of(store)
    yield lambda: client.json("/snapshots")
    store.close()


def test_every_snapshot_with_its_quality_report(ask: Ask) -> None:
    body = ask()
    newest, older = body["snapshots"]
    assert (older["snapshot"], older["served"], older["bars"], older["findings"]) == (OLDER, False, 295, [])
    assert (newest["time"], newest["served"], newest["tickers"]) == ("2026-11-21T01:30:05Z", True, 9)
    assert (newest["bars"], newest["missing"], newest["as_of"]) == (2499, 1, str(SESSIONS[-1]))
    assert newest["sources"] == ["simulated"]
    (finding,) = newest["findings"]
    assert {name: finding[name] for name in ("rule", "severity", "count", "sentence")} == {
        name: FOUND[name] for name in ("rule", "severity", "count", "sentence")
    }
    assert body["summary"] == [{"snapshots": 2, "served": SNAPSHOT, "held": False}]
    assert body["last_refusal"] is None


def test_a_row_for_each_finding_the_newest_first(tmp_path: Path) -> None:
    """Flags of the whole snapshot, what is held back, and what the run's rules name; also as plain columns."""
    late = {"rule": "behind", "severity": "warn", "count": 3, "sentence": "three are behind", "examples": []}
    publish(
        tmp_path,
        small_market(),
        quality=[{**FOUND, "examples": [{"ticker": "META", "date": "2026-03-02"}]}, late],
        flagged={"VOO": {"2026-03-04": "jump,odd_volume"}, "AMZN": {"2026-03-04": "odd_volume"}},
        rules={"odd_volume": "a volume that is absurd"},
        held=(HELD,),
        frozen={"NVDA": Frozen("absurd_price", "2026-11-20", HELD["message"], "wait")},
    )
    store = DuckDBStore(tmp_path)
    client = Client.of(store)
    rows = client.json("/snapshots")["rows"]
    table = client.get("/snapshots", {"format": "csv"}).text.splitlines()
    store.close()
    assert [(row["date"], row["ticker"], row["rule"], row["severity"], row["count"]) for row in rows] == [
        ("2026-11-20", "NVDA", "absurd_price", "freeze", 1),
        ("2026-03-04", "AMZN", "odd_volume", "warn", 1),
        ("2026-03-04", "VOO", "jump", "warn", 1),
        ("2026-03-04", "VOO", "odd_volume", "warn", 1),
        ("2026-03-02", "META", "old_jump", "warn", 1),
        (None, None, "behind", "warn", 3),
    ]
    assert rows[1]["detail"] == "a volume that is absurd"
    assert rows[4]["detail"] == "a move by half that no split explains"
    assert table[0] == "snapshot,ticker,date,rule,severity,count,detail"
    assert table[1] == f"{SNAPSHOT},NVDA,2026-11-20,absurd_price,freeze,1,NVDA's bar of 2026-11-20 is absurd"
    assert len(table) == 7


def test_a_snapshot_that_is_pruned_while_reading_is_left_out(ask: Ask, tmp_path: Path) -> None:
    class Pruned(FolderStorage):
        def list(self, prefix: str) -> Iterator[str]:
            return iter([layout.manifest("20261101T000000Z"), *super().list(prefix)])

    found = asyncio.run(PublishedReader(Pruned(tmp_path)).snapshots())
    assert [manifest.snapshot for manifest in found.manifests] == [SNAPSHOT, OLDER]


def test_a_rollback_has_a_warning(ask: Ask, tmp_path: Path) -> None:
    write_raw(tmp_path, layout.POINTER, f'{{"snapshot": "{OLDER}", "held": true}}')
    body = ask()
    assert body["summary"] == [{"snapshots": 2, "served": OLDER, "held": True}]
    assert [(row["served"], row["held"]) for row in body["snapshots"]] == [(False, False), (True, True)]
    assert any(words.startswith(f"held at {OLDER} by a rollback") for words in body["warnings"])


def test_the_last_refusal_is_reported(ask: Ask, tmp_path: Path) -> None:
    write_refusal(tmp_path, REFUSAL)
    assert ask()["last_refusal"] == REFUSAL


def test_a_foreign_quality_report_is_503(ask: Ask, tmp_path: Path) -> None:
    manifest = tmp_path / layout.manifest(OLDER)
    text = manifest.read_text().replace('"quality": []', '"quality": [{"rule": 1}]')
    manifest.write_text(text)
    assert read_json(manifest)["quality"] == [{"rule": 1}]
    store = DuckDBStore(tmp_path)
    answer = Client.of(store).get("/snapshots")
    store.close()
    assert (answer.status_code, OLDER in answer.json()["message"]) == (503, True)


def test_an_empty_lake_has_none(tmp_path: Path) -> None:
    store = DuckDBStore(tmp_path / "empty")
    body = Client.of(store).json("/snapshots")
    store.close()
    assert (body["meta"], body["rows"], body["snapshots"]) == (None, [], [])
    assert body["summary"] == [{"snapshots": 0, "served": None, "held": False}]
