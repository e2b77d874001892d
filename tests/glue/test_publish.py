"""Publish on prepared staging, without Spark: whatever happens on the way, readers see one whole snapshot."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from glue import staging
from glue.arguments import Arguments
from glue.jobs import publish
from glue.report import CleanReport, QualityReport, to_json
from lake import layout
from lake.errors import ConflictError, LakeError
from lake.origin import claim_origin
from lake.snapshot import current_manifest, read_pointer
from lake.storage import FolderStorage, Storage

RUN, SECOND_RUN = "20260120T010000Z", "20260120T020000Z"
NOW = datetime(2026, 1, 20, 22, 30, 5, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
SEEN = "2026-01-20T01:00:00.000000Z"


class CutOffError(Exception):
    """The process is gone, the power is out, the network is down."""


class CutOff(FolderStorage):
    """A folder in which the n-th write and every later one does not happen."""

    def __init__(self, root: Path, writes: int) -> None:
        super().__init__(root)
        self._left = writes

    def _spend(self) -> None:
        if self._left == 0:
            raise CutOffError
        self._left -= 1

    def write(self, key: str, data: bytes) -> None:
        self._spend()
        super().write(key, data)

    def write_if(self, key: str, data: bytes, tag: str | None) -> None:
        self._spend()
        super().write_if(key, data, tag)

    def copy(self, source: str, target: str) -> None:
        self._spend()
        super().copy(source, target)

    def delete_prefix(self, prefix: str) -> None:
        self._spend()
        super().delete_prefix(prefix)


def stage(storage: Storage, run: str, built_on: str | None, content: bytes) -> None:
    """What clean and quality would have left: one file of one year, and their reports."""
    claim_origin(storage, "simulated")
    table = staging.key(run, staging.TRANSFORM, "daily_prices")
    storage.write(f"{table}/year=2026/part-00000.snappy.parquet", content)
    clean = CleanReport(
        built_on=built_on,
        raw_objects=["raw/prices/dt=2026-01-20/a.json"],
        sources=["simulated"],
        fetched_at={"AAPL": SEEN, "META": SEEN},
        splits_seen={"AAPL": SEEN},
        dividends_seen={},
        refused={"AAPL": ["2026-01-09"]},
        findings=[],
    )
    held = {"AAPL": {"first": "2026-01-05", "last": "2026-01-16", "sessions": 8}}
    quality = QualityReport(table, held, {"AAPL": ["2026-01-08", "2026-01-09"]}, {"AAPL": ["2026-01-16"]}, [])
    storage.write(staging.report_key(run, staging.CLEAN), to_json(clean))
    storage.write(staging.report_key(run, staging.QUALITY), to_json(quality))


def served(storage: Storage) -> bytes | None:
    """What a reader gets: the table that the pointer leads to, once it is sure that the manifest is there too."""
    manifest = current_manifest(storage)
    if manifest is None:
        return None
    (file,) = storage.list(layout.table(manifest.snapshot, "daily_prices"))
    return storage.read(file)


def test_a_snapshot_is_published_whole(any_storage: Storage) -> None:
    stage(any_storage, RUN, None, b"data")
    publish.run(Arguments(any_storage, RUN), lambda: NOW)
    manifest = current_manifest(any_storage)
    assert manifest is not None
    assert (manifest.snapshot, manifest.rows, manifest.origin) == ("20260120T223005Z", 8, "simulated")
    ticker = manifest.tickers["AAPL"]
    assert [day.isoformat() for day in ticker.missing] == ["2026-01-08", "2026-01-09"]
    assert [day.isoformat() for day in ticker.refused] == ["2026-01-09", "2026-01-16"]
    assert (manifest.unpublished["META"], manifest.unpublished["VOO"]) == (
        "its splits are not known yet", "no bars have come yet",
    )  # fmt: skip
    assert served(any_storage) == b"data"
    assert list(any_storage.list(layout.STAGING)) == []


def test_cut_off_after_any_write_the_reader_sees_the_old_or_the_new(tmp_path: Path) -> None:
    """Reserve, one file, manifest, pointer, clean-up: cut off after each, and then run again."""
    seen = []
    for writes in range(6):
        root = tmp_path / str(writes)
        whole = FolderStorage(root)
        stage(whole, RUN, None, b"old")
        publish.run(Arguments(whole, RUN), lambda: NOW)
        pointer = read_pointer(whole)
        assert pointer is not None
        stage(whole, SECOND_RUN, pointer.snapshot, b"new")
        try:
            publish.run(Arguments(CutOff(root, writes), SECOND_RUN), lambda: LATER)
        except CutOffError:
            seen.append(served(whole))
        else:
            assert served(whole) == b"new"
        if served(whole) == b"old":
            publish.run(Arguments(whole, SECOND_RUN), lambda: NOW)
        assert served(whole) == b"new"
    assert seen == [b"old", b"old", b"old", b"old", b"new"]


def test_of_two_runs_built_on_the_same_snapshot_one_wins(any_storage: Storage) -> None:
    stage(any_storage, RUN, None, b"one")
    stage(any_storage, SECOND_RUN, None, b"two")
    publish.run(Arguments(any_storage, RUN), lambda: NOW)
    with pytest.raises(ConflictError, match="run glue again"):
        publish.run(Arguments(any_storage, SECOND_RUN), lambda: NOW)
    assert served(any_storage) == b"one"


def test_two_runs_in_one_second_get_two_ids(any_storage: Storage) -> None:
    assert publish.reserve(any_storage, NOW) == "20260120T223005Z"
    assert publish.reserve(any_storage, NOW) == "20260120T223006Z"


def test_a_lake_of_unknown_origin_is_not_published(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    stage(storage, RUN, None, b"data")
    (tmp_path / layout.ORIGIN).unlink()
    with pytest.raises(LakeError, match="says nowhere where its data comes from"):
        publish.run(Arguments(storage, RUN), lambda: NOW)
    assert read_pointer(storage) is None
