"""Delivers raw records straight into the lake's storage.

Either way of delivery may deliver a record twice, after a crash or a retry. That is harmless: of two records for one
ticker and session the lake always prefers the same one, in whatever order they arrive.
"""

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from ingest.errors import DeliveryError
from lake import layout
from lake.errors import LakeError
from lake.layout import RawKind
from lake.storage import Storage


class Delivery(Protocol):
    """Where records go."""

    def deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        """Deliver JSON lines, each with its newline. DeliveryError where some did not arrive."""


@dataclass(frozen=True)
class StorageDelivery:
    """Writes one object for each answer of a run, or file of an import. `day` is the UTC day of arrival."""

    storage: Storage
    run: str
    day: date

    def deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        # One object for a whole answer, because S3 bills each write, and Spark opens each object.
        data = b"".join(lines)
        name = object_name(self.run, ticker, data)
        # On S3 as Firehose delivers: of plain objects next to compressed ones a crawler would make other tables.
        if self.storage.url.startswith("s3://"):
            name, data = f"{name}.gz", gzip.compress(data, mtime=0)
        try:
            self.storage.write(layout.raw(kind, self.day, name), data)
        except (OSError, LakeError) as error:
            raise DeliveryError(f"{len(lines)} {kind} records of {ticker} were not delivered: {error}") from error


def object_name(run: str, ticker: str, data: bytes) -> str:
    """A name with a hash of the content: two answers of one run for a ticker never overwrite each other."""
    return f"{run}-{ticker}-{hashlib.sha256(data).hexdigest()[:8]}.json"
