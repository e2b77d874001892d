"""The snapshot that a call is answered from."""

from collections.abc import Awaitable, Callable

from api.errors import NothingPublishedError
from api.store.protocol import Snapshot, Store


def snapshots_of(store: Store) -> Callable[[], Awaitable[Snapshot]]:
    """Resolves the served snapshot once a call, so that no answer mixes two; StoreError where there is none."""

    async def snapshot() -> Snapshot:
        published = await store.current()
        if published is None:
            raise NothingPublishedError("nothing is published in this lake yet; publish a snapshot, then ask again")
        return Snapshot(published, store)

    return snapshot
