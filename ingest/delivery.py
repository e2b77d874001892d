"""Raw records into the lake: straight into its storage, or through Firehose.

Both may deliver a record twice, after a crash or a retry; the lake's order of records makes that harmless.
"""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Protocol

from ingest.errors import DeliveryError
from lake import layout
from lake.errors import LakeError
from lake.layout import RawKind
from lake.storage import Storage

if TYPE_CHECKING:
    from mypy_boto3_firehose import FirehoseClient

# https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
BATCH_RECORDS = 500
BATCH_BYTES = 4 * 1024 * 1024
WAITS: tuple[float, ...] = (1, 2, 4, 8)  # seconds before each further try of the records that failed


class Delivery(Protocol):
    """Where records go."""

    def deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        """Deliver JSON lines, each with its newline. DeliveryError where some did not arrive."""


@dataclass(frozen=True)
class StorageDelivery:
    """One object for each kind and ticker of a run; `day` is the UTC day of arrival."""

    storage: Storage
    run: str
    day: date

    def deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        with _told(kind, ticker, len(lines)):
            self.storage.write(layout.raw(kind, self.day, f"{self.run}-{ticker}.json"), b"".join(lines))


@dataclass(frozen=True)
class FirehoseDelivery:
    """One stream for each kind, as `streams` names them."""

    client: "FirehoseClient"
    streams: Mapping[RawKind, str]
    sleep: Callable[[float], None] = time.sleep

    def deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        with _told(kind, ticker, len(lines)):
            for batch in batches(lines):
                self._put(kind, ticker, batch)

    def _put(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        """Put one batch; a call can succeed in part, so only what failed is sent again, in its order."""
        failed = self._try(kind, lines)
        for wait in WAITS:
            if not failed:
                return
            self.sleep(wait)
            failed = self._try(kind, failed)
        if failed:
            raise DeliveryError(
                f"{len(failed)} of {len(lines)} {kind} records of {ticker} were not delivered to {self.streams[kind]} "
                f"in {len(WAITS) + 1} tries"
            )

    def _try(self, kind: RawKind, lines: Sequence[bytes]) -> list[bytes]:
        """Send the lines once; those that failed."""
        answer = self.client.put_record_batch(
            DeliveryStreamName=self.streams[kind], Records=[{"Data": line} for line in lines]
        )
        return [line for line, result in zip(lines, answer["RequestResponses"], strict=True) if result.get("ErrorCode")]


def batches(lines: Sequence[bytes], records: int = BATCH_RECORDS, size: int = BATCH_BYTES) -> Iterator[list[bytes]]:
    """The lines in order, in batches of at most `records` lines and `size` bytes. A longer line goes alone."""
    batch: list[bytes] = []
    held = 0
    for line in lines:
        if batch and (len(batch) == records or held + len(line) > size):
            yield batch
            batch, held = [], 0
        batch.append(line)
        held += len(line)
    if batch:
        yield batch


@contextmanager
def _told(kind: RawKind, ticker: str, count: int) -> Iterator[None]:
    try:
        yield
    except _failures() as error:
        raise DeliveryError(f"{count} {kind} records of {ticker} may not have been delivered: {error}") from error


def _failures() -> tuple[type[Exception], ...]:
    from botocore.exceptions import BotoCoreError, ClientError  # costs too much to import where nothing failed

    return OSError, LakeError, BotoCoreError, ClientError
