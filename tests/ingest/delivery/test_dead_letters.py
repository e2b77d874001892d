"""Dead letters arrive in raw/ or in Firehose, once each, whatever happens meanwhile."""

import base64
import gzip
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from ingest.delivery import dead_letters
from ingest.delivery.dead_letters import DeadLetter, into_raw, into_streams
from ingest.delivery.firehose import FirehoseDelivery
from ingest.errors import DeliveryError
from ingest.run import redeliver
from ingest.settings import settings_of
from lake import layout
from lake.layout import RAW_KINDS
from lake.storage import FolderStorage, Storage, open_storage
from tests.ingest.fakes import FakeClock
from tests.support.firehose import streams

TODAY = date(2026, 11, 28)
RUN = "20261120T223005Z"
LINES = b'{"n": 1}\n{"n": 2}\n'
KEY = layout.dead_letter("prices", RUN, f"{RUN}-VOO-1234abcd.json")
TARGET = f"raw/prices/dt=2026-11-20/{RUN}-VOO-1234abcd.json"


@pytest.fixture
def s3_storage(bucket: str) -> Storage:
    return open_storage(f"s3://{bucket}")


def keys(storage: Storage) -> list[str]:
    return [key for prefix in ("dead-letter/", "firehose-errors/", "raw/") for key in storage.list(prefix)]


def test_a_dead_letter_is_moved_into_raw_and_said(any_storage: Storage) -> None:
    any_storage.write(KEY, LINES)
    done = dead_letters.redeliver(any_storage, into_raw(any_storage), TODAY)
    assert done.lines == (f"{KEY}: 2 prices records delivered to {TARGET}",)
    assert (done.delivered, done.remaining) == (1, 0)
    assert keys(any_storage) == [TARGET]
    assert any_storage.read(TARGET) == LINES


def test_a_second_time_nothing_is_left_to_do(any_storage: Storage) -> None:
    any_storage.write(KEY, LINES)
    for delivered in (1, 0):
        assert dead_letters.redeliver(any_storage, into_raw(any_storage), TODAY).delivered == delivered
    assert keys(any_storage) == [TARGET]


def test_ended_between_delivery_and_removal_it_goes_on_without_a_second_copy(tmp_path: Path) -> None:
    class Ended(FolderStorage):
        def delete(self, key: str) -> None:
            raise KeyboardInterrupt

    FolderStorage(tmp_path).write(KEY, LINES)
    ended = Ended(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        dead_letters.redeliver(ended, into_raw(ended), TODAY)
    assert keys(ended) == [KEY, TARGET]
    again = FolderStorage(tmp_path)
    dead_letters.redeliver(again, into_raw(again), date(2026, 12, 1))
    assert keys(again) == [TARGET]


def test_one_that_fails_stays_and_the_others_go_on(any_storage: Storage) -> None:
    def deliver(letter: DeadLetter, records: Sequence[bytes]) -> str:
        if letter.kind == "splits":
            raise DeliveryError("the stream is gone")
        return into_raw(any_storage)(letter, records)

    bad = layout.dead_letter("splits", RUN, "b.json")
    any_storage.write(KEY, LINES)
    any_storage.write(bad, b'{"n": 3}\n')
    done = dead_letters.redeliver(any_storage, deliver, TODAY)
    assert (done.delivered, done.remaining) == (1, 1)
    assert f"failed: {bad} stays where it is: the stream is gone" in done.lines
    assert keys(any_storage) == [bad, TARGET]


@pytest.mark.parametrize(
    ("key", "data", "why"),
    [
        (f"dead-letter/quotes/{RUN}/a.json", LINES, "its path names none of prices, splits, dividends, sentiment"),
        ("dead-letter/a.json", LINES, "its path names none of"),
        (KEY, b"", "it is empty; remove it"),
        (KEY, b"\x1f\x8bcut off", "it cannot be read"),
        ("firehose-errors/processing-failed/prices/dt=2026-11-20/a", b'{"no": "data"}\n', "it cannot be read"),
    ],
)
def test_what_is_no_dead_letter_stays_with_the_reason(any_storage: Storage, key: str, data: bytes, why: str) -> None:
    any_storage.write(key, data)
    done = dead_letters.redeliver(any_storage, into_raw(any_storage), TODAY)
    assert (done.delivered, done.remaining) == (0, 1)
    assert why in done.lines[0]
    assert keys(any_storage) == [key]


@pytest.mark.parametrize("packed", [False, True])
def test_what_firehose_could_not_write_is_unwrapped(any_storage: Storage, packed: bool) -> None:
    wrapped = b"".join(
        json.dumps({"errorCode": "S3.AccessDenied", "rawData": base64.b64encode(line).decode()}).encode() + b"\n"
        for line in (b'{"n": 1}\n', b'{"n": 2}')
    )
    key = "firehose-errors/format-conversion-failed/splits/dt=2026-11-20/lake-splits-1-2026"
    any_storage.write(key, gzip.compress(wrapped) if packed else wrapped)
    dead_letters.redeliver(any_storage, into_raw(any_storage), TODAY)
    assert keys(any_storage) == ["raw/splits/dt=2026-11-20/lake-splits-1-2026.json"]
    assert any_storage.read(keys(any_storage)[0]) == LINES


def test_through_firehose_the_records_reach_their_stream(bucket: str, s3_storage: Storage) -> None:
    s3_storage.write(KEY, LINES)
    named = {kind: f"lake-{kind}" for kind in RAW_KINDS}
    firehose = FirehoseDelivery(streams(bucket, "lake"), named, s3_storage, "now", FakeClock().sleep)
    done = dead_letters.redeliver(s3_storage, into_streams(firehose), TODAY)
    assert done.lines == (f"{KEY}: 2 prices records delivered to the stream lake-prices",)
    (arrived,) = keys(s3_storage)
    assert s3_storage.read(arrived) == LINES


def test_what_firehose_refuses_again_stays_the_only_copy(bucket: str, s3_storage: Storage) -> None:
    s3_storage.write(KEY, LINES)
    named = {kind: f"gone-{kind}" for kind in RAW_KINDS}
    firehose = FirehoseDelivery(streams(bucket, "lake"), named, s3_storage, "now", FakeClock().sleep)
    done = dead_letters.redeliver(s3_storage, into_streams(firehose), TODAY)
    assert "gone-prices has not taken 2 of its 2 records" in done.lines[0]
    assert keys(s3_storage) == [KEY]


def test_the_command_needs_neither_key_nor_feed(tmp_path: Path) -> None:
    FolderStorage(tmp_path).write(KEY, LINES)
    done = redeliver(settings_of({"LAKE": str(tmp_path)}), lambda: datetime(2026, 11, 28, tzinfo=UTC))
    assert (done.delivered, keys(FolderStorage(tmp_path))) == (1, [TARGET])
