"""`python -m api`: the API on this machine, over the lake that LAKE names."""

import asyncio
import contextlib
import gc
import socket
import sys
from datetime import UTC, datetime

import uvicorn

from api.app import create_app
from api.errors import StoreError
from api.memory import return_freed_memory
from api.settings import Settings, SettingsError, read_settings
from api.store.open import open_store
from api.store.protocol import Store
from lake.errors import LakeError

_REFUSED = 2


def main() -> int:
    """Serve until Ctrl-C. Exit status 2, after one line that says why, where that is impossible."""
    return_freed_memory()
    try:
        settings = read_settings()
        store = open_store(settings)
        _check_published(settings, store)
        listening = _listen(settings.host, settings.port)
    except (SettingsError, LakeError, StoreError, OSError) as error:
        print(f"bellwether: {error}", file=sys.stderr)
        return _REFUSED
    return _serve(settings, store, listening)


def _serve(settings: Settings, store: Store, listening: socket.socket) -> int:
    app = create_app(settings, store, lambda: datetime.now(UTC), compress=True)
    # What the imports made stays. A full collection would look through all of it, 80 ms in which nothing else runs.
    gc.freeze()
    print(f"bellwether: http://{settings.host}:{settings.port} (Ctrl-C to stop)", flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    with contextlib.suppress(KeyboardInterrupt):  # which uvicorn raises again after it has stopped
        server.run(sockets=[listening])
    gc.unfreeze()  # or DuckDB reports at the end of Python what was never collected
    return 0


def _check_published(settings: Settings, store: Store) -> None:
    if asyncio.run(store.current()) is None:
        raise LakeError(f"LAKE={settings.lake}: nothing is published there yet; run the pipeline first")


def _listen(host: str, port: int) -> socket.socket:
    # With the protocol named asyncio sets TCP_NODELAY: small answers are then sent at once.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # from here on clients wait for the server to start instead of being refused
    except OSError as error:
        listening.close()
        raise OSError(f"PORT={port}: taken on {host} ({error.strerror}); choose another PORT") from error
    return listening
