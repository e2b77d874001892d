"""Names that other programs leave in a bucket are no runs, snapshots, years or records. Without Spark.

`_$folder$` is what Hadoop's clients write for an empty folder, a key that ends in a slash what S3's console does.
"""

from datetime import UTC, datetime, timedelta

import boto3
import pytest

from glue.arguments import Arguments
from glue.increments.base import read_base_snapshot
from glue.jobs import publish
from glue.snapshots import rollback, staging
from glue.snapshots.catalog import Catalog
from glue.snapshots.retention import prune
from lake import layout
from lake.snapshot import current_manifest, snapshots
from lake.storage import Storage, open_storage
from tests.glue.staged import stage

NOW = datetime(2026, 1, 20, 22, 30, 5, tzinfo=UTC)
RUN, LATER = layout.stamp(NOW), layout.stamp(NOW + timedelta(days=1))
RECORD = "raw/prices/dt=2026-01-20/a.gz"
FOREIGN = [
    *("staging/notes.txt", "staging/", f"staging/{RUN}_$folder$", "staging_$folder$", "staging/backup/x.parquet"),
    *("raw/", "raw/prices_$folder$", "raw/prices/dt=2026-01-20_$folder$", "raw/prices/dt=2026-01-20/"),
    *("raw/README.txt", "raw/prices/notes.json", "raw/options/dt=2026-01-20/a.gz", "raw/prices/dt=yesterday/a.gz"),
    *("published/", f"published/{RUN}_$folder$", "published/backup/manifest.json", "published/manifest.json"),
]


@pytest.fixture
def storage(bucket: str) -> Storage:
    """A lake on S3 with a snapshot, and with foreign names wherever they may be."""
    storage = open_storage(f"s3://{bucket}/lake")
    for key in (RECORD, *FOREIGN):
        storage.write(key, b"")
    stage(storage, RUN, b"1")
    place = staging.key(RUN, staging.TRANSFORM, "daily_prices")
    storage.write(f"{place}/year=2026_$folder$", b"")
    storage.write(f"{place}/year=2026/part_$folder$", b"")
    boto3.client("glue").create_database(DatabaseInput={"Name": "prices"})
    publish.run(Arguments(storage, RUN, "prices"), lambda: NOW)
    return storage


def test_a_run_publishes_and_the_next_builds_on_it(storage: Storage) -> None:
    (first,) = snapshots(storage)
    for name in ("year=2026_$folder$", "year=next/part-0.parquet", "_SUCCESS"):
        storage.write(f"{layout.table(first, 'daily_prices')}{name}", b"")
    stage(storage, LATER, b"2")
    publish.run(Arguments(storage, LATER, "prices"), lambda: NOW + timedelta(days=1))
    manifest = current_manifest(storage)
    assert manifest is not None
    assert snapshots(storage) == [first, manifest.snapshot]
    copied = storage.list(layout.table(manifest.snapshot, "daily_prices"))
    assert {key for key in copied if not key.endswith(".parquet")} == set()
    table = boto3.client("glue").get_table(DatabaseName="prices", Name="daily_prices")["Table"]
    assert table["Parameters"]["projection.year.range"] == "2025,2026"


def test_years_are_those_of_files(storage: Storage) -> None:
    (snapshot,) = snapshots(storage)
    place = layout.table(snapshot, "daily_prices")
    storage.write(f"{place}year=1875_$folder$", b"")
    storage.write(f"{place}year=/part-0.parquet", b"")
    assert staging.years_of(storage, place.rstrip("/")) == {2025, 2026}
    Catalog("prices").align(storage)


def test_only_records_are_read(storage: Storage) -> None:
    assert read_base_snapshot(Arguments(storage, LATER)).raw_objects == (RECORD,)


def test_orphans_are_removed_and_nothing_else(storage: Storage) -> None:
    old = layout.stamp(NOW - timedelta(days=1))
    storage.write(f"staging/{old}/clean/report.json", b"")
    staging.clear_orphans(storage, RUN)
    prune(storage, NOW + timedelta(days=400))
    left = set(storage.list(""))
    assert not {key for key in left if old in key}
    assert left >= set(FOREIGN)


def test_a_release_moves_records_only(storage: Storage) -> None:
    later = "raw/splits/dt=2026-01-21/b.gz"
    storage.write(later, b"")
    rollback.roll_back(storage, snapshots(storage)[0])
    rollback.release(storage, LATER, drop=True)
    assert layout.quarantine(LATER, later) in set(storage.list("quarantine/"))
    assert set(storage.list("")) >= set(FOREIGN)
