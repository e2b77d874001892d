import json
from datetime import date
from pathlib import Path

import boto3
import pytest
from botocore.stub import Stubber

from ingest.delivery import BATCH_BYTES, BATCH_RECORDS, WAITS, FirehoseDelivery, StorageDelivery, batches
from ingest.errors import DeliveryError
from lake.layout import RAW_KINDS
from lake.storage import FolderStorage

STREAMS = {kind: f"lake-{kind}" for kind in RAW_KINDS}
LINES = [f'{{"n":{n}}}\n'.encode() for n in range(3)]


def test_storage_gets_one_object_for_each_kind_and_ticker(tmp_path: Path) -> None:
    storage = FolderStorage(tmp_path)
    StorageDelivery(storage, "20261120T223005Z", date(2026, 11, 20)).deliver("prices", "VOO", LINES)
    assert list(storage.list("raw/")) == ["raw/prices/dt=2026-11-20/20261120T223005Z-VOO.json"]
    assert storage.read("raw/prices/dt=2026-11-20/20261120T223005Z-VOO.json") == b"".join(LINES)


def test_a_lake_that_cannot_be_written_is_a_delivery_error(tmp_path: Path) -> None:
    (tmp_path / "raw").write_text("a file where a folder must be")
    with pytest.raises(DeliveryError, match="3 prices records of VOO"):
        StorageDelivery(FolderStorage(tmp_path), "run", date(2026, 11, 20)).deliver("prices", "VOO", LINES)


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


def test_firehose_concatenates_the_lines_into_the_bucket(aws: None) -> None:
    s3, firehose = boto3.client("s3"), boto3.client("firehose")
    s3.create_bucket(Bucket="lake")
    firehose.create_delivery_stream(
        DeliveryStreamName="lake-prices",
        ExtendedS3DestinationConfiguration={
            "RoleARN": "arn:aws:iam::123456789012:role/firehose",
            "BucketARN": "arn:aws:s3:::lake",
            "Prefix": "raw/prices/",
        },
    )
    lines = [f'{{"n":{n}}}\n'.encode() for n in range(1200)]
    FirehoseDelivery(firehose, STREAMS).deliver("prices", "VOO", lines)
    keys = [item["Key"] for item in s3.list_objects_v2(Bucket="lake")["Contents"]]
    bodies = [s3.get_object(Bucket="lake", Key=key)["Body"].read() for key in keys]
    delivered = sorted(json.loads(line)["n"] for body in bodies for line in body.splitlines())
    assert all(key.startswith("raw/prices/") for key in keys)
    assert delivered == list(range(1200))


def answer(*failed: bool) -> dict[str, object]:
    results = [{"ErrorCode": "ServiceUnavailableException"} if bad else {"RecordId": "1"} for bad in failed]
    return {"FailedPutCount": sum(failed), "RequestResponses": results}


def sent(*lines: bytes) -> dict[str, object]:
    return {"DeliveryStreamName": "lake-prices", "Records": [{"Data": line} for line in lines]}


def test_only_failed_records_are_sent_again_in_order(aws: None) -> None:
    client, slept = boto3.client("firehose"), list[float]()
    with Stubber(client) as stub:
        stub.add_response("put_record_batch", answer(True, False, True), sent(*LINES))
        stub.add_response("put_record_batch", answer(False, True), sent(LINES[0], LINES[2]))
        stub.add_response("put_record_batch", answer(False), sent(LINES[2]))
        FirehoseDelivery(client, STREAMS, slept.append).deliver("prices", "VOO", LINES)
        stub.assert_no_pending_responses()
    assert slept == list(WAITS[:2])


def test_tries_are_bounded_and_the_error_counts_what_is_lost(aws: None) -> None:
    client, slept = boto3.client("firehose"), list[float]()
    with Stubber(client) as stub:
        stub.add_response("put_record_batch", answer(False, True, True), sent(*LINES))
        for _ in WAITS:
            stub.add_response("put_record_batch", answer(True, True), sent(*LINES[1:]))
        with pytest.raises(DeliveryError, match="2 of 3 prices records of VOO were not delivered to lake-prices"):
            FirehoseDelivery(client, STREAMS, slept.append).deliver("prices", "VOO", LINES)
        stub.assert_no_pending_responses()
    assert slept == list(WAITS) == sorted(slept)


def test_a_stream_that_is_not_there_is_a_delivery_error(aws: None) -> None:
    with pytest.raises(DeliveryError, match="may not have been delivered"):
        FirehoseDelivery(boto3.client("firehose"), STREAMS).deliver("prices", "VOO", LINES)
