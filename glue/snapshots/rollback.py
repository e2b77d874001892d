"""What an operator does with published snapshots: list them, roll back to one and hold it, let runs publish again."""

from collections.abc import Iterator

from glue.increments.base import HeldError, raw_objects
from glue.snapshots.catalog import Catalog, noted_catalog
from lake import layout
from lake.errors import LakeError, NotFoundError
from lake.snapshot import Manifest, Pointer, published_at, read_manifest, read_pointer, snapshots, swap_pointer
from lake.storage import Storage

NO_CATALOG = "none"  # as GLUE_DATABASE


def listing(storage: Storage) -> Iterator[str]:
    """A line for each snapshot, newest first: id, content, and whether it is served or held."""
    pointer = read_pointer(storage)
    for snapshot in reversed(snapshots(storage)):
        manifest = read_manifest(storage, snapshot)
        broken = ", ".join(f"{found['severity']} {found['rule']}" for found in manifest.quality) or "nothing found"
        mark = _mark(pointer, snapshot)
        yield f"{snapshot}  {manifest.rows:>12,} bars to {manifest.as_of}  {mark:<6}  {broken}"


def roll_back(storage: Storage, snapshot: str, catalog: Catalog | None = None) -> list[str]:
    """Serve an older snapshot, hold it, and point the catalog's tables to it.

    LakeError if there is no such snapshot, if a run publishes meanwhile, or if the tables did not follow.
    """
    try:
        published_at(snapshot)
        manifest = read_manifest(storage, snapshot)
    except (ValueError, NotFoundError) as error:
        known = ", ".join(snapshots(storage)) or "none"
        raise LakeError(f"snapshot={snapshot} is not in {storage.url}; there are: {known}") from error
    swap_pointer(storage, snapshot, read_pointer(storage), held=True)
    if catalog:
        try:
            catalog.align(storage)
        except LakeError as error:
            raise LakeError(
                f"the API serves {snapshot}, but Athena's tables still show the snapshot before; run the same command "
                f"again: {error}"
            ) from error
    return [f"snapshot {snapshot}, to {manifest.as_of}, is served and held until `python -m glue release`"]


def catalog_of(storage: Storage, database: str | None) -> Catalog | None:
    """The catalog whose tables follow the lake's pointer: of `database`, or as the lake's last publish noted.

    `database` "none", and a folder that notes nothing: there is no catalog. LakeError where S3's lake notes nothing:
    tables that stay behind would show what was rolled back.
    """
    if database:
        return None if database == NO_CATALOG else Catalog(database)
    noted = noted_catalog(storage)
    if noted is None and storage.url.startswith("s3://"):
        raise LakeError(
            f"{storage.url} does not say which database of Glue's catalog has its tables, because no run of this "
            f"version has published to it; nothing was changed. Set GLUE_DATABASE=<database>, or "
            f"GLUE_DATABASE={NO_CATALOG} if Athena has no tables of it"
        )
    return noted


def release(storage: Storage, run: str, *, drop: bool) -> list[str]:
    """Let runs publish again. `drop`: move the raw objects that the held snapshot does not contain to quarantine."""
    pointer = read_pointer(storage)
    if pointer is None or not pointer.held:
        raise HeldError(f"{storage.url} is not held; there is nothing to release")
    since = _raw_since(storage, read_manifest(storage, pointer.snapshot)) if drop else []
    # All are copied before the first is removed, and the pointer is swapped last: wherever this is interrupted, no
    # object is lost, and the lake stays held.
    for key in since:
        storage.copy(key, layout.quarantine(run, key))
    for key in since:
        storage.delete(key)
    swap_pointer(storage, pointer.snapshot, pointer)
    dropped = f"; {len(since)} raw objects moved to {layout.quarantine(run, layout.RAW)}" if drop else ""
    return [f"runs publish again, on snapshot {pointer.snapshot}{dropped}"]


def _raw_since(storage: Storage, manifest: Manifest) -> list[str]:
    """The raw objects that came after a snapshot.

    Not those of a day that was over by then and has others now: most of them are in the snapshot.
    """
    keys = raw_objects(storage)
    contained = manifest.contained(keys)
    over = {day for day, found in manifest.raw_days.items() if not found.keys}
    return [key for key in keys if key not in contained and layout.raw_day_of(key) not in over]


def _mark(pointer: Pointer | None, snapshot: str) -> str:
    if pointer is None or pointer.snapshot != snapshot:
        return ""
    return "held" if pointer.held else "served"
