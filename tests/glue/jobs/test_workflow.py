"""The four jobs in order, as `python -m glue` runs them.

The cases have tickers of their own in one lake, so that they share its three runs.
"""

import json
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyspark.sql import SparkSession

from api.resources.health.schemas import Refusal
from glue.arguments import Arguments
from glue.increments.base import read_base_snapshot
from glue.jobs import clean, quality, transform
from glue.snapshots import staging
from glue.workflow import STEPS
from lake import layout
from lake.snapshot import Manifest, current_manifest
from lake.storage import FolderStorage
from lake.tables import DAILY_PRICES
from tests.glue.bars import DAYS, FETCHED, bar, bars, deliver, deliver_market, dividends, splits

KILLED_RUN, RUN, LATER_RUN, THIRD_RUN, FOURTH_RUN = (f"202601{day}T010000Z" for day in (19, 20, 21, 22, 23))


def publish(storage: FolderStorage, run: str) -> Manifest:
    for job in STEPS.values():
        job(Arguments(storage, run))
    manifest = current_manifest(storage)
    assert manifest is not None
    return manifest


def content(storage: FolderStorage, manifest: Manifest) -> list[tuple[Any, ...]]:
    """Every row that is served."""
    files = f"{storage.url}/{layout.table(manifest.snapshot, 'daily_prices')}*/*.parquet"
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM read_parquet(?) ORDER BY ticker, date", [files]).fetchall()


def quarantined(storage: FolderStorage, run: str, kind: str) -> list[str]:
    """The rules by which a run quarantined records, in alphabetical order."""
    lines = [
        json.loads(line)
        for key in storage.list(f"quarantine/{run}/{kind}/")
        for line in storage.read(key).decode().splitlines()
    ]
    return sorted(line["rule"] for line in lines)


def deliver_malformed(storage: FolderStorage) -> None:
    """Malformed records of AAPL and VOO among sound ones."""
    deliver_market(storage, "AAPL", "VOO")
    planted = [
        bar("AAPL", "2026-01-10"),  # a Saturday
        bar("AAPL", "2026-01-20", high=50.0),
        bar("AAPL", "2026-01-21") | {"close": None},
        bar("AAPL", "2026-01-22", low=-1.0),
        bar("AAPL", "20260123"),
        bar("A'; DROP TABLE", "2026-01-23"),
        bar("AAPL", DAYS[0]) | {"close": "much"},
        bar("VOO", DAYS[1], low=150.0),  # a sound bar of that session is there too
    ]
    deliver(storage, "prices", planted, "bad")
    deliver(storage, "splits", [splits("TSLA", ("2026-01-06", 0.0)), splits("META", ("soon", 2.0))], "bad")
    score = {"ticker": "AAPL", "source": "simulated", "fetched_at": FETCHED, "articles": 1}
    moods = [(DAYS[0], 0.5, 1), (DAYS[1], 1.5, 1), (DAYS[2], 0.5, 0), ("2026-01-10", 0.5, 1)]
    deliver(
        storage,
        "sentiment",
        [score | {"date": day, "score": mood, "articles": articles} for day, mood, articles in moods],
        "s",
    )
    storage.write(layout.raw("prices", date(2026, 1, 20), "half.json"), b'{"ticker": "AAPL", "da')


def deliver_jump(storage: FolderStorage) -> None:
    """NVDA at a tenth without a known split, and QQQ without one of its sessions."""
    deliver(storage, "prices", bars("NVDA", closes=dict.fromkeys(DAYS[8:], 10.0)), "nvda")
    deliver(storage, "prices", bars("QQQ", [day for day in DAYS if day != DAYS[4]]), "qqq")
    deliver(storage, "splits", [splits("NVDA"), splits("QQQ")], "jump")
    deliver(storage, "dividends", [dividends("NVDA")], "jump")


@dataclass(frozen=True)
class Lake:
    """After each run its manifest and every row that is served. `was_published`: by the run that was killed."""

    storage: FolderStorage
    was_published: bool
    manifests: list[Manifest]
    rows: list[list[tuple[Any, ...]]]
    new_objects: list[int]  # before the second run, and before and after the delivery that the third publishes


