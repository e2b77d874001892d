"""Staging as clean, transform and quality leave it, prepared without Spark for tests of publish."""

from dataclasses import asdict

from glue.increments.base import raw_objects
from glue.snapshots import job_reports, staging
from glue.snapshots.job_reports import CleanReport, QualityReport, TransformReport
from glue.snapshots.staging import Staged
from lake import layout
from lake.origin import claim_origin
from lake.snapshot import read_pointer
from lake.storage import Storage

SEEN = "2026-01-20T01:00:00.000000Z"
CURRENT_PRICES = layout.current_records("prices")
CURRENT_SPLITS = layout.current_records("splits")


def stage(storage: Storage, run: str, content: bytes, *, whole: bool = False) -> None:
    """A run that continues the served snapshot: 2026 of the prices and of their current records, and all splits.

    `whole`: a run without a base, with 2025 as well.
    """
    claim_origin(storage, "simulated")
    pointer = read_pointer(storage)
    base = None if whole or pointer is None else pointer.snapshot
    years = [2026] if base else [2025, 2026]
    staged = [_put(storage, run, table, years, content) for table in ("daily_prices", CURRENT_PRICES)]
    staged.append(_put(storage, run, CURRENT_SPLITS, None, content))
    clean = CleanReport(
        built_on=pointer.snapshot if pointer else None,
        base=base,
        raw_objects=list(raw_objects(storage)),
        heads={
            ticker: {"last": "2026-01-16", "fetched_at": SEEN, "sources": ["simulated"]} for ticker in ("AAPL", "META")
        },
        splits_seen={"AAPL": SEEN},
        dividends_seen={},
        sentiment_seen={"AAPL": SEEN},
        refused={},
        withdrawn=[],
        held=[],
        staged=[],
        findings=[],
    )
    quality = QualityReport(
        staged=[asdict(one) for one in staged],
        tables={"daily_prices": 8, "corporate_actions": 0, "daily_sentiment": 0},
        sessions={"AAPL": {"first": "2025-12-30", "last": "2026-01-16", "sessions": 8}},
        missing={"AAPL": ["2026-01-08", "2026-01-09"]},
        refused={"AAPL": ["2026-01-09", "2026-01-16"]},
        flagged={},
        findings=[],
    )
    for step, report in (
        (staging.CLEAN, clean),
        (staging.TRANSFORM, TransformReport(None, {}, [], [])),
        (staging.QUALITY, quality),
    ):
        storage.write(staging.report_key(run, step), job_reports.to_json(report))


def _put(storage: Storage, run: str, table: str, years: list[int] | None, content: bytes) -> Staged:
    place = staging.key(run, staging.TRANSFORM, table)
    for folder in [""] if years is None else [f"year={year}/" for year in years]:
        storage.write(f"{place}/{folder}part-{run}.snappy.parquet", content)
    return Staged(table, place, years)
