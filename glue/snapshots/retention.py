"""Which snapshots are kept, and the removal of the others."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from lake import layout
from lake.snapshot import is_snapshot, published_at, read_pointer, snapshots
from lake.storage import Storage

# A trading week of daily runs to roll back to. Each snapshot on S3 is a full copy of the tables.
KEPT_SNAPSHOTS = 5
# A reader may still use a snapshot that was replaced, and a run may still write one that is not served yet.
MIN_AGE = timedelta(days=1)


class Droppable(Protocol):
    """A catalog in which the tables of snapshots are registered."""

    def drop(self, snapshot: str) -> None:
        """Remove the snapshot's tables."""


def prune(storage: Storage, now: datetime, catalog: Droppable | None = None) -> list[str]:
    """Remove old snapshots, and the ids that killed runs reserved. Gives back which."""
    pointer = read_pointer(storage)
    started = {key.removeprefix(layout.PUBLISHED).split("/")[0] for key in storage.list(layout.PUBLISHED)}
    gone = to_remove(filter(is_snapshot, started), snapshots(storage), pointer.snapshot if pointer else None, now)
    for snapshot in gone:
        if catalog:
            catalog.drop(snapshot)
        storage.delete(layout.manifest(snapshot))  # first: without a manifest a half-removed folder is no snapshot
        storage.delete_prefix(layout.snapshot(snapshot))
    return gone


def to_remove(started: Iterable[str], complete: Iterable[str], served: str | None, now: datetime) -> list[str]:
    """All that was started, but not the last few complete ones, the served one, or one younger than a day."""
    last = sorted(complete)[-KEPT_SNAPSHOTS:]
    return sorted(one for one in started if one not in {*last, served} and now - published_at(one) > MIN_AGE)
