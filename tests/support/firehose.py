"""Firehose as moto plays it, and one that fails as the real one may."""

from collections.abc import Sequence
from random import Random
from typing import Any

import boto3
from botocore.exceptions import ReadTimeoutError
from mypy_boto3_firehose import FirehoseClient

from lake.layout import RAW_KINDS


def streams(bucket: str, prefix: str, below: str = "") -> FirehoseClient:
    """A client, with a stream `<prefix>-<kind>` for each kind into the bucket's `raw/<kind>/`."""
    client = boto3.client("firehose")
    for kind in RAW_KINDS:
        client.create_delivery_stream(
            DeliveryStreamName=f"{prefix}-{kind}",
            ExtendedS3DestinationConfiguration={
                "RoleARN": "arn:aws:iam::123456789012:role/firehose",
                "BucketARN": f"arn:aws:s3:::{bucket}",
                # Firehose puts the day into the prefix; moto writes it as folders below.
                "Prefix": f"{below}raw/{kind}/dt=2026-11-21/",
            },
        )
    return client


class FlakyFirehose:
    """Passes on part of each batch and fails the rest; every fourth answer is lost after its records have arrived."""

    def __init__(self, client: FirehoseClient, failing: float = 0.3, seed: int = 1) -> None:
        self._client, self._failing, self._draw, self._calls = client, failing, Random(seed), 0

    def put_record_batch(self, *, DeliveryStreamName: str, Records: Sequence[Any]) -> dict[str, Any]:  # noqa: N803
        self._calls += 1
        bad = [self._draw.random() < self._failing for _ in Records]
        arriving = [record for record, fails in zip(Records, bad, strict=True) if not fails]
        if arriving:
            self._client.put_record_batch(DeliveryStreamName=DeliveryStreamName, Records=arriving)
        if self._calls % 4 == 0:
            raise ReadTimeoutError(endpoint_url="https://firehose.example")
        return {
            "FailedPutCount": sum(bad),
            "RequestResponses": [{"ErrorCode": "ServiceUnavailableException"} if b else {"RecordId": "1"} for b in bad],
        }
