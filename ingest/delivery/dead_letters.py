"""Delivers dead letters: records that did not reach raw/ in their own run.

They lie below `dead-letter/`, where a run keeps what Firehose has not taken, and below `firehose-errors/`, where
Firehose itself puts what it could not write. A letter is removed only after its records have arrived, so that a
redelivery can be ended at any moment and started again: a record that arrives twice counts once.
"""

import base64
import gzip
import json
import re
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import cast

from ingest.delivery.firehose import FirehoseDelivery
from ingest.errors import DeliveryError
from lake import layout
from lake.errors import LakeError, NotFoundError
from lake.layout import RAW_KINDS, RawKind
from lake.snapshot import is_snapshot, published_at
from lake.storage import Storage

_GZIP = b"\x1f\x8b"
_OWN = re.compile(rf"{layout.DEAD_LETTERS}(?P<kind>[a-z]+)/(?P<run>[^/]+)/(?P<name>[^/]+)")
_FIREHOSE = re.compile(rf"{layout.FIREHOSE_ERRORS}[^/]+/(?P<kind>[a-z]+)/dt=(?P<day>[0-9-]{{10}})/(?P<name>[^/]+)")


@dataclass(frozen=True)
class DeadLetter:
    """`day`: when its records should have arrived, by which they keep one name however often they are delivered."""

    key: str
    kind: RawKind
    day: date
    name: str

    @property
    def is_of_firehose(self) -> bool:
        """Whether Firehose wrote it: it then wraps each record."""
        return self.key.startswith(layout.FIREHOSE_ERRORS)


@dataclass(frozen=True)
class Redelivery:
    """What was done: a sentence for each letter, and how many remain."""

    lines: tuple[str, ...]
    delivered: int
    remaining: int


# Delivers a letter's records and says where to. DeliveryError where one did not arrive.
Deliver = Callable[[DeadLetter, Sequence[bytes]], str]


def redeliver(storage: Storage, deliver: Deliver, today: date) -> Redelivery:
    """Deliver every dead letter and remove it; one that fails stays where it is, and the others go on."""
    lines: list[str] = []
    delivered = remaining = 0
    for key in [*storage.list(layout.DEAD_LETTERS), *storage.list(layout.FIREHOSE_ERRORS)]:
        try:
            lines.append(_redeliver_one(storage, key, deliver, today))
            delivered += 1
        except NotFoundError:
            lines.append(f"{key}: another process has just delivered it")
        except (DeliveryError, LakeError, OSError) as error:
            lines.append(f"failed: {key} stays where it is: {error}")
            remaining += 1
    return Redelivery(tuple(lines), delivered, remaining)


def into_raw(storage: Storage) -> Deliver:
    """Writes the records below raw/, under the same name each time."""

    def deliver(letter: DeadLetter, records: Sequence[bytes]) -> str:
        target = layout.raw(letter.kind, letter.day, letter.name)
        storage.write(target, b"".join(records))
        return target

    return deliver


def into_streams(firehose: FirehoseDelivery) -> Deliver:
    """Sends the records to the stream of their kind."""

    def deliver(letter: DeadLetter, records: Sequence[bytes]) -> str:
        stream = firehose.streams[letter.kind]
        failed, reason = firehose.send(letter.kind, records)
        if failed:
            raise DeliveryError(f"{stream} has not taken {len(failed)} of its {len(records)} records ({reason})")
        return f"the stream {stream}"

    return deliver


def _redeliver_one(storage: Storage, key: str, deliver: Deliver, today: date) -> str:
    letter = _letter_of(key, today)
    records = _records(letter, storage.read(key))
    place = deliver(letter, records)
    storage.delete(key)
    return f"{key}: {len(records)} {letter.kind} record{'' if len(records) == 1 else 's'} delivered to {place}"


def _letter_of(key: str, today: date) -> DeadLetter:
    found = _OWN.fullmatch(key) or _FIREHOSE.fullmatch(key)
    if not found or found["kind"] not in RAW_KINDS:
        raise DeliveryError(f"its path names none of {', '.join(RAW_KINDS)}; look at it and remove it")
    parts = found.groupdict()
    day = _day_of(parts, today)
    name = parts["name"] if parts["name"].endswith(".json") else f"{parts['name']}.json"
    return DeadLetter(key, cast("RawKind", parts["kind"]), day, name)


def _day_of(parts: Mapping[str, str], today: date) -> date:
    if is_snapshot(parts.get("run", "")):
        return published_at(parts["run"]).date()
    try:
        return date.fromisoformat(parts["day"])
    except (KeyError, ValueError):
        return today


def _records(letter: DeadLetter, data: bytes) -> Sequence[bytes]:
    """The letter's records, each with its newline."""
    try:
        text = gzip.decompress(data) if data.startswith(_GZIP) else data
        found = [line for line in text.splitlines() if line.strip()]
        records = list(_unwrapped(found)) if letter.is_of_firehose else found
    except (OSError, EOFError, zlib.error, ValueError, KeyError, TypeError) as error:
        raise DeliveryError("it cannot be read; look at it and remove it") from error
    if not records:
        raise DeliveryError("it is empty; remove it")
    return [record.rstrip(b"\n") + b"\n" for record in records]


def _unwrapped(lines: Sequence[bytes]) -> Iterator[bytes]:
    """The records in Firehose's reports of errors, one a line, each with the record as base64 in `rawData`.

    https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
    """
    for line in lines:
        yield from (record for record in base64.b64decode(json.loads(line)["rawData"]).splitlines() if record.strip())
