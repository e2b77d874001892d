"""Publish on prepared staging, without Spark: whatever fails on the way, readers see one complete snapshot."""

import json
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import boto3
import pytest

from glue.arguments import Arguments
from glue.increments.base import HeldError, read_base_snapshot
from glue.jobs import publish
from glue.snapshots import rollback
from glue.snapshots.catalog import Catalog
from glue.snapshots.retention import KEPT_SNAPSHOTS
from lake import layout
from lake.errors import ConflictError, LakeError
from lake.snapshot import FORMAT, current_manifest, published_at, read_manifest, read_pointer, snapshots
from lake.storage import Storage
from tests.glue.staged import CURRENT_PRICES, CURRENT_SPLITS, stage

RUN, SECOND_RUN, THIRD_RUN = "20260120T010000Z", "20260120T020000Z", "20260120T030000Z"
NOW = datetime(2026, 1, 20, 22, 30, 5, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DATABASE = "bellwether"


class CutOffError(Exception):
    """The process is gone, the power is out, the network is down."""


class CutOff:
    """Another storage, in which the n-th write and every later one does not happen."""

    WRITES = ("write", "write_if", "copy", "delete", "delete_prefix")

    def __init__(self, whole: Storage, writes: int) -> None:
        self._whole, self._left = whole, writes

    def __getattr__(self, name: str) -> object:
        if name in self.WRITES:
            self.spend()
        return getattr(self._whole, name)

    def spend(self) -> None:
        if self._left == 0:
            raise CutOffError
        self._left -= 1


class CutOffCatalog(Catalog):
    """A catalog whose changes count among the writes of a storage that is cut off."""

    def __init__(self, storage: CutOff, database: str) -> None:
        super().__init__(database)
        self._storage = storage

    def _put(self, wanted: Any) -> None:
        self._storage.spend()
        super()._put(wanted)


@pytest.fixture
def database(aws: None) -> str:
    boto3.client("glue").create_database(DatabaseInput={"Name": DATABASE})
    return DATABASE


def served(storage: Storage) -> dict[str, bytes] | None:
    """What a reader gets: the files that the pointer leads to, by table and year; None where nothing is published."""
    manifest = current_manifest(storage)
    if manifest is None:
        return None
    prefix = layout.snapshot(manifest.snapshot)
    files = (key for key in storage.list(prefix) if key.endswith(".parquet"))
    return {key.removeprefix(prefix).rsplit("/", 1)[0]: storage.read(key) for key in files}


def whole(content: bytes, before: bytes | None = None) -> dict[str, bytes]:
    """A snapshot of both years: 2025 as an earlier run left it."""
    years = {2025: before or content, 2026: content}
    found = {f"{table}/year={year}": data for table in ("daily_prices", CURRENT_PRICES) for year, data in years.items()}
    return {**found, CURRENT_SPLITS: content}


def clock_of(run: str, *, seconds: int = 0) -> datetime:
    """A clock that stands at a run's start, or so long after it."""
    return published_at(run) + timedelta(seconds=seconds)


def stable_location(database: str) -> str:
    table = boto3.client("glue").get_table(DatabaseName=database, Name="daily_prices")["Table"]
    return table["StorageDescriptor"]["Location"]


def test_a_snapshot_is_published_whole(any_storage: Storage) -> None:
    stage(any_storage, RUN, b"data")
    publish.run(Arguments(any_storage, RUN), lambda: NOW)
    manifest = current_manifest(any_storage)
    assert manifest is not None
    assert (manifest.snapshot, manifest.rows, manifest.origin) == ("20260120T223005Z", 8, "simulated")
    assert manifest.tables["daily_sentiment"] == 0
    ticker = manifest.tickers["AAPL"]
    assert [day.isoformat() for day in ticker.missing] == ["2026-01-08", "2026-01-09"]
    assert [day.isoformat() for day in ticker.refused] == ["2026-01-09", "2026-01-16"]
    assert (ticker.sentiment_seen, ticker.dividends_seen) == ("2026-01-20T01:00:00.000000Z", None)
    assert (manifest.unpublished["META"], manifest.unpublished["VOO"]) == (
        "its splits are not known yet", "no bars have come yet",
    )  # fmt: skip
    assert served(any_storage) == whole(b"data")
    assert list(any_storage.list(layout.STAGING)) == []


def test_a_year_that_did_not_change_is_copied_and_one_that_did_replaced(any_storage: Storage) -> None:
    publish_one(any_storage, RUN, b"old", NOW)
    publish_one(any_storage, SECOND_RUN, b"new", LATER)
    assert served(any_storage) == whole(b"new", before=b"old")
    publish_one(any_storage, THIRD_RUN, b"rebuilt", LATER, rebuilt=True)
    assert served(any_storage) == whole(b"rebuilt")


def publish_one(storage: Storage, run: str, content: bytes, now: datetime, *, rebuilt: bool = False) -> str:
    stage(storage, run, content, whole=rebuilt)
    publish.run(Arguments(storage, run), lambda: now)
    pointer = read_pointer(storage)
    assert pointer is not None
    return pointer.snapshot


def test_cut_off_after_any_write_the_reader_sees_the_old_or_the_new(any_storage: Storage, database: str) -> None:
    """Reserve, 5 files, manifest, 3 tables, pointer, 3 stable tables, clean-up: cut off after each, then run again."""
    before, after = whole(b"0"), None
    publish_one(any_storage, RUN, b"0", NOW)
    Catalog(database).align(any_storage)
    for writes in range(100):
        now, content = NOW + timedelta(minutes=writes), b"%d" % (writes + 1)
        run = layout.stamp(now)
        stage(any_storage, run, content)
        cut = CutOff(any_storage, writes)
        arguments = Arguments(cut, run, database)  # type: ignore[arg-type]  # it stands in for a storage
        after = whole(content, before=b"0")
        try:
            publish.run(arguments, partial(clock_of, run), partial(CutOffCatalog, cut))
        except CutOffError:
            assert served(any_storage) in (before, after)
            publish.run(Arguments(any_storage, run, database), partial(clock_of, run, seconds=30))
        else:
            break
        finally:
            assert served(any_storage) == after
        assert current_manifest(any_storage).snapshot in stable_location(database)  # type: ignore[union-attr]
        before = after
    assert writes == 1 + 5 + 1 + 3 + 1 + 3 + 1


def test_of_two_runs_built_on_the_same_snapshot_one_wins(any_storage: Storage) -> None:
    stage(any_storage, RUN, b"one")
    stage(any_storage, SECOND_RUN, b"two")
    publish.run(Arguments(any_storage, RUN), lambda: NOW)
    with pytest.raises(ConflictError, match="run glue again"):
        publish.run(Arguments(any_storage, SECOND_RUN), lambda: NOW)
    assert served(any_storage) == whole(b"one")


class Overtaken(CutOff):
    """A storage in which another run publishes just before this one swaps the pointer."""

    def __init__(self, whole: Storage, other: Arguments) -> None:
        super().__init__(whole, 1000)
        self._other = other

    def write_if(self, key: str, data: bytes, tag: str | None) -> None:
        if key == layout.POINTER:
            publish.run(self._other, lambda: LATER)
        self._whole.write_if(key, data, tag)


def test_a_swap_that_is_lost_at_the_last_moment_changes_nothing(any_storage: Storage) -> None:
    stage(any_storage, RUN, b"one")
    stage(any_storage, SECOND_RUN, b"two")
    overtaken = Overtaken(any_storage, Arguments(any_storage, SECOND_RUN))
    with pytest.raises(ConflictError):
        publish.run(Arguments(overtaken, RUN), lambda: NOW)  # type: ignore[arg-type]
    assert served(any_storage) == whole(b"two")
    publish_one(any_storage, THIRD_RUN, b"three", LATER)
    assert served(any_storage) == whole(b"three", before=b"two")


class AnswerLost(CutOff):
    """A storage whose client asks a conditional write again, because the answer to the first was lost."""

    def __init__(self, whole: Storage) -> None:
        super().__init__(whole, 1000)

    def write_if(self, key: str, data: bytes, tag: str | None) -> None:
        self._whole.write_if(key, data, tag)
        if key == layout.POINTER:
            self._whole.write_if(key, data, tag)


def test_a_swap_whose_answer_is_lost_is_won(any_storage: Storage) -> None:
    stage(any_storage, RUN, b"one")
    publish.run(Arguments(AnswerLost(any_storage), RUN), lambda: NOW)  # type: ignore[arg-type]
    assert served(any_storage) == whole(b"one")


def test_a_publish_that_is_started_again_does_not_publish_twice(any_storage: Storage, database: str) -> None:
    """Glue may start a job again, whose end it did not hear of."""
    first = publish_one(any_storage, RUN, b"one", NOW)
    publish.run(Arguments(any_storage, RUN, database), lambda: LATER)
    assert snapshots(any_storage) == [first]
    assert first in stable_location(database)


def test_a_rollback_is_held_until_it_is_released(any_storage: Storage) -> None:
    first = publish_one(any_storage, RUN, b"good", NOW)
    any_storage.write("raw/prices/dt=2026-01-20/bad.json", b"bad")
    publish_one(any_storage, SECOND_RUN, b"bad", LATER)
    rollback.roll_back(any_storage, first)
    assert served(any_storage) == whole(b"good")
    stage(any_storage, THIRD_RUN, b"worse")
    with pytest.raises(HeldError, match="glue release"):
        publish.run(Arguments(any_storage, THIRD_RUN), lambda: LATER)
    with pytest.raises(HeldError):
        read_base_snapshot(Arguments(any_storage, THIRD_RUN))
    lines = list(rollback.listing(any_storage))
    assert [line.split()[0] for line in lines] == snapshots(any_storage)[::-1]
    assert ["held" in line for line in lines] == [False, True]

    rollback.release(any_storage, THIRD_RUN, drop=False)
    assert read_base_snapshot(Arguments(any_storage, THIRD_RUN)).new_objects == ["raw/prices/dt=2026-01-20/bad.json"]
    publish_one(any_storage, THIRD_RUN, b"right", LATER)
    assert served(any_storage) == whole(b"right", before=b"good")


def test_a_release_can_drop_what_came_since(any_storage: Storage) -> None:
    any_storage.write("raw/prices/dt=2026-01-19/good.json", b"good")
    first = publish_one(any_storage, RUN, b"good", NOW)
    any_storage.write("raw/prices/dt=2026-01-20/bad.json", b"bad")
    publish_one(any_storage, SECOND_RUN, b"bad", LATER)
    rollback.roll_back(any_storage, first)
    rollback.release(any_storage, THIRD_RUN, drop=True)
    assert list(any_storage.list(layout.RAW)) == ["raw/prices/dt=2026-01-19/good.json"]
    assert any_storage.read(f"quarantine/{THIRD_RUN}/raw/prices/dt=2026-01-20/bad.json") == b"bad"
    assert read_base_snapshot(Arguments(any_storage, THIRD_RUN)).new_objects == []
    with pytest.raises(HeldError, match="not held"):
        rollback.release(any_storage, THIRD_RUN, drop=True)


@pytest.mark.parametrize("snapshot", ["20250101T000000Z", "yesterday", "../raw"])
def test_a_rollback_goes_to_a_snapshot_that_is_there(any_storage: Storage, snapshot: str) -> None:
    first = publish_one(any_storage, RUN, b"good", NOW)
    with pytest.raises(LakeError, match=f"there are: {first}"):
        rollback.roll_back(any_storage, snapshot)


def test_old_snapshots_go_and_the_last_few_the_served_and_the_young_stay(any_storage: Storage, database: str) -> None:
    days = [NOW + timedelta(days=day) for day in range(KEPT_SNAPSHOTS + 3)]
    ids = [publish_one(any_storage, layout.stamp(day - timedelta(hours=1)), b"x", day) for day in days]
    assert snapshots(any_storage) == ids[-KEPT_SNAPSHOTS:]
    assert list(any_storage.list(layout.snapshot(ids[0]))) == []
    rollback.roll_back(any_storage, ids[-4])
    rollback.release(any_storage, RUN, drop=False)
    publish.reserve(any_storage, days[0])  # by a run that was killed then
    catalog = Catalog(database)
    catalog.register(any_storage, ids[3])
    minutes = [days[-1] + timedelta(minutes=minute) for minute in range(1, KEPT_SNAPSHOTS + 3)]
    for minute in minutes:
        stage(any_storage, layout.stamp(minute), b"y")
        publish.run(Arguments(any_storage, layout.stamp(minute), database), partial(clock_of, layout.stamp(minute)))
    young = [layout.stamp(minute) for minute in minutes]
    assert snapshots(any_storage) == [ids[-1], *young]
    tables = boto3.client("glue").get_tables(DatabaseName=database)["TableList"]
    dated = {table["Name"] for table in tables if table["Name"].startswith("daily_prices_")}
    assert dated == {f"daily_prices_{snapshot.lower()}" for snapshot in young}


def test_two_runs_in_one_second_get_two_ids(any_storage: Storage) -> None:
    assert publish.reserve(any_storage, NOW) == "20260120T223005Z"
    assert publish.reserve(any_storage, NOW) == "20260120T223006Z"


def test_a_lake_of_unknown_origin_is_not_published(any_storage: Storage) -> None:
    stage(any_storage, RUN, b"data")
    any_storage.delete(layout.ORIGIN)
    with pytest.raises(LakeError, match="says nowhere where its data comes from"):
        publish.run(Arguments(any_storage, RUN), lambda: NOW)
    assert read_pointer(any_storage) is None


def test_a_snapshot_of_an_older_layout_is_not_built_on(any_storage: Storage) -> None:
    first = publish_one(any_storage, RUN, b"old", NOW)
    manifest = read_manifest(any_storage, first)
    any_storage.write(layout.manifest(first), manifest.to_json().replace(b'"format": %d' % FORMAT, b'"format": 0'))
    any_storage.write("raw/prices/dt=2026-01-19/a.json", b"")
    base = read_base_snapshot(Arguments(any_storage, SECOND_RUN))
    assert (base.manifest, base.new_objects) == (None, ["raw/prices/dt=2026-01-19/a.json"])


def test_a_snapshot_of_the_former_layout_is_continued(any_storage: Storage) -> None:
    """It lists every raw object, and has none by day."""
    old, new = "raw/prices/dt=2026-01-02/a.json", "raw/prices/dt=2026-01-02/b.json"
    any_storage.write(old, b"")
    first = publish_one(any_storage, RUN, b"old", NOW)
    entry = json.loads(any_storage.read(layout.manifest(first)))
    del entry["raw_days"]
    any_storage.write(layout.manifest(first), json.dumps(entry | {"format": 3, "raw_objects": [old]}).encode())
    base = read_base_snapshot(Arguments(any_storage, SECOND_RUN))
    assert (base.id, base.new_objects) == (first, [])
    any_storage.write(new, b"")
    assert read_base_snapshot(Arguments(any_storage, SECOND_RUN)).new_objects == [new]
    second = read_manifest(any_storage, publish_one(any_storage, SECOND_RUN, b"new", NOW))
    assert (second.format, second.raw_objects) == (FORMAT, ())
    assert second.contained([old, new]) == {old, new}


def test_of_a_day_that_was_over_nothing_is_dropped_by_a_release(any_storage: Storage) -> None:
    """Of a day that has other objects now, most are in the snapshot: none may leave raw/."""
    early, late = "raw/prices/dt=2026-01-02/early.json", "raw/prices/dt=2026-01-02/late.json"
    any_storage.write(early, b"")
    first = publish_one(any_storage, RUN, b"old", NOW)
    rollback.roll_back(any_storage, first)
    any_storage.write(late, b"")
    any_storage.write("raw/prices/dt=2026-01-20/new.json", b"")
    rollback.release(any_storage, THIRD_RUN, drop=True)
    assert list(any_storage.list("raw/")) == [early, late]
