"""The simulated market through moto's Firehose, made to fail part of each batch and to lose answers."""

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime
from typing import cast

import pytest
from mypy_boto3_firehose import FirehoseClient

from ingest.alpha_vantage.plans import SIMULATED
from ingest.run import run
from ingest.settings import settings_of
from ingest.simulator.market import history
from lake.calendar import last_closed, sessions_back
from lake.storage import Storage, open_storage
from lake.universe import universe
from tests.support.firehose import FlakyFirehose, streams

NOW = datetime(2026, 11, 21, 1, 0, tzinfo=UTC)
COMPACT = replace(SIMULATED, full_history=False)


@pytest.fixture
def lake(bucket: str) -> Storage:
    flaky = cast("FirehoseClient", FlakyFirehose(streams(bucket, "bw", "lake/")))
    settings = settings_of({"LAKE": f"s3://{bucket}/lake", "FIREHOSE_PREFIX": "bw"})
    compact = settings.model_copy(update={"plan": COMPACT})
    report = run(compact, "daily", lambda: NOW, sleep=lambda _: None, firehose=flaky)
    assert report.ok, list(report.lines())
    arrived = open_storage(settings.lake)
    assert list(arrived.list("dead-letter/")) == []
    return arrived


def test_nothing_is_lost_and_what_comes_twice_is_the_same(lake: Storage) -> None:
    """What comes twice is published once: tests/e2e/test_order_of_delivery.py."""
    lines = Counter(line for key in lake.list("raw/prices/") for line in lake.read(key).splitlines())
    assert max(lines.values()) > 1  # else no answer was lost, and this shows little

    found = [(row["ticker"], row["date"], row["close"], row["volume"]) for row in map(json.loads, lines)]
    days = sessions_back(last_closed(NOW), 100)
    expected = [
        (ticker, bar.session.isoformat(), bar.close, bar.volume)
        for ticker in universe()
        for bar in history(ticker).bars
        if days[0] <= bar.session <= days[-1]
    ]
    assert sorted(found) == sorted(expected)
