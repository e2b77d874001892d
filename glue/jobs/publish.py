"""Publish: what is staged → a whole snapshot, and the swap of the pointer that makes it the one served.

Order: data, manifest, the snapshot's own tables in the catalog, pointer, the stable tables. A run that ends anywhere
before the swap has changed nothing that a reader sees; one that ends after it is finished by being run again.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from glue.arguments import Arguments
from glue.increments.base import refuse_if_held
from glue.job import Rows, main
from glue.snapshots import job_reports, staging
from glue.snapshots.catalog import Catalog, OpenCatalog
from glue.snapshots.job_reports import CleanReport, QualityReport, TransformReport
from glue.snapshots.manifest import Reports, manifest_of
from glue.snapshots.retention import prune
from glue.snapshots.staging import CLEAN, QUALITY, TRANSFORM, Staged
from lake import layout
from lake.errors import ConflictError, LakeError
from lake.origin import read_origin
from lake.snapshot import Manifest, Pointer, read_manifest, read_pointer, swap_pointer
from lake.storage import Storage
from lake.tables import PUBLISHED_TABLES, RAW_TABLES

_RESERVED = "reserved"
_TABLES = (*PUBLISHED_TABLES, *(layout.kept(kind) for kind in RAW_TABLES))


def run(
    arguments: Arguments,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    open_catalog: OpenCatalog = Catalog,
) -> Rows:
    """Publish what the gate let through; ConflictError if another run has published since this one began."""
    storage = arguments.storage
    catalog = open_catalog(arguments.database) if arguments.database else None
    pointer = read_pointer(storage)
    refuse_if_held(storage, pointer)
    published = _published_by(arguments.run, storage, pointer)
    if published is None:
        published = _publish(arguments, pointer, clock(), catalog)
    if catalog:
        catalog.align(storage)
    storage.delete_prefix(layout.staging(arguments.run))
    prune(storage, clock(), catalog)
    return Rows(published.rows, published.rows)


def _published_by(run: str, storage: Storage, pointer: Pointer | None) -> Manifest | None:
    """The served manifest, if it is this very run's: the job was ended after the swap, and is started again."""
    served = read_manifest(storage, pointer.snapshot) if pointer else None
    return served if served and served.run == run else None


def _publish(arguments: Arguments, pointer: Pointer | None, now: datetime, catalog: Catalog | None) -> Manifest:
    storage = arguments.storage
    reports = Reports(
        job_reports.read(arguments, CLEAN, CleanReport),
        job_reports.read(arguments, TRANSFORM, TransformReport),
        job_reports.read(arguments, QUALITY, QualityReport),
    )
    clean = reports.clean
    if (pointer.snapshot if pointer else None) != clean.built_on:
        raise ConflictError("another run published meanwhile; its snapshot stays, run glue again to build on it")
    origin = read_origin(storage)
    if origin is None:
        raise LakeError(f"{storage.url} says nowhere where its data comes from; fill it with `python -m ingest`")
    base = read_manifest(storage, clean.base) if clean.base else None

    snapshot = reserve(storage, now)
    for table in _TABLES:
        chosen = [one for one in job_reports.staged_of(reports.quality) if one.table == table]
        for source, target in list(copies(storage, clean.base, snapshot, table, chosen)):
            storage.copy(source, target)
    manifest = manifest_of(snapshot, arguments.run, origin, base, reports)
    storage.write(layout.manifest(snapshot), manifest.to_json())
    if catalog:
        catalog.register(storage, snapshot)
    swap_pointer(storage, snapshot, pointer)
    return manifest


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


def copies(
    storage: Storage, base: str | None, snapshot: str, table: str, staged: Sequence[Staged]
) -> Iterable[tuple[str, str]]:
    """Each file of a table of the new snapshot: from where it is copied, and to where.

    What this run staged, and of the base what it did not: years that nothing touched, or all of an untouched table.
    """
    target = layout.table(snapshot, table)
    for one in staged:
        for key in storage.list(f"{one.place}/"):
            year = _year_of(key, f"{one.place}/")
            if key.endswith(staging.PARQUET) and (one.years is None or year in one.years):
                yield key, target + key.removeprefix(f"{one.place}/")
    if base is None or any(one.years is None for one in staged):
        return
    source = layout.table(base, table)
    ours = staging.staged_years(staged, table)
    for key in storage.list(source):
        if _year_of(key, source) not in ours:
            yield key, target + key.removeprefix(source)


def _year_of(key: str, prefix: str) -> int | None:
    folder = key.removeprefix(prefix).split("/")[0]
    return int(folder.removeprefix("year=")) if folder.startswith("year=") else None


if __name__ == "__main__":
    main("publish", run)
