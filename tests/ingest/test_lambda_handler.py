import json
import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.errors import EventError, RunFailedError, SettingsError
from ingest.lambda_handler import handler
from lake import layout
from lake.calendar import sessions_behind
from lake.snapshot import TickerManifest, swap_pointer
from lake.storage import FolderStorage
from lake.universe import universe
from tests.ingest.fakes import FRIDAY, manifest_of, recorded_folder

BARS = {"task": "bars"}


@pytest.fixture
def feed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    feed = recorded_folder(tmp_path / "feed", list(universe()))
    for name in ("ALPHA_VANTAGE_API_KEY", "ALPHA_VANTAGE_KEY_PARAMETER", "FIREHOSE_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("FEED", str(feed))
    monkeypatch.setenv("LAKE", str(tmp_path / "lake"))
    root = logging.getLogger()
    before = [(handler, handler.formatter) for handler in root.handlers], root.level
    yield feed
    for stream, formatter in before[0]:
        stream.setFormatter(formatter)
    root.setLevel(before[1])


@pytest.mark.parametrize(
    ("task", "delivered"),
    [
        ("history", {"prices": 1000, "splits": 10, "dividends": 10}),
        ("daily", {"prices": 1000, "splits": 10, "dividends": 10}),
        ("bars", {"prices": 1000, "splits": 10}),
        ("events", {"dividends": 10}),
    ],
)
def test_the_event_names_the_task_of_the_run(feed: Path, task: str, delivered: dict[str, int]) -> None:
    report = handler({"task": task}, None)
    assert report["delivered"] == delivered
    assert (report["failures"], report["deferred"]) == ([], [])


@pytest.mark.parametrize("event", [{"task": "weekly"}, {}, None, "bars", {"task": "bars", "tickers": "VOO"}])
def test_any_other_event_is_an_error_that_names_it_and_the_tasks(feed: Path, tmp_path: Path, event: object) -> None:
    with pytest.raises(EventError) as caught:
        handler(event, None)
    assert repr(event) in str(caught.value)
    assert "one of history, daily, bars, events" in str(caught.value)
    assert not (tmp_path / "lake").exists()


def test_failed_requests_fail_the_invocation_after_the_run(feed: Path) -> None:
    (feed / "splits/META.json").unlink()
    (feed / "splits/VOO.json").unlink()
    with pytest.raises(RunFailedError) as caught:
        handler(BARS, None)
    assert "1000 prices, 8 splits delivered" in str(caught.value)
    assert "SPLITS of VOO: empty answer" in str(caught.value)
    assert "SPLITS of META: empty answer" in str(caught.value)


class Hurried:
    """An invocation whose time is up."""

    function_name = "bellwether-ingest"

    def get_remaining_time_in_millis(self) -> int:
        return 1000


def test_without_time_nothing_is_requested_and_the_run_fails(feed: Path) -> None:
    with pytest.raises(RunFailedError, match="because this one has no time left") as caught:
        handler(BARS, Hurried())
    assert "nothing delivered, 0 requests made" in str(caught.value)


def test_the_function_needs_its_lake_named(monkeypatch: pytest.MonkeyPatch, feed: Path) -> None:
    monkeypatch.delenv("LAKE")
    with pytest.raises(SettingsError, match="LAKE is not set"):
        handler(BARS, None)


def test_metrics_are_one_line_of_emf(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"""
    (feed / "splits/VOO.json").unlink()
    with pytest.raises(RunFailedError):
        handler(BARS, None)
    (line,) = [json.loads(text) for text in capsys.readouterr().out.splitlines() if "_aws" in text]
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    names = {metric["Name"] for metric in directive["Metrics"]}
    assert {name: line[name] for name in names} == {
        "RequestsSpent": 20,
        "RecordsDelivered": 1009,
        "RecordsRefused": 0,
        "TickersFailed": 1,
    }
    assert [line[name] for name in directive["Dimensions"][0]] == ["bars"]
    assert directive["Namespace"] == "Bellwether/Ingest"
    assert line["_aws"]["Timestamp"] > 1_700_000_000_000


def test_logs_are_json_with_the_run_and_without_a_key(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stream = logging.StreamHandler()
    logging.getLogger().addHandler(stream)
    try:
        report = handler({"task": "events"}, None)
        logging.getLogger("urllib3").warning("GET /query?apikey=%s", "SECRET1")
    finally:
        logging.getLogger().removeHandler(stream)
    lines = [json.loads(text) for text in capsys.readouterr().err.splitlines()]
    assert {(line["run"], line["task"]) for line in lines} == {(report["run"], "events")}
    assert any("10 dividends delivered" in line["message"] for line in lines)
    assert "SECRET1" not in json.dumps(lines)


def test_a_warm_container_logs_each_run_with_its_own_task(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    stream = logging.StreamHandler()
    logging.getLogger().addHandler(stream)
    try:
        handler({"task": "events"}, None)
        handler(BARS, None)
    finally:
        logging.getLogger().removeHandler(stream)
    tasks = [json.loads(text)["task"] for text in capsys.readouterr().err.splitlines()]
    assert sorted(set(tasks)) == ["bars", "events"]
    assert tasks == sorted(tasks, reverse=True)


def test_how_many_sessions_the_snapshot_is_behind_is_a_metric_too(
    feed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = "2026-11-20T23:00:00+00:00"
    entry = TickerManifest(FRIDAY, FRIDAY, 1, at, at, at)
    manifest = replace(manifest_of(dict.fromkeys(universe(), entry)), origin="recorded")
    storage = FolderStorage(tmp_path / "lake")
    storage.write(layout.manifest(manifest.snapshot), manifest.to_json())
    swap_pointer(storage, manifest.snapshot, None)
    handler(BARS, None)
    (line,) = [json.loads(text) for text in capsys.readouterr().out.splitlines() if "_aws" in text]
    assert {"Name": "SessionsBehind", "Unit": "None"} in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    now = datetime.fromtimestamp(line["_aws"]["Timestamp"] / 1000, UTC)
    assert line["SessionsBehind"] == pytest.approx(sessions_behind(FRIDAY, now), abs=0.01)
