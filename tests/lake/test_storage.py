"""One suite for both storages: a folder, and S3 as moto plays it."""

import fcntl
import threading
from pathlib import Path

import pytest

from lake.errors import ConflictError, LakeError, NotFoundError
from lake.storage import FolderStorage, Storage, open_storage


def test_what_is_written_is_read(any_storage: Storage) -> None:
    any_storage.write("raw/prices/dt=2026-01-05/a.json", b"one")
    any_storage.write("raw/prices/dt=2026-01-05/a.json", b"two")
    assert any_storage.read("raw/prices/dt=2026-01-05/a.json") == b"two"


def test_what_is_not_there_is_said_by_its_key(any_storage: Storage) -> None:
    with pytest.raises(NotFoundError, match=r"published/current\.json"):
        any_storage.read("published/current.json")
    with pytest.raises(NotFoundError, match="a/missing"):
        any_storage.copy("a/missing", "b/copied")


def test_keys_are_listed_below_a_prefix_in_order(any_storage: Storage) -> None:
    for key in ("raw/b", "raw/a/2", "raw/a/1", "state/x"):
        any_storage.write(key, b"")
    assert sorted(any_storage.list("raw/")) == ["raw/a/1", "raw/a/2", "raw/b"]
    assert list(any_storage.list("raw/a/")) == ["raw/a/1", "raw/a/2"]
    assert list(any_storage.list("nothing/")) == []


def test_the_sizes_of_objects_come_with_their_keys(any_storage: Storage) -> None:
    for key, data in (("raw/b", b""), ("raw/a/1", b"three"), ("state/x", b"other")):
        any_storage.write(key, data)
    assert sorted(any_storage.sizes("raw/")) == [("raw/a/1", 5), ("raw/b", 0)]


def test_a_copy_outlives_its_source(any_storage: Storage) -> None:
    any_storage.write("staging/run/part", b"data")
    any_storage.copy("staging/run/part", "published/one/part")
    any_storage.delete_prefix("staging/run/")
    any_storage.delete_prefix("staging/run/")
    assert any_storage.read("published/one/part") == b"data"
    assert list(any_storage.list("staging/")) == []


def test_a_conditional_write_wins_once(any_storage: Storage) -> None:
    any_storage.write_if("pointer", b"one", None)
    with pytest.raises(ConflictError):
        any_storage.write_if("pointer", b"other", None)
    _, tag = any_storage.read_tagged("pointer")
    any_storage.write_if("pointer", b"two", tag)
    with pytest.raises(ConflictError):
        any_storage.write_if("pointer", b"three", tag)
    assert any_storage.read("pointer") == b"two"


def test_a_conditional_write_on_what_is_gone_is_lost(any_storage: Storage) -> None:
    any_storage.write("state/pointer", b"one")
    _, tag = any_storage.read_tagged("state/pointer")
    any_storage.delete_prefix("state/")
    with pytest.raises(ConflictError):
        any_storage.write_if("state/pointer", b"two", tag)


def test_a_bucket_that_is_not_ours_is_said(bucket: str) -> None:
    other = open_storage(f"s3://another-{bucket}/lake")
    for act in (lambda: other.read("a"), lambda: other.write("a", b""), lambda: list(other.list(""))):
        with pytest.raises(LakeError, match="s3://another-bucket/lake: S3 refuses"):
            act()


def test_of_many_writers_at_once_one_wins(tmp_path: Path) -> None:
    storage, won, start = FolderStorage(tmp_path), [], threading.Barrier(8)

    def write(number: int) -> None:
        start.wait()
        try:
            storage.write_if("pointer", b"%d" % number, None)
        except ConflictError:
            return
        won.append(number)

    writers = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert len(won) == 1
    assert storage.read("pointer") == b"%d" % won[0]


def test_a_conditional_write_waits_its_turn(tmp_path: Path) -> None:
    """Between comparing and replacing nobody else may write: whoever holds the lock is alone."""
    storage = FolderStorage(tmp_path)
    writer = threading.Thread(target=storage.write_if, args=("pointer", b"one", None))
    with (tmp_path / ".pointer.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        writer.start()
        writer.join(0.2)
        assert list(storage.list("")) == []
    writer.join(10)
    assert storage.read("pointer") == b"one"


def test_unfinished_writes_are_not_listed(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.write("raw/a", b"")
    (tmp_path / "raw" / ".a.unfinished").write_bytes(b"half a li")
    assert list(storage.list("raw/")) == ["raw/a"]


@pytest.mark.parametrize("key", ["../outside", "raw/../../outside", "/etc/outside"])
def test_a_key_stays_below_the_root(tmp_path: Path, key: str) -> None:
    with pytest.raises(LakeError, match="below the lake's root"):
        FolderStorage(tmp_path / "lake").write(key, b"")


@pytest.mark.parametrize("lake", ["s3://", "s3:///prefix", "gs://bucket/lake"])
def test_a_lake_is_a_folder_or_on_s3(lake: str) -> None:
    with pytest.raises(LakeError, match=f"LAKE={lake}"):
        open_storage(lake)


@pytest.mark.parametrize("name", ["a[b", "a{b", "a*", "a?", "a\\b"])
def test_a_folder_that_spark_could_not_read_is_refused_before_anything_is_written(tmp_path: Path, name: str) -> None:
    with pytest.raises(LakeError, match=r"Spark takes .* for a pattern; choose another folder"):
        open_storage(str(tmp_path / name))
