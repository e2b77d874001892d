"""`python -m api.mcp` over the lake that LAKE names. Standard output is the protocol's alone."""

import asyncio
import sys

from mcp.server.stdio import stdio_server

from api.errors import StoreError
from api.mcp.server import create_server
from api.mcp.snapshots import snapshots_of
from api.settings import Settings, SettingsError, read_settings
from api.store.open import open_store
from api.store.protocol import Store
from api.store.snapshot_cache import SnapshotCache
from lake.errors import LakeError

_REFUSED = 2


def main() -> int:
    """Serve until the client closes standard input. Exit status 2, after one line that says why, if it cannot."""
    try:
        settings = read_settings()
        store = open_store(settings)
    except (SettingsError, LakeError, StoreError, OSError) as error:
        print(f"bellwether: {error}", file=sys.stderr)
        return _REFUSED
    asyncio.run(_serve(settings, store))
    return 0


async def _serve(settings: Settings, store: Store) -> None:
    cache = SnapshotCache(store, int(settings.cache_mb * 2**20), settings.pointer_seconds)
    server = create_server(snapshots_of(cache))
    async with stdio_server() as (received, sent):
        await server.run(received, sent, server.create_initialization_options())
