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
    assert any_storage.read(key) == b"".join(LINES)


def test_no_answer_of_a_run_overwrites_another(any_storage: Storage) -> None:
    delivery = StorageDelivery(any_storage, RUN, DAY)
    for lines in (LINES, LINES[:1], LINES):
        delivery.deliver("sentiment", "AAPL", lines)
    assert sorted(any_storage.read(key) for key in any_storage.list("raw/")) == sorted([b"".join(LINES), LINES[0]])


def test_a_lake_that_cannot_be_written_is_a_delivery_error(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    storage.write("raw", b"a file where a folder must be")
    with pytest.raises(DeliveryError, match="3 prices records of VOO were not delivered"):
        StorageDelivery(storage, RUN, DAY).deliver("prices", "VOO", LINES)
