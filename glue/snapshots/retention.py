"""Old snapshots: which are kept, and the removal of the others."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Protocol

from lake import layout
from lake.snapshot import is_snapshot, published_at, read_pointer, snapshots
from lake.storage import Storage

KEPT = 5
YOUNG = timedelta(days=1)  # a reader may still be in one that was replaced, and a run at work on one not yet served


class Registered(Protocol):
    """Where a snapshot's tables are registered under its own name."""

    def drop(self, snapshot: str) -> None:
        """Forget the snapshot's tables."""


def prune(storage: Storage, now: datetime, catalog: Registered | None = None) -> list[str]:
    """Remove the snapshots that are too old to go back to, and what killed runs reserved. Gives back which."""
    pointer = read_pointer(storage)
    started = {key.removeprefix(layout.PUBLISHED).split("/")[0] for key in storage.list(layout.PUBLISHED)}
    gone = to_remove(filter(is_snapshot, started), snapshots(storage), pointer.snapshot if pointer else None, now)
    for snapshot in gone:
        if catalog:
            catalog.drop(snapshot)
        storage.delete(layout.manifest(snapshot))  # first, so that what is half removed is no snapshot
        storage.delete_prefix(layout.snapshot(snapshot))
    return gone


def to_remove(started: Iterable[str], whole: Iterable[str], served: str | None, now: datetime) -> list[str]:
    """Of all that was started: all but the last few whole ones, the served one, and what is younger than a day."""
    last = sorted(whole)[-KEPT:]
    return sorted(one for one in started if one not in {*last, served} and now - published_at(one) > YOUNG)
