"""Committed forecasts outlive every snapshot, and the first one written stands. Without Spark, on S3."""

from datetime import UTC, datetime, timedelta

import pytest

from glue.snapshots import staging
from glue.snapshots.retention import prune
from lake import layout
from lake.errors import ConflictError
from lake.storage import open_storage

NOW = datetime(2026, 1, 20, 22, 30, 5, tzinfo=UTC)
OLD, LATER = layout.stamp(NOW), layout.stamp(NOW + timedelta(days=1))


def test_a_committed_forecast_is_neither_rewritten_nor_removed(bucket: str) -> None:
    storage = open_storage(f"s3://{bucket}/lake")
    key = layout.forecast(NOW.date(), "QQQ_VOO")
    storage.write_if(key, b"first", None)
    with pytest.raises(ConflictError):
        storage.write_if(key, b"second", None)
    for other in (
        layout.manifest(OLD),
        layout.table(OLD, "daily_prices") + "part-0.parquet",
        layout.staging(OLD) + "x",
    ):
        storage.write(other, b"{}")
    storage.write(layout.snapshot(OLD) + "reserved", b"")
    storage.delete(layout.manifest(OLD))  # a killed run's: retention removes all that is left of it
    staging.clear_orphans(storage, LATER)
    assert prune(storage, NOW + timedelta(days=4_000)) == [OLD]
    assert list(storage.list("")) == [key]
    assert storage.read(key) == b"first"
