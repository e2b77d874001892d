"""Delivers raw records straight into the lake's storage.

Either way of delivery may deliver a record twice, after a crash or a retry. That is harmless: of two records for one
ticker and session the lake always prefers the same one, in whatever order they arrive.
"""

import gzip
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
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
        """Deliver JSON lines with their newlines, at the latest at `flush`. DeliveryError where some did not arrive."""

    def flush(self) -> None:
        """Deliver what is held back. DeliveryError where some of it did not arrive."""


@dataclass(frozen=True)
class StorageDelivery:
    """Writes one object for each answer of a run, or file of an import. `day` is the UTC day of arrival.

    `batched`: one object a kind for all answers up to a `flush`: S3 bills each write, and Spark opens each object.
    """

    storage: Storage
    run: str
    day: date
    batched: bool = False
    _held: dict[RawKind, dict[str, list[bytes]]] = field(default_factory=dict, init=False)

    def deliver(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
        if self.batched:
            self._held.setdefault(kind, {}).setdefault(ticker, []).extend(lines)
        else:
            self._write(kind, ticker, lines)

    def flush(self) -> None:
        while self._held:
            kind, by_ticker = self._held.popitem()
            name = next(iter(by_ticker)) if len(by_ticker) == 1 else f"{len(by_ticker)}-tickers"
            self._write(kind, name, [line for lines in by_ticker.values() for line in lines])

    def _write(self, kind: RawKind, ticker: str, lines: Sequence[bytes]) -> None:
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
