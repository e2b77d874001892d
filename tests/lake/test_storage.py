"""One suite for both storages: a folder, and S3 as moto plays it."""

import threading
from collections.abc import Iterator
from pathlib import Path

import boto3
import pytest
from moto import mock_aws

from lake.errors import ConflictError, LakeError, NotFoundError
from lake.storage import FolderStorage, S3Storage, Storage, open_storage


@pytest.fixture(params=["folder", "s3"])
def storage(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Storage]:
    if request.param == "folder":
        yield open_storage(str(tmp_path / "lake"))
        return
    for name, value in {
        "AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"
    }.items():  # fmt: skip
        monkeypatch.setenv(name, value)
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="bucket")
        yield open_storage("s3://bucket/some/prefix/")


def test_what_is_written_is_read(storage: Storage) -> None:
    storage.write("raw/prices/dt=2026-01-05/a.json", b"one")
    storage.write("raw/prices/dt=2026-01-05/a.json", b"two")
    assert storage.read("raw/prices/dt=2026-01-05/a.json") == b"two"


def test_what_is_not_there_is_said_by_its_key(storage: Storage) -> None:
    with pytest.raises(NotFoundError, match=r"published/current\.json"):
        storage.read("published/current.json")
    with pytest.raises(NotFoundError, match="a/missing"):
        storage.copy("a/missing", "b/copied")


def test_keys_are_listed_below_a_prefix_in_order(storage: Storage) -> None:
    for key in ("raw/b", "raw/a/2", "raw/a/1", "state/x"):
        storage.write(key, b"")
    assert sorted(storage.list("raw/")) == ["raw/a/1", "raw/a/2", "raw/b"]
    assert list(storage.list("raw/a/")) == ["raw/a/1", "raw/a/2"]
    assert list(storage.list("nothing/")) == []


def test_a_copy_outlives_its_source(storage: Storage) -> None:
    storage.write("staging/run/part", b"data")
    storage.copy("staging/run/part", "published/one/part")
    storage.delete_prefix("staging/run/")
    storage.delete_prefix("staging/run/")
    assert storage.read("published/one/part") == b"data"
    assert list(storage.list("staging/")) == []


def test_a_conditional_write_wins_once(storage: Storage) -> None:
    storage.write_if("pointer", b"one", None)
    with pytest.raises(ConflictError):
        storage.write_if("pointer", b"other", None)
    _, tag = storage.read_tagged("pointer")
    storage.write_if("pointer", b"two", tag)
    with pytest.raises(ConflictError):
        storage.write_if("pointer", b"three", tag)
    assert storage.read("pointer") == b"two"


def test_a_conditional_write_on_what_is_gone_is_lost(storage: Storage) -> None:
    storage.write("pointer", b"one")
    _, tag = storage.read_tagged("pointer")
    storage.delete_prefix("pointer") if isinstance(storage, S3Storage) else (Path(storage.url) / "pointer").unlink()
    with pytest.raises(ConflictError):
        storage.write_if("pointer", b"two", tag)


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
