"""The four jobs in order, as `python -m glue` runs them: malformed records, repeated and killed runs, a refused one."""

import json
import shutil
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from api.resources.health.schemas import Refusal
from glue.arguments import Arguments
from glue.jobs import clean, quality, transform
from glue.snapshots import staging
from lake import layout
from lake.snapshot import current_manifest
from lake.storage import FolderStorage
from tests.glue.bars import DAYS
from tests.glue.scenarios.lake import KILLED, RUNS, FiveRuns, only, rows
from tests.glue.scenarios.malformed import TICKERS


def quarantined(storage: FolderStorage, run: str, kind: str) -> list[str]:
    """The rules by which a run quarantined records, in alphabetical order."""
    lines = [
        json.loads(line)
        for key in storage.list(f"quarantine/{run}/{kind}/")
        for line in storage.read(key).decode().splitlines()
    ]
    return sorted(line["rule"] for line in lines)


def test_malformed_records_are_quarantined_and_the_rest_is_published(published: FiveRuns) -> None:
    storage, manifest = published.storage, published.manifests[0]
    assert quarantined(storage, RUNS[0], "prices") == [
        "broken_line", "broken_line", "nameless", "non_positive", "nulls", "off_calendar", "off_calendar",
        "ohlc_order", "ohlc_order",
    ]  # fmt: skip
    assert quarantined(storage, RUNS[0], "splits") == ["bad_events", "bad_events"]
    assert quarantined(storage, RUNS[0], "sentiment") == ["bad_score", "bad_score", "off_calendar"]
    # ten sessions of BAC and of VTI, nine of VGT, eight of AVGO
    assert {one: entry.sessions for one, entry in only(manifest, TICKERS).tickers.items()} == {
        "BAC": 10, "AVGO": 8, "VGT": 9, "VTI": 10,
    }  # fmt: skip
    for table, count in {"daily_prices": 37, "corporate_actions": 0, "daily_sentiment": 1}.items():
        assert len(rows(storage, manifest, table, TICKERS)) == count
        assert len(rows(storage, manifest, table)) == manifest.tables[table]
    assert [day.isoformat() for day in manifest.tickers["BAC"].refused] == ["2026-01-20", "2026-01-21", "2026-01-22"]
    assert manifest.tickers["VTI"].refused == ()
    assert {found["rule"] for found in manifest.quality} >= {"broken_line", "nameless", "bad_events", "ohlc_order"}


def test_a_second_delivery_of_the_same_changes_nothing(published: FiveRuns) -> None:
    before, after = published.manifests[1:3]
    assert published.new_objects == [0, 0, 1]
    assert after.snapshot > before.snapshot
    found = rows(published.storage, after, tickers=TICKERS)
    assert found == rows(published.storage, before, tickers=TICKERS)
    assert len(found) == 39


def test_a_killed_run_leaves_nothing_behind(published: FiveRuns) -> None:
    """Killed before publish: the next run publishes the content, and the killed run's staging is gone."""
    assert published.after_killed == published.manifests[0]
    assert list(published.interrupted.list(layout.staging(KILLED))) != []
    assert list(published.storage.list(layout.STAGING)) == []


def test_a_new_jump_waits_for_its_split(published: FiveRuns) -> None:
    """AVGO trades at a tenth before its split is known: the bars are quarantined, and published once it is."""
    first, second = (manifest.tickers for manifest in published.manifests[:2])
    assert [day.isoformat() for day in first["VGT"].missing] == [DAYS[4]]
    waiting = first["AVGO"]
    assert (waiting.last.isoformat(), waiting.sessions) == (DAYS[7], 8)
    assert [day.isoformat() for day in waiting.refused] == list(DAYS[8:])
    assert (second["AVGO"].last.isoformat(), second["AVGO"].refused) == (DAYS[9], ())
    closes = [row["close"] for row in rows(published.storage, published.manifests[1], tickers=["AVGO"])]
    assert closes == [10.0] * 10


def test_a_refused_gate_publishes_nothing(published: FiveRuns, tmp_path: Path) -> None:
    """A bug between transform and the gate of the killed run: every row of a year is duplicated."""
    storage = FolderStorage(shutil.copytree(published.interrupted.url, tmp_path / "lake"))
    before = current_manifest(storage)
    table = staging.key(KILLED, staging.TRANSFORM, "daily_prices")
    (file,) = storage.list(f"{table}/year=2026/")
    storage.copy(file, f"{table}/year=2026/copy.snappy.parquet")
    with pytest.raises(quality.RefusedError, match=r"duplicates: a ticker and session twice \(AAPL 2026-01-05"):
        quality.run(Arguments(storage, KILLED))
    assert current_manifest(storage) == before
    assert before is not None
    refusal = json.loads(storage.read(layout.LAST_REFUSAL))
    assert (refusal["run"], refusal["findings"][0]["rule"]) == (KILLED, "duplicates")
    assert json.loads(storage.read(layout.quarantine(KILLED, "report.json"))) == refusal
    assert Refusal.model_validate(refusal).findings[0].examples[0].ticker == "AAPL"  # as /health reads it


def test_an_empty_lake_is_refused(spark: SparkSession, storage: FolderStorage) -> None:
    clean.run(Arguments(storage, RUNS[0]))
    transform.run(Arguments(storage, RUNS[0]))
    with pytest.raises(quality.RefusedError, match="no ticker has both bars and known splits"):
        quality.run(Arguments(storage, RUNS[0]))
