"""The API over a lake, like `python -m api`, in a process of its own. It reads the snapshot pointer twice a second.

At that rate it notices every new snapshot, so that the soak test has many changes in which to find a mixed answer.
"""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from api.app import create_app
from api.settings import read_settings
from api.store.open import open_store

_HOST, _POINTER_SECONDS = "127.0.0.1", 0.5


@dataclass(frozen=True)
class Server:
    """A running server: its URL and its process id."""

    url: str
    pid: int

    def memory_mb(self) -> float:
        """Resident memory in MB."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        match = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
        if match is None:
            raise SystemExit(f"the server (process {self.pid}) has ended")
        return int(match[1]) / 1024


@contextmanager
def serving(root: Path) -> Iterator[Server]:
    """A server over the lake at `root`, on a free port, until the context ends."""
    command, environment = [sys.executable, "-m", __name__], os.environ | {"LAKE": str(root)}
    with subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            url = process.stdout.readline().strip() if process.stdout else ""
            if not url:
                raise SystemExit("the server did not start")
            yield Server(url, process.pid)
        finally:
            process.terminate()


def main() -> None:
    """Serve `LAKE` and print the URL."""
    settings = replace(read_settings(), pointer_seconds=_POINTER_SECONDS)
    app = create_app(settings, open_store(settings), lambda: datetime.now(UTC), compress=True)
    # asyncio sets TCP_NODELAY only on sockets whose protocol is named, and small answers are sent late without it.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.bind((_HOST, 0))
        listening.listen()
        print(f"http://{_HOST}:{listening.getsockname()[1]}", flush=True)
        uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off")).run(sockets=[listening])


if __name__ == "__main__":
    main()
