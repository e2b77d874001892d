"""`python -m api`: the API on this machine, over the lake that LAKE names."""

import asyncio
import contextlib
import socket
import sys
from datetime import UTC, datetime

import uvicorn
from starlette.middleware.gzip import GZipMiddleware

from api.app import create_app
from api.errors import StoreError
from api.settings import Settings, SettingsError, read_settings
from api.store.base import Store
from api.store.open import open_store
from lake.errors import LakeError

_REFUSED = 2


def main() -> int:
    """Serve until Ctrl-C. 2, after one line of why, where that cannot be."""
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
    app = create_app(settings, store, lambda: datetime.now(UTC), packs=True)
    app.add_middleware(GZipMiddleware)
    print(f"bellwether: http://{settings.host}:{settings.port} (Ctrl-C to stop)", flush=True)
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off"))
    with contextlib.suppress(KeyboardInterrupt):  # uvicorn has stopped in good order, and raises it again
        server.run(sockets=[listening])
    return 0


def _check_published(settings: Settings, store: Store) -> None:
    if asyncio.run(store.current()) is None:
        raise LakeError(f"LAKE={settings.lake}: nothing is published there yet; run the pipeline first")


def _listen(host: str, port: int) -> socket.socket:
    listening = socket.socket(proto=socket.IPPROTO_TCP)  # TCP by name: asyncio then sends small packets at once
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen()  # from here on a question waits for its answer instead of being refused
    except OSError as error:
        listening.close()
        raise OSError(f"PORT={port}: taken on {host} ({error.strerror}); choose another PORT") from error
    return listening
