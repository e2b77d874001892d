"""`/health`: the state of the lake, whatever it is."""

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import SNAPSHOT, History, publish, write_raw, write_refusal
from benchmarks.support.markets import LAST, SESSIONS, walk
from lake import layout
from lake.snapshot import Frozen
from tests.support.client import EVENING, Client

REFUSAL = {
    "run": "20261121T010000Z",
    "at": "2026-11-21T01:00:10Z",
    "findings": [
        {
            "rule": "restated",
            "severity": "block",
            "count": 1,
            "sentence": "1 close differs from the published one by more than 0.5 %",
            "examples": [{"ticker": "NVDA", "date": "2026-11-20", "detail": "180.1 was 178.9"}],
        }
    ],
}


def health(root: Path, now: datetime) -> dict[str, Any]:
    store = DuckDBStore(root)
    try:
        return Client.of(store, now).json("/health")
    finally:
        store.close()


@pytest.mark.parametrize(
    ("now", "behind"),
    [
        (datetime(2026, 11, 20, 20, 59, tzinfo=UTC), 0),  # Friday, a minute before the bell of the session held
        (datetime(2026, 11, 23, 20, 59, tzinfo=UTC), 0),  # Monday, a minute before the bell
        (datetime(2026, 11, 23, 21, 0, tzinfo=UTC), 1),
        (datetime(2026, 11, 27, 18, 0, tzinfo=UTC), 4),  # Friday after Thanksgiving: 13:00, no Thursday
    ],
)
def test_sessions_behind(root: Path, now: datetime, behind: int) -> None:
    body = health(root, now)
    assert (body["status"], body["snapshot"], body["as_of"]) == ("ok", SNAPSHOT, str(LAST))
    assert (body["published_at"], body["sessions_behind"]) == ("2026-11-21T01:30:05Z", behind)
    assert (body["last_refusal"], body["problem"]) == (None, None)


@pytest.mark.parametrize(
    ("now", "behind", "problem"),
    [
        (datetime(2028, 6, 1, tzinfo=UTC), 382, "in 214 days: update Bellwether"),
        (datetime(2029, 6, 1, tzinfo=UTC), None, "nothing can be fetched until you update Bellwether"),
    ],
)
def test_the_end_of_the_calendar_is_said_before_and_after(
    root: Path, now: datetime, behind: int | None, problem: str
) -> None:
    body = health(root, now)
    assert (body["status"], body["sessions_behind"]) == ("ok", behind)
    assert problem in body["problem"]


