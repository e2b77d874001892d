import json
import logging
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest import lambda_handler
from ingest.errors import CollectError, SettingsError
from lake import layout
from lake.calendar import sessions_behind
from lake.snapshot import TickerManifest, swap_pointer
from lake.storage import FolderStorage
from lake.universe import universe
from tests.ingest.fakes import FRIDAY, held, recorded_folder

Handler = Callable[[object, None], dict[str, object]]


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
    for handler, formatter in before[0]:
        handler.setFormatter(formatter)
    root.setLevel(before[1])


@pytest.mark.parametrize(
    ("handler", "delivered"),
    [
        (lambda_handler.history, {"prices": 1000, "splits": 10, "dividends": 10}),
        (lambda_handler.daily, {"prices": 1000, "splits": 10}),
        (lambda_handler.events, {"dividends": 10}),
    ],
)
def test_an_entry_answers_with_the_report(feed: Path, handler: Handler, delivered: dict[str, int]) -> None:
    report = handler({}, None)
    assert report["delivered"] == delivered
    assert (report["failures"], report["left"]) == ([], [])


def test_failures_fail_the_invocation_after_the_run(feed: Path) -> None:
    (feed / "splits/META.json").unlink()
    (feed / "splits/VOO.json").unlink()
    with pytest.raises(CollectError) as caught:
        lambda_handler.daily({}, None)
    assert "1000 prices, 8 splits delivered" in str(caught.value)
    assert "SPLITS of VOO: empty answer" in str(caught.value)
    assert "SPLITS of META: empty answer" in str(caught.value)


class Hurried:
    """An invocation whose time is up."""

    def get_remaining_time_in_millis(self) -> int:
        return 1000


def test_without_time_nothing_is_asked_and_the_run_fails(feed: Path) -> None:
    with pytest.raises(CollectError, match="no time left for it in this run") as caught:
        lambda_handler.daily({}, Hurried())
    assert "nothing delivered, 0 requests made" in str(caught.value)


def test_a_function_wants_its_lake_named(monkeypatch: pytest.MonkeyPatch, feed: Path) -> None:
    monkeypatch.delenv("LAKE")
    with pytest.raises(SettingsError, match="LAKE is not set"):
        lambda_handler.daily({}, None)


def test_its_metrics_are_a_line_in_emf(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html"""
    (feed / "splits/VOO.json").unlink()
    with pytest.raises(CollectError):
        lambda_handler.daily({}, None)
    (line,) = [json.loads(text) for text in capsys.readouterr().out.splitlines() if "_aws" in text]
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    names = {metric["Name"] for metric in directive["Metrics"]}
    assert {name: line[name] for name in names} == {
        "RequestsSpent": 20,
        "RecordsDelivered": 1009,
        "RecordsRefused": 0,
        "TickersFailed": 1,
    }
    assert [line[name] for name in directive["Dimensions"][0]] == ["daily"]
    assert directive["Namespace"] == "Bellwether/Ingest"
    assert line["_aws"]["Timestamp"] > 1_700_000_000_000


def test_its_logs_are_json_with_the_run_and_without_a_key(feed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    handler = logging.StreamHandler()
    logging.getLogger().addHandler(handler)
    try:
        report = lambda_handler.events({}, None)
        logging.getLogger("urllib3").warning("GET /query?apikey=%s", "SECRET1")
    finally:
        logging.getLogger().removeHandler(handler)
    lines = [json.loads(text) for text in capsys.readouterr().err.splitlines()]
    assert {(line["run"], line["function"]) for line in lines} == {(report["run"], "events")}
    assert any("10 dividends delivered" in line["message"] for line in lines)
    assert "SECRET1" not in json.dumps(lines)


def test_how_far_what_is_published_lies_back_is_a_metric_too(
    feed: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    at = "2026-11-20T23:00:00+00:00"
    entry = TickerManifest(FRIDAY, FRIDAY, 1, at, at, at)
    manifest = replace(held(dict.fromkeys(universe(), entry)), origin="recorded")
    storage = FolderStorage(tmp_path / "lake")
    storage.write(layout.manifest(manifest.snapshot), manifest.to_json())
    swap_pointer(storage, manifest.snapshot, None)
    lambda_handler.daily({}, None)
    (line,) = [json.loads(text) for text in capsys.readouterr().out.splitlines() if "_aws" in text]
    assert {"Name": "SessionsBehind", "Unit": "None"} in line["_aws"]["CloudWatchMetrics"][0]["Metrics"]
    now = datetime.fromtimestamp(line["_aws"]["Timestamp"] / 1000, UTC)
    assert line["SessionsBehind"] == pytest.approx(sessions_behind(FRIDAY, now), abs=0.01)