@pytest.fixture(scope="module")
def lake(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Lake:
    """A run killed before publish; one that goes through; NVDA's split; and AAPL's bars delivered again."""
    storage = FolderStorage(tmp_path_factory.mktemp("workflow"))
    deliver_malformed(storage)
    deliver_jump(storage)
    for job in (clean.run, transform.run, transform.run):
        job(Arguments(storage, KILLED_RUN))
    lake = Lake(storage, current_manifest(storage) is not None, [], [], [])

    def publish_next(run: str) -> None:
        lake.manifests.append(publish(storage, run))
        lake.rows.append(content(storage, lake.manifests[-1]))

    def count_new() -> None:
        lake.new_objects.append(len(read_base_snapshot(Arguments(storage, THIRD_RUN)).new_objects))

    publish_next(RUN)
    count_new()
    known = splits("NVDA", (DAYS[8], 10.0), fetched_at="2026-01-21T01:00:00.000000Z")
    deliver(storage, "splits", [known], "later")
    publish_next(LATER_RUN)
    count_new()
    deliver(storage, "prices", reversed(bars("AAPL")), "again")
    count_new()
    publish_next(THIRD_RUN)
    return lake


def test_malformed_records_are_quarantined_and_the_rest_is_published(lake: Lake) -> None:
    manifest = lake.manifests[0]
    assert quarantined(lake.storage, RUN, "prices") == [
        "broken_line", "broken_line", "nameless", "non_positive", "nulls", "off_calendar", "off_calendar",
        "ohlc_order", "ohlc_order",
    ]  # fmt: skip
    assert quarantined(lake.storage, RUN, "splits") == ["bad_events", "bad_events"]
    assert quarantined(lake.storage, RUN, "sentiment") == ["bad_score", "bad_score", "off_calendar"]
    # ten sessions of AAPL and of VOO, nine of QQQ, eight of NVDA
    assert manifest.tables == {"daily_prices": 37, "corporate_actions": 0, "daily_sentiment": 1}
    assert {ticker: entry.sessions for ticker, entry in manifest.tickers.items()} == {
        "AAPL": 10, "NVDA": 8, "QQQ": 9, "VOO": 10,
    }  # fmt: skip
    assert [day.isoformat() for day in manifest.tickers["AAPL"].refused] == ["2026-01-20", "2026-01-21", "2026-01-22"]
    assert manifest.tickers["VOO"].refused == ()
    assert {found["rule"] for found in manifest.quality} >= {"broken_line", "nameless", "bad_events", "ohlc_order"}


def test_a_second_delivery_of_the_same_changes_nothing(lake: Lake) -> None:
    _, before, after = lake.manifests
    assert lake.new_objects == [0, 0, 1]
    assert after.snapshot > before.snapshot
    assert lake.rows[2] == lake.rows[1]
    assert len(lake.rows[2]) == 39


def test_a_killed_run_leaves_nothing_behind(lake: Lake) -> None:
    """Killed before publish: the next run publishes the content, and the killed run's staging is gone."""
    assert not lake.was_published
    assert list(lake.storage.list(layout.STAGING)) == []


def test_a_new_jump_waits_for_its_split(lake: Lake) -> None:
    """NVDA trades at a tenth before its split is known: the bars are quarantined, and published once it is."""
    tickers = lake.manifests[0].tickers
    assert [day.isoformat() for day in tickers["QQQ"].missing] == [DAYS[4]]
    waiting = tickers["NVDA"]
    assert (waiting.last.isoformat(), waiting.sessions) == (DAYS[7], 8)
    assert [day.isoformat() for day in waiting.refused] == list(DAYS[8:])
    published = lake.manifests[1].tickers["NVDA"]
    assert (published.last.isoformat(), published.refused) == (DAYS[9], ())
    close = DAILY_PRICES.column_names.index("close")
    closes = [row[close] for row in lake.rows[1] if row[0] == "NVDA"]
    assert closes == [10.0] * 10


def test_a_refused_gate_publishes_nothing(lake: Lake, tmp_path: Path) -> None:
    """A bug between transform and the gate: every row is duplicated."""
    storage = FolderStorage(shutil.copytree(lake.storage.url, tmp_path / "lake"))
    before = current_manifest(storage)
    deliver(storage, "prices", [bar("AAPL", "2026-01-20")], "new")
    arguments = Arguments(storage, FOURTH_RUN)
    clean.run(arguments)
    transform.run(arguments)
    table = staging.key(FOURTH_RUN, staging.TRANSFORM, "daily_prices")
    (file,) = storage.list(f"{table}/")
    storage.copy(file, f"{table}/year=2026/copy.snappy.parquet")
    with pytest.raises(quality.RefusedError, match=r"duplicates: a ticker and session twice \(AAPL 2026-01-05"):
        quality.run(arguments)
    assert current_manifest(storage) == before
    refusal = json.loads(storage.read(layout.LAST_REFUSAL))
    assert (refusal["run"], refusal["findings"][0]["rule"]) == (FOURTH_RUN, "duplicates")
    assert json.loads(storage.read(layout.quarantine(FOURTH_RUN, "report.json"))) == refusal
    assert Refusal.model_validate(refusal).findings[0].examples[0].ticker == "AAPL"  # as /health reads it


def test_an_empty_lake_is_refused(spark: SparkSession, storage: FolderStorage) -> None:
    clean.run(Arguments(storage, RUN))
    transform.run(Arguments(storage, RUN))
    with pytest.raises(quality.RefusedError, match="no ticker has both bars and known splits"):
        quality.run(Arguments(storage, RUN))
