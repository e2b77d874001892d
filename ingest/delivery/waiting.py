"""Which of the vendor's answers lie in raw/ and wait to be published: a killed run, or one that was not published.

A run that plans without them would spend the day's requests on them once more.
"""

import gzip
import json
import sys
import zlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any

from ingest.plan.known import DeliveredTicker
from lake import calendar, layout
from lake.layout import RawKind
from lake.snapshot import Manifest
from lake.storage import Storage

_GZIP = b"\x1f\x8b"


def read_waiting(
    storage: Storage, manifest: Manifest | None, source: str, tickers: Collection[str]
) -> dict[str, DeliveredTicker]:
    """By ticker what `source` has answered and the snapshot does not contain. Tickers without any are left out."""
    found = {ticker: _Times() for ticker in tickers}
    keys = tuple(filter(layout.is_raw_object, storage.list(layout.RAW))) if manifest else ()
    consumed, merged_only = manifest.contained(keys) if manifest else set(), _merged_only(manifest, tickers)
    for key, kind, record in _records(storage, () if merged_only else consumed):
        ticker, fetched = str(record.get("ticker")), str(record.get("fetched_at"))
        times = None if key in consumed and ticker not in merged_only else found.get(ticker)
        if times is None or record.get("source") != source or not _is_moment(fetched):
            continue
        if kind != "prices":
            times.newest[kind] = max(times.newest.get(kind, ""), fetched)
        elif day := _session(str(record.get("date"))):
            times.bars[day] = max(times.bars.get(day, ""), sys.intern(fetched))
    return {ticker: times.delivered for ticker, times in found.items() if times.bars or times.newest}


@dataclass(frozen=True)
class _Times:
    """When a ticker's bars and other answers were last fetched. All are written alike, so that they sort as text."""

    bars: dict[date, str] = field(default_factory=dict)
    newest: dict[RawKind, str] = field(default_factory=dict)

    @property
    def delivered(self) -> DeliveredTicker:
        newest = self.newest
        return DeliveredTicker(self.bars, newest.get("splits"), newest.get("dividends"), newest.get("sentiment"))


def _merged_only(manifest: Manifest | None, tickers: Collection[str]) -> Collection[str]:
    """The tickers whose bars a snapshot has merged and not published, because their splits are unknown.

    What was delivered of them waits still. What was delivered of a ticker that is held back does not: it is requested
    again, because the next answer may be the right one.
    """
    if manifest is None:
        return ()
    return {ticker for ticker in tickers if ticker in manifest.unpublished and ticker not in manifest.tickers}


def _records(storage: Storage, skipped: Collection[str]) -> Iterator[tuple[str, RawKind, Mapping[str, Any]]]:
    """Each record with its key and kind. What cannot be read counts as not delivered, and glue reports it."""
    for kind in layout.RAW_KINDS:
        for key in storage.list(f"{layout.RAW}{kind}/"):
            if key in skipped:
                continue
            for line in _decompressed(storage.read(key)).splitlines():
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                if isinstance(record, dict):
                    yield key, kind, record


def _decompressed(data: bytes) -> bytes:
    """The content, decompressed where Firehose compressed it; nothing where it is corrupt."""
    try:
        return gzip.decompress(data) if data.startswith(_GZIP) else data
    except (OSError, EOFError, zlib.error):
        return b""


# Cached, because a lake of 500 tickers has the same 5,000 days 500 times.
@cache
def _session(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if calendar.is_session(day) else None


@cache
def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False
