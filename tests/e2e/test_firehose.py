"""The simulated market through moto's Firehose, made to fail part of each batch and to lose answers."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import pytest
from mypy_boto3_firehose import FirehoseClient

from ingest.alpha_vantage.plans import SIMULATED
from ingest.run import run
from ingest.settings import settings_of
from ingest.simulator.market import history
from lake import layout
from lake.calendar import last_closed, sessions_back
from lake.storage import FolderStorage, open_storage
from lake.universe import universe
from tests.support.firehose import FlakyFirehose, streams
from tests.support.publishing import publish, served

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
COMPACT = replace(SIMULATED, full_history=False)


@pytest.fixture
def lake(bucket: str, tmp_path: Path) -> Path:
    """The bucket's content as a folder, which Spark can read here."""
    flaky = cast("FirehoseClient", FlakyFirehose(streams(bucket, "bw", "lake/")))
    settings = settings_of({"LAKE": f"s3://{bucket}/lake", "FIREHOSE_PREFIX": "bw"})
    compact = settings.model_copy(update={"plan": COMPACT})
    report = run(compact, "daily", lambda: NOW, sleep=lambda _: None, firehose=flaky)
    assert report.ok, list(report.lines())
    arrived, here = open_storage(settings.lake), FolderStorage(tmp_path / "lake")
    assert list(arrived.list("dead-letter/")) == []
    for key in arrived.list(""):
        here.write(key, arrived.read(key))
    return tmp_path / "lake"


def test_nothing_is_lost_and_nothing_is_published_twice(lake: Path) -> None:
    storage = FolderStorage(lake)
    lines = Counter(line for key in storage.list("raw/prices/") for line in storage.read(key).splitlines())
    assert max(lines.values()) > 1  # else no answer was lost, and this shows little

    publish(lake, layout.stamp(NOW))
    found = [(row[0], row[1], row[5], row[6]) for row in served(lake)]
    days = sessions_back(last_closed(NOW), 100)
    expected = [
        (ticker, bar.session, bar.close, bar.volume)
        for ticker in universe()
        for bar in history(ticker).bars
        if days[0] <= bar.session <= days[-1]
    ]
    assert sorted(found) == sorted(expected)