def test_a_new_snapshot_that_cannot_be_read_is_the_problem_of_health(root: Path, tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    shutil.copytree(root, lake)
    store, now = DuckDBStore(lake), 0.0
    client = Client(create_app(Settings(lake="unused"), store, lambda: EVENING, lambda: now))
    question = {"tickers": "VOO", "range": "5d"}
    assert client.get("/prices", question).status_code == 200
    newer = "20261124T013005Z"
    shutil.copytree(lake / layout.snapshot(SNAPSHOT), lake / layout.snapshot(newer))
    shutil.rmtree(lake / layout.table(newer, "daily_prices"))
    write_raw(lake, layout.POINTER, f'{{"snapshot": "{newer}"}}')
    now = 60.0
    assert client.json("/prices", **question)["meta"]["stale"]
    body = client.json("/health")
    assert (body["status"], body["snapshot"]) == ("ok", SNAPSHOT)
    assert newer in body["problem"]
    store.close()


FROZEN = Frozen("restated", "2026-11-20", "the answer moves NVDA's close of 2026-11-19", "compare both closes")


def test_a_frozen_ticker_degrades_and_is_named_with_what_to_do(tmp_path: Path) -> None:
    publish(tmp_path, {"NVDA": History(walk(1, SESSIONS[:5], 100))}, frozen={"NVDA": FROZEN})
    body = health(tmp_path, EVENING)
    assert body["status"] == "degraded"
    assert body["frozen"] == [
        {
            "ticker": "NVDA",
            "rule": "restated",
            "since": "2026-11-20",
            "message": "the answer moves NVDA's close of 2026-11-19",
            "advice": "compare both closes",
        }
    ]
    assert body["problem"] == "data is held back for NVDA (restated, since 2026-11-20): see frozen"


def test_a_held_lake_degrades_until_it_is_released(tmp_path: Path) -> None:
    publish(tmp_path, {"VOO": History(walk(1, SESSIONS[:5], 100))})
    store = DuckDBStore(tmp_path)
    now, states = [0.0], []
    client = Client(create_app(Settings(lake="unused"), store, lambda: EVENING, lambda: now[0]))
    for held in ("", ', "held": true', ""):
        write_raw(tmp_path, layout.POINTER, f'{{"snapshot": "{SNAPSHOT}"{held}}}')
        now[0] += 60
        body = client.json("/health")
        states.append((body["status"], body["held"], body["problem"]))
    store.close()
    words = f"held at {SNAPSHOT} by a rollback: nothing newer is published until `python -m glue release`"
    assert states == [("ok", False, None), ("degraded", True, words), ("ok", False, None)]


@pytest.mark.parametrize(("run", "status"), [("20261122T010000Z", "degraded"), ("20261121T010000Z", "ok")])
def test_a_refusal_degrades_until_a_later_run_has_published(tmp_path: Path, run: str, status: str) -> None:
    publish(tmp_path, {"VOO": History(walk(1, SESSIONS[:5], 100))})
    write_refusal(tmp_path, {**REFUSAL, "run": run})
    body = health(tmp_path, EVENING)
    assert (body["status"], body["last_refusal"]["at"]) == (status, "2026-11-21T01:00:10Z")
    assert ("was refused: restated: 1 close" in (body["problem"] or "")) is (status == "degraded")


def test_a_manifest_of_an_older_version_is_read(tmp_path: Path) -> None:
    """Without the fields about what is held back and flagged, which came later."""
    publish(tmp_path, {"VOO": History(walk(1, SESSIONS[:5], 100))})
    path = tmp_path / layout.manifest(SNAPSHOT)
    manifest = json.loads(path.read_text())
    for name in ("frozen", "held", "flagged", "rules"):
        del manifest[name]
    path.write_text(json.dumps(manifest))
    assert health(tmp_path, EVENING)["status"] == "ok"


def test_a_recorded_lake_is_never_behind(tmp_path: Path) -> None:
    publish(tmp_path, {"VOO": History(walk(1, SESSIONS[:5], 100))}, origin="recorded")
    assert health(tmp_path, datetime(2026, 11, 23, tzinfo=UTC))["sessions_behind"] == 0


def test_the_last_refusal_is_reported(tmp_path: Path) -> None:
    write_refusal(tmp_path, REFUSAL)
    body = health(tmp_path, datetime(2026, 11, 23, tzinfo=UTC))
    assert (body["status"], body["last_refusal"]) == ("empty", REFUSAL)


@pytest.mark.parametrize(
    ("key", "data", "status"),
    [
        (layout.POINTER, "not json", "unavailable"),
        (layout.POINTER, '{"snapshot": 7}', "unavailable"),
        (layout.POINTER, '{"snapshot": "20991231T000000Z"}', "unavailable"),
        (layout.manifest(SNAPSHOT), "[]", "unavailable"),
        (layout.manifest(SNAPSHOT), '{"tickers": {"VOO": 1}}', "unavailable"),
        (layout.manifest(SNAPSHOT), '{"tickers": {}, "frozen": {"VOO": {"rule": "restated"}}}', "unavailable"),
        (layout.LAST_REFUSAL, "{", "ok"),
        (layout.LAST_REFUSAL, '{"run": 1}', "ok"),
    ],
)
def test_a_broken_lake_is_reported_and_not_raised(tmp_path: Path, key: str, data: str, status: str) -> None:
    publish(tmp_path, {"VOO": History(walk(1, SESSIONS, 100))})
    write_raw(tmp_path, key, data)
    body = health(tmp_path, datetime(2026, 11, 23, tzinfo=UTC))
    assert body["status"] == status
    assert body["problem"]
    store = DuckDBStore(tmp_path)
    assert Client.of(store).get("/").status_code == 200
    assert Client.of(store).get("/prices", {"tickers": "VOO"}).status_code == (200 if status == "ok" else 503)
    store.close()


def test_missing_files_of_a_snapshot_are_503(tmp_path: Path) -> None:
    publish(tmp_path, {"VOO": History(walk(1, SESSIONS, 100))})
    for file in tmp_path.rglob("*.parquet"):
        file.unlink()
    store = DuckDBStore(tmp_path)
    assert Client.of(store).get("/prices", {"tickers": "VOO"}).status_code == 503
    store.close()
