"""What a reader of a lake gets: the old snapshot or the new one, and always a whole one."""

from datetime import UTC, datetime
from pathlib import Path

from glue.arguments import Arguments
from glue.jobs import publish
from lake import layout
from lake.snapshot import current_manifest
from lake.storage import FolderStorage, Storage

OLD, NEW = b"old", b"new"  # what stands in the files of either run
FIRST_RUN, SECOND_RUN = "20260120T010000Z", "20260120T020000Z"
NOW = datetime(2026, 1, 20, 2, 30, tzinfo=UTC)


def served(root: Path) -> bytes:
    """What the newest year holds in the snapshot that is served; every table of it must have its files."""
    storage = FolderStorage(root)
    manifest = current_manifest(storage)
    assert manifest is not None
    prefix = layout.snapshot(manifest.snapshot)
    files = {key.removeprefix(prefix): storage.read(key) for key in storage.list(prefix) if key.endswith(".parquet")}
    tables = {key.split("/")[0] for key in files}
    assert {name for name, rows in manifest.tables.items() if rows} <= tables
    newest = {data for key, data in files.items() if "year=2026" in key}
    assert len(newest) == 1, "the newest year is of one run, in every table"
    return newest.pop()


def publish_second(storage: Storage, now: datetime = NOW) -> object:
    """The last job of the second run."""
    return publish.run(Arguments(storage, SECOND_RUN), lambda: now)
