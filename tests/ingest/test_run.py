"""Whole runs, of the simulated market and of a recorded feed, into a lake in a folder."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import boto3
import pytest

from ingest.delivery.news_coverage import NewsCoverage
from ingest.plan.requests import SessionRange
from ingest.run import daily_plan, run
from ingest.settings import settings_of
from lake import layout
from lake.errors import CalendarError, LakeError
from lake.layout import RAW_KINDS
from lake.origin import read_origin
from lake.snapshot import TickerManifest, swap_pointer
from lake.storage import FolderStorage
from lake.universe import universe
from tests.ingest.fakes import FRIDAY, manifest_of, recorded_folder

REAL = datetime(2026, 12, 1, 4, 30, 5, 123456, tzinfo=UTC)


def clock() -> datetime:
    return REAL


def read(lake: Path, kind: str, ticker: str) -> list[dict[str, object]]:
    (path,) = (lake / f"raw/{kind}/dt=2026-12-01").glob(f"20261201T043005Z-{ticker}-*.json")
    return [json.loads(line) for line in path.read_text().splitlines()]


def test_the_simulated_market_is_delivered_completely(tmp_path: Path) -> None:
    report = run(settings_of({"LAKE": str(tmp_path)}), "daily", clock)
    assert report.ok
    assert (report.requests, report.delivered["splits"], report.delivered["dividends"]) == (37, 10, 10)
    assert read_origin(FolderStorage(tmp_path)) == "simulated"
    bars = read(tmp_path, "prices", "NVDA")
    assert (bars[0]["date"], bars[-1]["date"]) == ("2006-12-01", "2026-11-30")
    assert {(bar["source"], bar["fetched_at"]) for bar in bars} == {("simulated", "2026-12-01T04:30:05.123456Z")}
    assert [event["ratio"] for event in read(tmp_path, "splits", "NVDA")[0]["events"]] == [10, 4]  # type: ignore[attr-defined]


def test_a_recorded_feed_is_delivered_and_its_missing_files_are_named(tmp_path: Path) -> None:
    feed = recorded_folder(tmp_path / "feed", [ticker for ticker in universe() if ticker != "TSLA"])
    (feed / "dividends/META.json").unlink()
    report = run(settings_of({"LAKE": str(tmp_path / "lake"), "FEED": str(feed)}), "daily", clock)
    assert [str(failure) for failure in report.failures] == [
        "TIME_SERIES_DAILY of TSLA: unknown symbol (Invalid API call. No such symbol is here for TIME_SERIES_DAILY.)",
        "SPLITS of TSLA: unknown symbol (Invalid API call. No such symbol is here for SPLITS.)",
        "DIVIDENDS of META: empty answer",
        "DIVIDENDS of TSLA: unknown symbol (Invalid API call. No such symbol is here for DIVIDENDS.)",
    ]
    assert report.delivered == {"prices": 900, "splits": 9, "dividends": 8}
    bars = read(tmp_path / "lake", "prices", "META")
    assert (len(bars), bars[-1]["date"], bars[-1]["source"]) == (100, FRIDAY.isoformat(), "recorded")


def test_origins_do_not_mix(tmp_path: Path) -> None:
    feed = recorded_folder(tmp_path / "feed", ["VOO"])
    run(settings_of({"LAKE": str(tmp_path / "lake"), "FEED": str(feed)}), "daily", clock)
    with pytest.raises(LakeError, match="holds recorded data and takes no simulated data"):
        run(settings_of({"LAKE": str(tmp_path / "lake")}), "daily", clock)


def publish(lake: Path, last: date, fetched: datetime) -> None:
    """Publish a snapshot with everything up to `last`."""
    text = fetched.isoformat()
    entry = TickerManifest(date(2016, 12, 1), last, 2500, text, text, text)
    manifest = replace(manifest_of(dict.fromkeys(universe(), entry)), origin="simulated")
    storage = FolderStorage(lake)
    storage.write(layout.manifest(manifest.snapshot), manifest.to_json())
    swap_pointer(storage, manifest.snapshot, None)
    for ticker in ("AAPL", "AMZN", "META", "GOOGL", "MSFT", "NVDA", "TSLA"):
        NewsCoverage(storage).add({ticker: SessionRange(date(2025, 1, 2), last)})


def test_a_second_run_on_the_same_evening_requests_nothing(tmp_path: Path) -> None:
    publish(tmp_path, date(2026, 11, 30), REAL)
    report = run(settings_of({"LAKE": str(tmp_path)}), "daily", clock)
    assert (report.ok, report.requests, report.delivered) == (True, 0, {})


def test_a_later_run_delivers_what_is_missing_and_an_overlap(tmp_path: Path) -> None:
    publish(tmp_path, date(2026, 11, 19), REAL - timedelta(days=3))
    report = run(settings_of({"LAKE": str(tmp_path)}), "daily", clock)
    assert {kind: report.delivered[kind] for kind in ("prices", "splits", "dividends")} == {
        "prices": 110,
        "splits": 10,
        "dividends": 10,
    }
    assert 35 < report.delivered["sentiment"] <= 49  # seven stocks, the six sessions and the one before
    days = [bar["date"] for bar in read(tmp_path, "prices", "VOO")]
    assert days[:5] == ["2026-11-13", "2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"]
    assert days[5:] == ["2026-11-20", "2026-11-23", "2026-11-24", "2026-11-25", "2026-11-27", "2026-11-30"]


def test_a_plan_writes_nothing(tmp_path: Path) -> None:
    lake = tmp_path / "lake"
    assert len(daily_plan(settings_of({"LAKE": str(lake)}), clock).requests) == 37
    assert not lake.exists()


def test_through_firehose_the_origin_is_claimed_in_the_lake(aws: None, tmp_path: Path) -> None:
    s3, firehose = boto3.client("s3"), boto3.client("firehose")
    s3.create_bucket(Bucket="lake")
    for kind in RAW_KINDS:
        firehose.create_delivery_stream(
            DeliveryStreamName=f"bw-{kind}",
            ExtendedS3DestinationConfiguration={
                "RoleARN": "arn:aws:iam::123456789012:role/firehose",
                "BucketARN": "arn:aws:s3:::lake",
                "Prefix": f"lake/raw/{kind}/dt=",
            },
        )
    feed = recorded_folder(tmp_path / "feed", list(universe()))
    settings = settings_of({"LAKE": "s3://lake/lake", "FEED": str(feed), "FIREHOSE_PREFIX": "bw"})
    report = run(settings, "history", clock)
    assert report.delivered == {"prices": 1000, "splits": 10, "dividends": 10}
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket="lake")["Contents"]]
    assert "lake/origin.json" in keys
    assert {key.split("/")[2] for key in keys if "/raw/" in key} == {"prices", "splits", "dividends"}


def test_only_the_named_tickers_are_requested(tmp_path: Path) -> None:
    settings = settings_of({"LAKE": str(tmp_path), "TICKERS": "VOO,NVDA"})
    assert [str(one) for one in daily_plan(settings, clock).requests] == [
        "TIME_SERIES_DAILY of VOO",
        "TIME_SERIES_DAILY of NVDA",
        "SPLITS of VOO",
        "SPLITS of NVDA",
        "DIVIDENDS of VOO",
        "DIVIDENDS of NVDA",
        "NEWS_SENTIMENT of NVDA",
    ]


def test_in_2028_a_run_delivers_and_says_that_the_calendar_ends(tmp_path: Path) -> None:
    october = datetime(2028, 10, 3, 1, tzinfo=UTC)
    report = run(settings_of({"LAKE": str(tmp_path), "TICKERS": "VOO"}), "daily", lambda: october)
    assert (report.failures, report.delivered["prices"] > 2000) == ((), True)
    assert not report.ok
    (error,) = (line for line in report.lines() if line.startswith("error: "))
    assert "ends on 2028-12-31, in 90 days: update Bellwether" in error


def test_after_the_end_of_the_calendar_a_run_makes_no_request_and_says_why(tmp_path: Path) -> None:
    late = datetime(2029, 1, 3, 1, tzinfo=UTC)
    with pytest.raises(CalendarError, match=r"2029-01-02 is not known yet.*ends on 2028-12-31: update Bellwether"):
        run(settings_of({"LAKE": str(tmp_path), "TICKERS": "VOO"}), "daily", lambda: late)
    assert list(tmp_path.glob("raw/*")) == []
