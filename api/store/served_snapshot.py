"""Which snapshot answers are made from: the newest one that can be read."""

from collections.abc import Callable
from dataclasses import replace

from api.errors import StoreError
from api.store.protocol import Published, Store
from api.store.single_flight import SingleFlight
from lake.snapshot import Manifest

# How long a snapshot whose data could not be read is passed over. Without it every question would first wait for the
# query engine's deadline, 20 seconds.
_PASS_OVER_SECONDS = 30.0


class ServedSnapshot:
    """Reads the pointer of `store` at most every `seconds`; between two readings a question costs no I/O.

    While the pointer cannot be read, the last known snapshot stays served. While the data of a new snapshot cannot be
    read, the last one whose data could is served. `Published.problem` says so in both cases.
    """

    def __init__(self, store: Store, seconds: float, clock: Callable[[], float]) -> None:
        self._store, self._seconds, self._clock = store, seconds, clock
        self._reads: SingleFlight[str, None] = SingleFlight()
        self._read_again_at = clock()
        self._newest: Published | None = None
        self._last_readable: Published | None = None
        self._served: Published | None = None
        self._pointer_problem: str | None = None
        self._unreadable: tuple[str, float, str] | None = None  # snapshot, until when, why

    async def current(self) -> Published | None:
        """The snapshot to answer from; None where nothing is published. The same object until something changes."""
        if self._clock() >= self._read_again_at:
            await self._reads.run("pointer", self._read_pointer)
        return self._served

    def manifest_of(self, snapshot: str) -> Manifest | None:
        """The manifest of the newest or the last readable snapshot; None for any other."""
        known = (self._newest, self._last_readable)
        return next((one.manifest for one in known if one and one.snapshot == snapshot), None)

    def mark_readable(self, snapshot: str) -> None:
        """The data of a snapshot was read."""
        if self._newest is not None and self._newest.snapshot == snapshot:
            self._last_readable, self._unreadable = self._newest, None

    def mark_unreadable(self, snapshot: str, error: StoreError) -> None:
        """The data of a snapshot could not be read: serve the last readable one for a while, if there is another."""
        if self._last_readable is not None and self._last_readable.snapshot != snapshot:
            self._unreadable = (snapshot, self._clock() + _PASS_OVER_SECONDS, str(error))
            self._served = self._choose()

    async def _read_pointer(self) -> None:
        try:
            self._newest, self._pointer_problem = await self._store.current(), None
        except StoreError as error:
            if self._newest is None:
                raise  # nothing to fall back on
            self._pointer_problem = str(error)
        self._read_again_at = self._clock() + self._seconds
        self._served = self._choose()

    def _choose(self) -> Published | None:
        newest = self._newest
        if newest is not None and self._unreadable and self._last_readable:
            snapshot, until, why = self._unreadable
            if snapshot == newest.snapshot and self._clock() < until:
                return replace(self._last_readable, problem=why)
        return replace(newest, problem=self._pointer_problem) if newest and self._pointer_problem else newest
