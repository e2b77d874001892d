"""Delivers raw records through Firehose. Failed records are sent again until a deadline, then kept as dead letters."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING

from ingest.delivery.storage import object_name
from ingest.errors import DeliveryError
from lake import layout
from lake.errors import LakeError
from lake.layout import RawKind
from lake.storage import Storage

if TYPE_CHECKING:
    from mypy_boto3_firehose import FirehoseClient

log = logging.getLogger(__name__)

# https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
BATCH_RECORDS = 500
BATCH_BYTES = 4 * 1024 * 1024
PATIENCE = 60.0  # seconds for the records of one answer
_FIRST_WAIT, _LONGEST_WAIT, _JITTER = 0.25, 4.0, 0.5
_BUSY = {"ServiceUnavailableException", "ThrottlingException", "LimitExceededException", "InternalFailure"}


def firehose_client() -> "FirehoseClient":
    """boto3's client. boto3 is imported late, because a run into a folder does without it."""
    import boto3

    return boto3.client("firehose")


@dataclass(frozen=True)
class FirehoseDelivery:
    """One stream a kind, as `streams` names them. Dead letters go to `storage`, named after the run."""

    client: "FirehoseClient"
    streams: Mapping[RawKind, str]
    storage: Storage
    run: str
    sleep: Callable[[float], None] = time.sleep
    monotonic: Callable[[], float] = time.monotonic
    jitter: Callable[[], float] = field(default_factory=lambda: Random().random)  # noqa: S311 - no secret
    notify: Callable[[str], None] = log.info  # of each retry

    def deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        undelivered, reason = self.send(kind, lines)
        # One dead letter for all batches of the answer, so that a person has one object to copy back.
        if undelivered:
            outcome = self._write_dead_letter(kind, ticker, undelivered)
            raise DeliveryError(
                f"{len(undelivered)} of {len(lines)} {kind} records of {ticker} were not delivered to "
                f"{self.streams[kind]} ({reason}); {outcome}"
            )

    def flush(self) -> None:
        """Nothing is held back."""

    def send(self, kind: RawKind, lines: Sequence[bytes]) -> tuple[list[bytes], str]:
        """Send the lines: those that were not taken within a minute, and why."""
        ends_at = self.monotonic() + PATIENCE
        undelivered: list[bytes] = []
        reason = ""
        for batch in batches(lines):
            failed, why = self._put(kind, batch, ends_at)
            undelivered += failed
            reason = why or reason
        return undelivered, reason

    def _put(self, kind: RawKind, lines: Sequence[bytes], ends_at: float) -> tuple[list[bytes], str]:
        """Put one batch: the records that failed in the end, and why."""
        failed, reason, wait = list(lines), "", _FIRST_WAIT
        while True:
            # A call can succeed in part, so only the failed records are sent again.
            failed, reason, is_final = self._try(kind, failed)
            # Jitter, so that runs that were throttled together do not send again together.
            pause = wait * (1 + _JITTER * self.jitter())
            if not failed or is_final or self.monotonic() + pause > ends_at:
                return failed, reason
            self.notify(
                f"{self.streams[kind]} has not taken {len(failed)} of {len(lines)} records ({reason}); "
                f"next try in {pause:.1f} s"
            )
            self.sleep(pause)
            wait = min(2 * wait, _LONGEST_WAIT)

    def _try(self, kind: RawKind, lines: list[bytes]) -> tuple[list[bytes], str, bool]:
        """Send the lines once: those that failed, why, and whether a retry is of no use."""
        from botocore.exceptions import BotoCoreError, ClientError  # imported late, as boto3

        try:
            answer = self.client.put_record_batch(
                DeliveryStreamName=self.streams[kind], Records=[{"Data": line} for line in lines]
            )
        except ClientError as error:
            code, status = error.response["Error"]["Code"], error.response["ResponseMetadata"]["HTTPStatusCode"]
            return lines, str(error), code not in _BUSY and status < 500
        except BotoCoreError as error:
            # Without an answer, the records may have arrived; a second copy does no harm.
            return lines, str(error), False
        results = list(zip(lines, answer["RequestResponses"], strict=True))
        codes = sorted({result["ErrorCode"] for _, result in results if result.get("ErrorCode")})
        return [line for line, result in results if result.get("ErrorCode")], ", ".join(codes), False

    def _write_dead_letter(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> str:
        """Keep what was not delivered, and say where, or why that failed too."""
        data = b"".join(lines)
        key = layout.dead_letter(kind, self.run, object_name(self.run, ticker, data))
        try:
            self.storage.write(key, data)
        except (OSError, LakeError) as error:
            return f"and they could not be kept: {error}"
        return f"they are kept in {self.storage.url}/{key}: `python -m ingest redeliver` delivers them"


def batches(lines: Sequence[bytes], records: int = BATCH_RECORDS, size: int = BATCH_BYTES) -> Iterator[list[bytes]]:
    """The lines in order, in batches of at most `records` lines and `size` bytes. A longer line goes alone."""
    batch: list[bytes] = []
    batch_bytes = 0
    for line in lines:
        if batch and (len(batch) == records or batch_bytes + len(line) > size):
            yield batch
            batch, batch_bytes = [], 0
        batch.append(line)
        batch_bytes += len(line)
    if batch:
        yield batch
