import json
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import Stubber
from mypy_boto3_firehose import FirehoseClient

from ingest.delivery.firehose import BATCH_BYTES, BATCH_RECORDS, PATIENCE, FirehoseDelivery, batches
from ingest.errors import DeliveryError
from lake.layout import RAW_KINDS
from lake.storage import Storage, open_storage
from tests.ingest.fakes import FakeClock
from tests.support.firehose import FlakyFirehose, streams

STREAMS = {kind: f"lake-{kind}" for kind in RAW_KINDS}
LINES = [f'{{"n":{n}}}\n'.encode() for n in range(3)]


def delivery_of(client: FirehoseClient, storage: Storage, time: FakeClock) -> FirehoseDelivery:
    """A delivery on a clock that only `sleep` moves, without jitter."""
    return FirehoseDelivery(client, STREAMS, storage, "run", time.sleep, lambda: time.now, lambda: 0)


@pytest.fixture
def storage(bucket: str) -> Storage:
    return open_storage(f"s3://{bucket}")


@pytest.mark.parametrize(
    ("sizes", "expected"),
    [([], []), ([1] * 3, [3]), ([1] * 5, [3, 2]), ([6, 6], [1, 1]), ([4, 6, 1], [2, 1]), ([11, 1], [1, 1])],
)
def test_batches_keep_order_and_both_limits(sizes: list[int], expected: list[int]) -> None:
    lines = [bytes([65 + place]) * size for place, size in enumerate(sizes)]
    cut = list(batches(lines, records=3, size=10))
    assert [len(batch) for batch in cut] == expected
    assert [line for batch in cut for line in batch] == lines


def test_the_limits_are_those_of_firehose() -> None:
    assert [len(batch) for batch in batches([b"x"] * 501)] == [500, 1]
    assert [len(batch) for batch in batches([b"x" * 1024 * 1024] * 5)] == [4, 1]
    assert (BATCH_RECORDS, BATCH_BYTES) == (500, 4_194_304)


def arrived(storage: Storage) -> list[int]:
    """The numbers in the bucket's records."""
    return sorted(json.loads(line)["n"] for key in storage.list("raw/") for line in storage.read(key).splitlines())


def test_firehose_concatenates_the_lines_into_the_bucket(bucket: str, storage: Storage) -> None:
    lines = [f'{{"n":{n}}}\n'.encode() for n in range(1200)]
    delivery_of(streams(bucket, "lake"), storage, FakeClock()).deliver("prices", "VOO", lines)
    assert all(key.startswith("raw/prices/") for key in storage.list("raw/"))
    assert arrived(storage) == list(range(1200))


def test_a_partly_failed_batch_arrives_in_the_end(bucket: str, storage: Storage) -> None:
    """A lost answer too: its records arrive twice, and none is missing."""
    lines = [f'{{"n":{n}}}\n'.encode() for n in range(1200)]
    flaky = cast("FirehoseClient", FlakyFirehose(streams(bucket, "lake")))
    delivery_of(flaky, storage, FakeClock()).deliver("prices", "VOO", lines)
    assert set(arrived(storage)) == set(range(1200))
    assert list(storage.list("dead-letter/")) == []


def answer(*failed: bool) -> dict[str, object]:
    results = [{"ErrorCode": "ServiceUnavailableException"} if bad else {"RecordId": "1"} for bad in failed]
    return {"FailedPutCount": sum(failed), "RequestResponses": results}


def sent(*lines: bytes) -> dict[str, object]:
    return {"DeliveryStreamName": "lake-prices", "Records": [{"Data": line} for line in lines]}


def test_only_failed_records_are_sent_again_in_order(storage: Storage) -> None:
    client, time = boto3.client("firehose"), FakeClock()
    with Stubber(client) as stub:
        stub.add_response("put_record_batch", answer(True, False, True), sent(*LINES))
        stub.add_response("put_record_batch", answer(False, True), sent(LINES[0], LINES[2]))
        stub.add_response("put_record_batch", answer(False), sent(LINES[2]))
        delivery_of(client, storage, time).deliver("prices", "VOO", LINES)
        stub.assert_no_pending_responses()
    assert time.slept == [0.25, 0.5]


class Refusing:
    """Refuses every record but the first of its first call; or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self.error, self.calls = error, 0

    def put_record_batch(self, **request: Any) -> dict[str, object]:
        self.calls += 1
        if self.error:
            raise self.error
        return answer(*(self.calls > 1 or place > 0 for place in range(len(request["Records"]))))


def fail(client: Refusing, storage: Storage, time: FakeClock) -> str:
    with pytest.raises(DeliveryError) as caught:
        delivery_of(cast("FirehoseClient", client), storage, time).deliver("prices", "VOO", LINES)
    return str(caught.value)


def test_records_that_fail_until_the_deadline_become_a_dead_letter(storage: Storage) -> None:
    time = FakeClock()
    told = fail(Refusing(), storage, time)
    assert told.startswith(
        "2 of 3 prices records of VOO were not delivered to lake-prices (ServiceUnavailableException); they are kept in"
    )
    assert sum(time.slept) <= PATIENCE < sum(time.slept) + 2 * time.slept[-1]
    assert time.slept == sorted(time.slept)
    (key,) = storage.list("dead-letter/prices/run/")
    assert storage.read(key) == LINES[1] + LINES[2]


def client_error(code: str, status: int) -> ClientError:
    return ClientError({"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}, "PutRecordBatch")  # type: ignore[typeddict-item]


@pytest.mark.parametrize(
    ("error", "is_tried_again"),
    [
        (client_error("ResourceNotFoundException", 400), False),
        (client_error("AccessDeniedException", 400), False),
        (client_error("ServiceUnavailableException", 503), True),
        (client_error("Whatever", 500), True),
        (ReadTimeoutError(endpoint_url="https://firehose.example"), True),
    ],
    ids=str,
)
def test_a_failed_call_is_retried_only_where_that_can_help(
    storage: Storage, error: Exception, is_tried_again: bool
) -> None:
    client = Refusing(error)
    assert "3 of 3 prices records" in fail(client, storage, FakeClock())
    assert (client.calls > 1) is is_tried_again
    (key,) = storage.list("dead-letter/prices/run/")
    assert storage.read(key) == b"".join(LINES)


def test_a_dead_letter_that_cannot_be_written_is_reported_too(bucket: str) -> None:
    gone = open_storage("s3://no-such-bucket")
    assert "and they could not be kept" in fail(Refusing(client_error("AccessDeniedException", 400)), gone, FakeClock())
