"""Which snapshot answers are made from: the newest one that can be read."""

from collections.abc import Callable
from dataclasses import replace

from api.errors import StoreError
from api.store.base import Published, Store
from api.store.single_flight import Flights
from lake.snapshot import Manifest

_DISTRUST_SECONDS = 30.0  # so long nobody waits again for the data of a snapshot that could not be had


class Serving:
    """Reads the pointer of `store` at most every `seconds`; between two readings a question costs no I/O.

    When the pointer cannot be read, what was last known is served on. When a new snapshot's data cannot be had, the
    last one whose data could. Both say so in `Published.problem`.
    """

    def __init__(self, store: Store, seconds: float, clock: Callable[[], float]) -> None:
        self._store, self._seconds, self._clock = store, seconds, clock
        self._reads: Flights[str, None] = Flights()
        self._read_again_at = clock()
        self._newest: Published | None = None
        self._good: Published | None = None
        self._served: Published | None = None
        self._trouble: str | None = None
        self._distrusted: tuple[str, float, str] | None = None

    async def current(self) -> Published | None:
        """The snapshot to answer from; None where nothing is published. The same object until something changes."""
        if self._clock() >= self._read_again_at:
            await self._reads.join("pointer", self._read)
        return self._served

    def manifest_of(self, snapshot: str) -> Manifest | None:
        """What is in a snapshot that was served lately; None of others."""
        known = (self._newest, self._good)
        return next((one.manifest for one in known if one and one.snapshot == snapshot), None)

    def succeeded(self, snapshot: str) -> None:
        """The data of a snapshot was had."""
        if self._newest is not None and self._newest.snapshot == snapshot:
            self._good, self._distrusted = self._newest, None

    def failed(self, snapshot: str, error: StoreError) -> None:
        """The data of a snapshot was not had: of another one, for a while, if there is one."""
        if self._good is not None and self._good.snapshot != snapshot:
            self._distrusted = (snapshot, self._clock() + _DISTRUST_SECONDS, str(error))
            self._served = self._choose()

    async def _read(self) -> None:
        try:
            self._newest, self._trouble = await self._store.current(), None
        except StoreError as error:
            if self._newest is None:
                raise
            self._trouble = str(error)
        self._read_again_at = self._clock() + self._seconds
        self._served = self._choose()

    def _choose(self) -> Published | None:
        newest = self._newest
        if newest is not None and self._distrusted and self._good:
            snapshot, until, why = self._distrusted
            if snapshot == newest.snapshot and self._clock() < until:
                return replace(self._good, problem=why)
        return replace(newest, problem=self._trouble) if newest and self._trouble else newest
