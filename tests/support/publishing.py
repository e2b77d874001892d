"""The workflow of glue in this process, in the one Spark session that all tests share, and what it has published."""

from pathlib import Path
from typing import Any

import duckdb

from glue.arguments import Arguments
from glue.job import perform
from glue.workflow import STEPS
from lake import layout
from lake.snapshot import Manifest, current_manifest
from lake.storage import FolderStorage
from tests.support.spark import tiny_session


def publish(lake: Path, run: str) -> Manifest:
    """Run the four jobs as `run`; the manifest that is then served."""
    tiny_session()  # the jobs speak of columns, and those want a session
    storage = FolderStorage(lake)
    for name, job in STEPS.items():
        perform(name, job, Arguments(storage, run))
    manifest = current_manifest(storage)
    assert manifest is not None
    return manifest


def served(lake: Path) -> list[tuple[Any, ...]]:
    """Every row of `daily_prices` that is served, in its order."""
    manifest = current_manifest(FolderStorage(lake))
    assert manifest is not None
    files = str(lake / layout.table(manifest.snapshot, "daily_prices") / "year=*" / "*.parquet")
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM read_parquet(?) ORDER BY ticker, date", [files]).fetchall()
