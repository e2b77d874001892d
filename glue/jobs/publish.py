"""Publish: the staged table → a whole snapshot, and the swap of the pointer that makes it the one served.

Order: data, manifest, pointer. A run that ends anywhere before the swap has changed nothing that a reader sees.
"""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from glue import staging
from glue.arguments import Arguments
from glue.job import Rows, main
from glue.report import CleanReport, QualityReport
from lake import layout
from lake.errors import ConflictError, LakeError
from lake.origin import read_origin
from lake.snapshot import Manifest, TickerManifest, read_pointer, swap_pointer
from lake.storage import Storage
from lake.tables import DAILY_PRICES
from lake.universe import universe

_RESERVED = "reserved"


def run(arguments: Arguments, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> Rows:
    """Publish what the gate let through; ConflictError if another run has published since this one began."""
    storage = arguments.storage
    clean = CleanReport(**_read_json(storage, staging.report_key(arguments.run, staging.CLEAN)))
    quality = QualityReport(**_read_json(storage, staging.report_key(arguments.run, staging.QUALITY)))
    pointer = read_pointer(storage)
    if (pointer.snapshot if pointer else None) != clean.built_on:
        raise ConflictError("another run published meanwhile; its snapshot stays, run glue again to build on it")

    snapshot = reserve(storage, clock())
    _copy_table(storage, quality.table, layout.table(snapshot, DAILY_PRICES.name))
    manifest = _manifest(snapshot, arguments, clean, quality)
    storage.write(layout.manifest(snapshot), manifest.to_json())
    swap_pointer(storage, snapshot, pointer)
    storage.delete_prefix(layout.staging(arguments.run))
    return Rows(manifest.rows, manifest.rows)


def reserve(storage: Storage, now: datetime) -> str:
    """A snapshot id that no other run has: this second's, or the next free one's."""
    while True:
        snapshot = layout.stamp(now)
        try:
            storage.write_if(layout.snapshot(snapshot) + _RESERVED, b"", None)
        except ConflictError:
            now += timedelta(seconds=1)
        else:
            return snapshot


def _copy_table(storage: Storage, source: str, target: str) -> None:
    """Copy a staged table's files, on the server."""
    for key in list(storage.list(f"{source}/")):
        if key.endswith(staging.PARQUET):
            storage.copy(key, target + key.removeprefix(f"{source}/"))


def _manifest(snapshot: str, arguments: Arguments, clean: CleanReport, quality: QualityReport) -> Manifest:
    origin = read_origin(arguments.storage)
    if origin is None:
        raise LakeError(
            f"{arguments.storage.url} says nowhere where its data comes from; fill it with `python -m ingest`"
        )
    return Manifest(
        snapshot=snapshot,
        run=arguments.run,
        origin=origin,
        rows=sum(held["sessions"] for held in quality.held.values()),
        sources=tuple(clean.sources),
        tickers={ticker: _ticker(ticker, clean, quality) for ticker in sorted(quality.held)},
        unpublished={ticker: _why_not(ticker, clean) for ticker in universe() if ticker not in quality.held},
        raw_objects=tuple(clean.raw_objects),
        quality=tuple(clean.findings + quality.findings),
    )


def _ticker(ticker: str, clean: CleanReport, quality: QualityReport) -> TickerManifest:
    held = quality.held[ticker]
    refused = {*clean.refused.get(ticker, ()), *quality.refused.get(ticker, ())}
    return TickerManifest.from_dict(
        {
            **held,
            "fetched_at": clean.fetched_at[ticker],
            "splits_seen": clean.splits_seen[ticker],
            "dividends_seen": clean.dividends_seen.get(ticker),
            "missing": quality.missing.get(ticker, []),
            "refused": sorted(refused),
        }
    )


def _why_not(ticker: str, clean: CleanReport) -> str:
    if ticker not in clean.fetched_at:
        return "no bars have come yet"
    return "its splits are not known yet" if ticker not in clean.splits_seen else "every bar of it was set aside"


def _read_json(storage: Storage, key: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(storage.read(key))
    return content


if __name__ == "__main__":
    main("publish", run)
