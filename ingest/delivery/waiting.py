"""Which of the vendor's answers lie in raw/ and wait to be published: a killed run, or one that was not published.

A run that plans without them would spend the day's requests on them once more.
"""

import gzip
import json
import zlib
from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime
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
    seen: dict[tuple[str, str], dict[str, str]] = {}
    for kind, record in _records(storage, _consumed(manifest, tickers)):
        ticker, fetched = record.get("ticker"), record.get("fetched_at")
        if record.get("source") != source or ticker not in tickers or not _is_moment(fetched):
            continue
        of_kind = seen.setdefault((str(ticker), kind), {})
        day = str(record.get("date", ""))
        of_kind[day] = max(of_kind.get(day, ""), str(fetched))  # written alike, to the microsecond: they sort as text
    return {ticker: _of_ticker(ticker, seen) for ticker in tickers if any(name == ticker for name, _ in seen)}


def _consumed(manifest: Manifest | None, tickers: Collection[str]) -> Collection[str]:
    """The raw objects of which everything is published."""
    if manifest is None:
        return ()
    # The bars of a ticker without known splits are merged into a snapshot and not published: they are read here again.
    if any(ticker in manifest.unpublished and ticker not in manifest.tickers for ticker in tickers):
        return ()
    return frozenset(manifest.raw_objects)


def _records(storage: Storage, consumed: Collection[str]) -> Iterator[tuple[RawKind, Mapping[str, Any]]]:
    """Each record with its kind. What cannot be read is skipped: it counts as not delivered, and glue reports it."""
    for kind in layout.RAW_KINDS:
        for key in storage.list(f"{layout.RAW}{kind}/"):
            if key in consumed:
                continue
            for line in _decompressed(storage.read(key)).splitlines():
                try:
                    record = json.loads(line)
                except (ValueError, RecursionError):
                    continue
                if isinstance(record, dict):
                    yield kind, record


def _decompressed(data: bytes) -> bytes:
    """The content, decompressed where Firehose compressed it; nothing where it is corrupt."""
    try:
        return gzip.decompress(data) if data.startswith(_GZIP) else data
    except (OSError, EOFError, zlib.error):
        return b""


def _of_ticker(ticker: str, seen: Mapping[tuple[str, str], Mapping[str, str]]) -> DeliveredTicker:
    newest = {kind: max(seen[ticker, kind].values()) for kind in layout.RAW_KINDS if (ticker, kind) in seen}
    bars = {day: at for text, at in seen.get((ticker, "prices"), {}).items() if (day := _session(text))}
    return DeliveredTicker(bars, newest.get("splits"), newest.get("dividends"), newest.get("sentiment"))


def _session(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if calendar.is_session(day) else None


def _is_moment(text: object) -> bool:
    try:
        return datetime.fromisoformat(str(text)).tzinfo is not None
    except ValueError:
        return False
