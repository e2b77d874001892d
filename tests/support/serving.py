"""The API served over HTTP by a thread of this process."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from api.store.duckdb import DuckDBStore
from tests.support.client import Client


@contextmanager
def serving_app(root: Path) -> Iterator[str]:
    """The address of a server over the folder lake at `root`, for as long as the context lasts."""
    store = DuckDBStore(root)
    server = uvicorn.Server(uvicorn.Config(Client.of(store)._app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        (listening,) = server.servers[0].sockets
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()
        store.close()
