"""The four jobs in order on small lakes, as `python -m glue` runs them."""

import json
from datetime import date
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
from tests.glue.bars import DAYS, FETCHED, bar, bars, deliver, deliver_market, splits

RUN, LATER_RUN = "20260120T010000Z", "20260121T010000Z"


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


def test_malformed_records_are_quarantined_and_the_rest_is_published(
    spark: SparkSession, storage: FolderStorage
) -> None:
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
    manifest = publish(storage, RUN)
    assert quarantined(storage, RUN, "prices") == [
        "broken_line", "broken_line", "nameless", "non_positive", "nulls", "off_calendar", "off_calendar",
        "ohlc_order", "ohlc_order",
    ]  # fmt: skip
    assert quarantined(storage, RUN, "splits") == ["bad_events", "bad_events"]
    assert quarantined(storage, RUN, "sentiment") == ["bad_score", "bad_score", "off_calendar"]
    assert manifest.tables == {"daily_prices": 20, "corporate_actions": 0, "daily_sentiment": 1}
    assert {ticker: entry.sessions for ticker, entry in manifest.tickers.items()} == {"AAPL": 10, "VOO": 10}
    assert [day.isoformat() for day in manifest.tickers["AAPL"].refused] == ["2026-01-20", "2026-01-21", "2026-01-22"]
    assert manifest.tickers["VOO"].refused == ()
    assert {found["rule"] for found in manifest.quality} >= {"broken_line", "nameless", "bad_events", "ohlc_order"}


def test_a_second_delivery_of_the_same_changes_nothing(spark: SparkSession, storage: FolderStorage) -> None:
    deliver_market(storage, "AAPL", "VOO")
    first = publish(storage, RUN)
    assert read_base_snapshot(Arguments(storage, LATER_RUN)).new_objects == []
    deliver(storage, "prices", reversed(bars("AAPL")), "again")
    assert len(read_base_snapshot(Arguments(storage, LATER_RUN)).new_objects) == 1
    second = publish(storage, LATER_RUN)
    assert second.snapshot > first.snapshot
    assert content(storage, second) == content(storage, first)
    assert len(content(storage, second)) == 20


def test_a_killed_run_leaves_nothing_behind(spark: SparkSession, storage: FolderStorage) -> None:
    """Killed before publish, then run again later: the content is published, and the killed run's staging is gone."""
    deliver_market(storage, "AAPL")
    for job in (clean.run, transform.run, transform.run):
        job(Arguments(storage, RUN))
    assert current_manifest(storage) is None
    publish(storage, LATER_RUN)
    assert list(storage.list(layout.STAGING)) == []


def test_a_refused_gate_publishes_nothing(spark: SparkSession, storage: FolderStorage) -> None:
    """A bug between transform and the gate: every row is duplicated."""
    deliver_market(storage, "AAPL")
    before = publish(storage, RUN)
    deliver(storage, "prices", [bar("AAPL", "2026-01-20")], "new")
    arguments = Arguments(storage, LATER_RUN)
    clean.run(arguments)
    transform.run(arguments)
    table = staging.key(LATER_RUN, staging.TRANSFORM, "daily_prices")
    (file,) = storage.list(f"{table}/")
    storage.copy(file, f"{table}/year=2026/copy.snappy.parquet")
    with pytest.raises(quality.RefusedError, match=r"duplicates: a ticker and session twice \(AAPL 2026-01-05"):
        quality.run(arguments)
    assert current_manifest(storage) == before
    refusal = json.loads(storage.read(layout.LAST_REFUSAL))
    assert (refusal["run"], refusal["findings"][0]["rule"]) == (LATER_RUN, "duplicates")
    assert json.loads(storage.read(layout.quarantine(LATER_RUN, "report.json"))) == refusal
    assert Refusal.model_validate(refusal).findings[0].examples[0].ticker == "AAPL"  # as /health reads it


def test_a_new_jump_waits_for_its_split(spark: SparkSession, storage: FolderStorage) -> None:
    """NVDA trades at a tenth before its split is known: the bars are quarantined, and published once it is."""
    tenth = dict.fromkeys(DAYS[8:], 10.0)
    deliver_market(storage, "NVDA", closes=tenth)
    deliver(storage, "prices", bars("VOO", [day for day in DAYS if day != DAYS[4]]), "voo")
    deliver(storage, "splits", [splits("VOO")], "voo")
    tickers = publish(storage, RUN).tickers
    assert [day.isoformat() for day in tickers["VOO"].missing] == [DAYS[4]]
    waiting = tickers["NVDA"]
    assert (waiting.last.isoformat(), waiting.sessions) == (DAYS[7], 8)
    assert [day.isoformat() for day in waiting.refused] == list(DAYS[8:])
    known = splits("NVDA", (DAYS[8], 10.0), fetched_at="2026-01-21T01:00:00.000000Z")
    deliver(storage, "splits", [known], "later")
    manifest = publish(storage, LATER_RUN)
    assert (manifest.tickers["NVDA"].last.isoformat(), manifest.tickers["NVDA"].refused) == (DAYS[9], ())
    close = DAILY_PRICES.column_names.index("close")
    closes = [row[close] for row in content(storage, manifest) if row[0] == "NVDA"]
    assert closes == [10.0] * 10


def test_an_empty_lake_is_refused(spark: SparkSession, storage: FolderStorage) -> None:
    clean.run(Arguments(storage, RUN))
    transform.run(Arguments(storage, RUN))
    with pytest.raises(quality.RefusedError, match="no ticker has both bars and known splits"):
        quality.run(Arguments(storage, RUN))
