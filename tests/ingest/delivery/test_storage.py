import gzip
from datetime import date
from pathlib import Path

import pytest

from ingest.delivery.storage import StorageDelivery
from ingest.errors import DeliveryError
from lake.storage import FolderStorage, Storage

LINES = [f'{{"n":{n}}}\n'.encode() for n in range(3)]
RUN, DAY = "20261120T223005Z", date(2026, 11, 20)


def test_storage_gets_one_whole_object_for_each_answer(any_storage: Storage) -> None:
    StorageDelivery(any_storage, RUN, DAY).deliver("prices", "VOO", LINES)
    (key,) = any_storage.list("raw/")
    assert key.startswith("raw/prices/dt=2026-11-20/20261120T223005Z-VOO-")
    assert plain(any_storage, key) == b"".join(LINES)


def test_objects_on_s3_are_compressed_as_those_of_firehose(any_storage: Storage) -> None:
    """A crawler of S3 leaves plain ones out, and their bytes are the same each time."""
    StorageDelivery(any_storage, RUN, DAY).deliver("prices", "VOO", LINES)
    (key,) = any_storage.list("raw/")
    data = any_storage.read(key)
    assert (data[:2] == b"\x1f\x8b") == key.endswith(".json.gz") == any_storage.url.startswith("s3://")
    StorageDelivery(any_storage, RUN, DAY).deliver("prices", "VOO", LINES)
    assert [any_storage.read(found) for found in any_storage.list("raw/")] == [data]


def plain(storage: Storage, key: str) -> bytes:
    data = storage.read(key)
    return gzip.decompress(data) if key.endswith(".gz") else data


def test_no_answer_of_a_run_overwrites_another(any_storage: Storage) -> None:
    delivery = StorageDelivery(any_storage, RUN, DAY)
    for lines in (LINES, LINES[:1], LINES):
        delivery.deliver("sentiment", "AAPL", lines)
    assert sorted(plain(any_storage, key) for key in any_storage.list("raw/")) == sorted([b"".join(LINES), LINES[0]])


def test_a_lake_that_cannot_be_written_is_a_delivery_error(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.write("raw", b"a file where a folder must be")
    with pytest.raises(DeliveryError, match="3 prices records of VOO were not delivered"):
        StorageDelivery(storage, RUN, DAY).deliver("prices", "VOO", LINES)
