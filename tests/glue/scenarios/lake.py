"""One lake that five runs publish, in which the scenarios of this folder have tickers of their own.

A run takes the same time whatever it reads, so the tests of increments, frozen tickers and the workflow share these.
"""

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb

from api.store.duckdb import DuckDBStore
from glue.arguments import Arguments
from glue.increments.base import read_base_snapshot
from glue.jobs import clean, publish, quality, transform
from lake import layout
from lake.origin import claim_origin
from lake.snapshot import Manifest, current_manifest, published_at
from lake.storage import FolderStorage
from tests.glue.scenarios import frozen, increments, malformed, restated
from tests.support.client import Client

RUNS = tuple(f"20260206T0{hour}0000Z" for hour in range(1, 6))
REBUILD = "20260206T033000Z"
KILLED = "20260204T230000Z"  # so long ago that the run after it removes what it left


@dataclass(frozen=True)
class FiveRuns:
    """What five runs, a killed one before the second, and a rebuild after the third leave; every snapshot is there.

    `after_killed`: the snapshot that is served after the killed run. `interrupted`: a copy of the lake at that moment.
    `new_objects`: before the second run's deliveries, and before and after a delivery for the third run.
    `answers`: after the first run, after the rebuild, and after the fourth run `/health` and `/compare` of NVDA.
    """

    storage: FolderStorage
    manifests: list[Manifest]
    rebuilt: Manifest
    after_killed: Manifest
    interrupted: FolderStorage
    new_objects: list[int]
    answers: list[tuple[dict[str, Any], dict[str, Any]]]


def run_jobs(storage: FolderStorage, run: str, *, rebuild: bool = False) -> Manifest:
    """The four jobs as `run`; the manifest that is then served."""
    arguments = Arguments(storage, run, rebuild=rebuild)
    for job in (clean.run, transform.run, quality.run):
        job(arguments)
    publish.run(arguments, lambda: published_at(run))  # so no snapshot becomes old enough to be removed
    manifest = current_manifest(storage)
    assert manifest is not None
    return manifest


def five_runs(root: Path) -> FiveRuns:
    storage, feed = FolderStorage(root / "lake"), root / "feed"
    claim_origin(storage, "recorded")
    new_objects, manifests, answers = [], [], []

    def count_new() -> None:
        new_objects.append(len(read_base_snapshot(Arguments(storage, RUNS[-1])).new_objects))

    def deliver_before(run: int) -> None:
        increments.deliver_before(run, storage)
        restated.deliver_before(run, root / "lake", feed, published_at(RUNS[run - 1]) - timedelta(minutes=10))
        if run > 1:
            frozen.DELIVERIES[run - 2](storage)

    malformed.deliver_malformed(storage)
    malformed.deliver_jump(storage)
    deliver_before(1)
    manifests.append(run_jobs(storage, RUNS[0]))
    answers.append(ask(root / "lake"))
    count_new()

    malformed.deliver_split(storage)
    deliver_before(2)
    for job in (clean.run, transform.run):
        job(Arguments(storage, KILLED))
    after_killed = current_manifest(storage)
    assert after_killed is not None
    interrupted = FolderStorage(shutil.copytree(root / "lake", root / "interrupted"))
    manifests.append(run_jobs(storage, RUNS[1]))

    count_new()
    malformed.deliver_again(storage)
    count_new()
    deliver_before(3)
    manifests.append(run_jobs(storage, RUNS[2]))
    rebuilt = run_jobs(storage, REBUILD, rebuild=True)
    answers.append(ask(root / "lake"))

    deliver_before(4)
    manifests.append(run_jobs(storage, RUNS[3]))
    answers.append(ask(root / "lake"))
    deliver_before(5)
    manifests.append(run_jobs(storage, RUNS[4]))
    return FiveRuns(storage, manifests, rebuilt, after_killed, interrupted, new_objects, answers)


def ask(lake: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """`/health` and `/compare` of the scenario of a restated feed."""
    store = DuckDBStore(lake)
    try:
        client = Client.of(store, published_at(RUNS[-1]))
        return client.json("/health"), client.json("/compare", tickers="NVDA,AMZN", range="10d")
    finally:
        store.close()


def rows(
    storage: FolderStorage, manifest: Manifest, table: str = "daily_prices", tickers: Collection[str] = ()
) -> list[dict[str, Any]]:
    """The rows of a table of the snapshot by ticker and date, of these tickers or of all."""
    files = f"{storage.url}/{layout.table(manifest.snapshot, table)}*/*.parquet"
    with duckdb.connect() as connection:
        found = connection.read_parquet(files)
        # Of kept records the order of the columns depends on how they came together.
        names = ["ticker", "date", *sorted({*found.columns} - {"ticker", "date"})]
        ordered = found.select(*names).order(", ".join(names))
        listed = [dict(zip(names, row, strict=True)) for row in ordered.fetchall()]
    return [row for row in listed if not tickers or row["ticker"] in tickers]


def only(manifest: Manifest, tickers: Sequence[str]) -> Manifest:
    """What the manifest says of these tickers."""
    return replace(
        manifest,
        tickers={one: entry for one, entry in manifest.tickers.items() if one in tickers},
        withdrawn=tuple(one for one in manifest.withdrawn if one["ticker"] in tickers),
        held=tuple(one for one in manifest.held if one["ticker"] in tickers),
        frozen={one: entry for one, entry in manifest.frozen.items() if one in tickers},
        flagged={one: days for one, days in manifest.flagged.items() if one in tickers},
    )
