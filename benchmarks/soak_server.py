"""`python -m api` over a lake, as `make run` starts it, and what it takes of the machine."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Server:
    """A running server: its address, and its process."""

    url: str
    pid: int

    def memory_mb(self) -> float:
        """Resident memory."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
        if found is None:
            raise SystemExit(f"the server (process {self.pid}) has ended")
        return int(found[1]) / 1024


@contextmanager
def serving(root: Path) -> Iterator[Server]:
    """A server over the lake at `root`, on a free port, until the context ends."""
    port = free_port()
    environment = os.environ | {"LAKE": str(root), "PORT": str(port)}
    with subprocess.Popen([sys.executable, "-m", "api"], env=environment, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if "http://" not in line:
                raise SystemExit(f"the server did not start: {line}")
            yield Server(f"http://127.0.0.1:{port}", process.pid)
        finally:
            process.terminate()


def free_port() -> int:
    """One that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number
