"""The pointer, its manifest and the last refusal, read from the lake's storage."""

import asyncio
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from api.errors import StoreUnavailableError
from api.store.protocol import Published, Snapshots
from lake import layout
from lake.errors import LakeError, NotFoundError, StorageError
from lake.snapshot import Manifest, read_manifest, read_pointer, snapshots
from lake.storage import Storage

_LOG = logging.getLogger(__name__)
_FAILURES = (
    OSError,
    LakeError,
    ValueError,
    RecursionError,
)  # of the disk, of the lake, and of a broken file


class PublishedReader:
    """Reads through one storage. Manifests are remembered, because that of a snapshot never changes."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self._latest: Published | None = None
        self._manifests: dict[str, Manifest] = {}
        self._forecasts: dict[str, bytes] = {}

    async def current(self) -> Published | None:
        """The snapshot that is served; None where nothing is published. StoreUnavailableError if it cannot be read."""
        try:
            return await asyncio.to_thread(self._read_current)
        except _FAILURES as error:
            raise _unavailable("the published snapshot", error) from error

    async def snapshots(self) -> Snapshots:
        """What is published and kept. StoreUnavailableError if it cannot be read."""
        try:
            return await asyncio.to_thread(self._read_snapshots)
        except _FAILURES as error:
            raise _unavailable("the snapshots", error) from error

    async def forecasts(self) -> Mapping[str, bytes]:
        """The objects of committed forecasts by key. StoreUnavailableError if they cannot be read."""
        try:
            keys = await asyncio.to_thread(lambda: list(self._storage.list(layout.FORECASTS)))
            # An object never changes, so each is read once in the life of a process.
            new = [key for key in keys if key not in self._forecasts]
            read = await asyncio.gather(*(asyncio.to_thread(self._storage.read, key) for key in new))
        except _FAILURES as error:
            raise _unavailable("the committed forecasts", error) from error
        self._forecasts |= zip(new, read, strict=True)
        return {key: self._forecasts[key] for key in keys}

    async def last_refusal(self) -> Any:
        """The JSON of the last refusal; None where there is none. StoreUnavailableError if it cannot be read."""
        try:
            return await asyncio.to_thread(self._read_refusal)
        except _FAILURES as error:
            raise _unavailable("the last refusal", error) from error

    def _read_current(self) -> Published | None:
        pointer = read_pointer(self._storage)
        if pointer is None:
            return None
        if self._latest is None or self._latest.snapshot != pointer.snapshot:
            manifest = read_manifest(self._storage, pointer.snapshot)
            self._latest = Published(pointer.snapshot, manifest, held=pointer.held)
        if self._latest.held != pointer.held:
            self._latest = replace(self._latest, held=pointer.held)
        return self._latest if self._latest.manifest.tickers else None

    def _read_snapshots(self) -> Snapshots:
        pointer = read_pointer(self._storage)
        found = ((one, self._manifests.get(one) or self._manifest_if_kept(one)) for one in snapshots(self._storage))
        self._manifests = {one: manifest for one, manifest in found if manifest}
        newest_first = tuple(self._manifests[one] for one in sorted(self._manifests, reverse=True))
        if pointer is None:
            return Snapshots(newest_first, None, held=False)
        return Snapshots(newest_first, pointer.snapshot, pointer.held)

    def _manifest_if_kept(self, snapshot: str) -> Manifest | None:
        """None where retention removed it after it was listed."""
        try:
            return read_manifest(self._storage, snapshot)
        except NotFoundError:
            return None

    def _read_refusal(self) -> Any:
        try:
            return json.loads(self._storage.read(layout.LAST_REFUSAL))
        except NotFoundError:
            return None


def _unavailable(what: str, error: Exception) -> StoreUnavailableError:
    """The error for a client: with our words, or the system's, but none of Python's or AWS's, which go to the log."""
    match error:
        case StorageError():
            _LOG.warning("%s: %s", what, error)
            reason = "its storage refuses or does not answer; ask again in half a minute, or read the service's log"
        case LakeError():
            reason = str(error)
        case OSError():
            reason = error.strerror or "the disk failed"
        case _:
            reason = "its file is damaged"
    return StoreUnavailableError(f"{what} cannot be read: {reason}")
