"""Publish: staged tables → a complete snapshot, and the swap of the pointer, which commits it.

Order: data, manifest, the snapshot's own tables in the catalog, pointer, the stable tables. A run that ends anywhere
before the swap has changed nothing that a reader sees. One that ends after it is completed by running it again.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta

from glue.arguments import Arguments
from glue.increments.base import refuse_if_held
from glue.job import RowCounts, main
from glue.snapshots import job_reports, staging
from glue.snapshots.catalog import Catalog, OpenCatalog
from glue.snapshots.job_reports import CleanReport, QualityReport, TransformReport
from glue.snapshots.manifest import Reports, manifest_of
from glue.snapshots.retention import prune
from glue.snapshots.staging import CLEAN, QUALITY, TRANSFORM, Staged
from lake import layout
from lake.errors import ConflictError, LakeError
from lake.origin import Origin, read_origin
from lake.snapshot import Manifest, Pointer, read_manifest, read_pointer, swap_pointer
from lake.storage import Storage
from lake.tables import PUBLISHED_TABLES, RAW_TABLES

_RESERVED = "reserved"
_TABLES = (*PUBLISHED_TABLES, *(layout.current_records(kind) for kind in RAW_TABLES))


def run(
    arguments: Arguments,
    clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    open_catalog: OpenCatalog = Catalog,
) -> RowCounts:
    """Publish what the gate let through; ConflictError if another run has published since this one began."""
    storage = arguments.storage
    catalog = open_catalog(arguments.database) if arguments.database else None
    pointer = read_pointer(storage)
    refuse_if_held(storage, pointer)

    published = _already_published(arguments.run, storage, pointer)
    if published is None:
        published = _publish(arguments, pointer, clock(), catalog)

    if catalog:
        catalog.align(storage)
    storage.delete_prefix(layout.staging(arguments.run))
    prune(storage, clock(), catalog)
    return RowCounts(published.rows, published.rows)


def _already_published(run: str, storage: Storage, pointer: Pointer | None) -> Manifest | None:
    """The served manifest, if it is of this run: Glue repeats a job that was killed after the swap."""
    served = read_manifest(storage, pointer.snapshot) if pointer else None
    return served if served and served.run == run else None


def _publish(arguments: Arguments, pointer: Pointer | None, now: datetime, catalog: Catalog | None) -> Manifest:
    storage = arguments.storage
    reports = Reports(
        job_reports.read(arguments, CLEAN, CleanReport),
        job_reports.read(arguments, TRANSFORM, TransformReport),
        job_reports.read(arguments, QUALITY, QualityReport),
    )
    _refuse_if_overtaken(pointer, reports.clean)
    origin = _origin_of(storage)
    base = read_manifest(storage, reports.clean.base) if reports.clean.base else None

    snapshot = reserve(storage, now)
    _copy_tables(storage, reports, snapshot)
    manifest = manifest_of(snapshot, arguments.run, origin, base, reports)
    storage.write(layout.manifest(snapshot), manifest.to_json())
    if catalog:
        catalog.register(storage, snapshot)
    # The commit. It fails if the pointer is not the one that was read at the start: another run has published.
    swap_pointer(storage, snapshot, pointer)
    return manifest


def _refuse_if_overtaken(pointer: Pointer | None, clean: CleanReport) -> None:
    if (pointer.snapshot if pointer else None) != clean.built_on:
        raise ConflictError("another run published meanwhile; its snapshot stays, run glue again to build on it")


def _origin_of(storage: Storage) -> Origin:
    origin = read_origin(storage)
    if origin is None:
        raise LakeError(f"{storage.url} says nowhere where its data comes from; fill it with `python -m ingest`")
    return origin


def reserve(storage: Storage, now: datetime) -> str:
    """A snapshot id that no other run has: of this second, or of the next free one."""
    # Ids have seconds, and two runs may publish in the same one: the conditional write lets one of them have it.
    while True:
        snapshot = layout.stamp(now)
        try:
            storage.write_if(layout.snapshot(snapshot) + _RESERVED, b"", None)
        except ConflictError:
            now += timedelta(seconds=1)
        else:
            return snapshot


def _copy_tables(storage: Storage, reports: Reports, snapshot: str) -> None:
    # A snapshot has copies of the unchanged years, not references to older snapshots: then retention may remove any
    # other snapshot, and Athena's tables need one location. Copies are made on the server; in a folder they are hard
    # links.
    for table in _TABLES:
        staged = [one for one in job_reports.staged_of(reports.quality) if one.table == table]
        for source, target in copies(storage, reports.clean.base, snapshot, table, staged):
            storage.copy(source, target)


def copies(
    storage: Storage, base: str | None, snapshot: str, table: str, staged: Sequence[Staged]
) -> Iterable[tuple[str, str]]:
    """Source and target of each file of a table of the new snapshot.

    The staged files, and those of the base that the run did not replace: unchanged years, or all of an unchanged table.
    """
    target = layout.table(snapshot, table)
    for one in staged:
        for key in storage.list(f"{one.place}/"):
            year = layout.year_of(key, f"{one.place}/")
            if key.endswith(staging.PARQUET) and (one.years is None or year in one.years):
                yield key, target + key.removeprefix(f"{one.place}/")
    if base is None or any(one.years is None for one in staged):
        return
    source = layout.table(base, table)
    replaced = staging.staged_years(staged, table)
    for key in storage.list(source):
        if key.endswith(staging.PARQUET) and layout.year_of(key, source) not in replaced:
            yield key, target + key.removeprefix(source)


if __name__ == "__main__":
    main("publish", run)
