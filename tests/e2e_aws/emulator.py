"""Runs ministack, an emulator of AWS, on loopback, with IAM enforced."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MINISTACK = ROOT / ".venv-emulator" / "bin" / "ministack"
HOST = "127.0.0.1"
REGION, ACCOUNT = "us-east-1", "000000000000"
ADMINISTRATOR = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
_READY_SECONDS = 30
_END_SECONDS = 10


@dataclass(frozen=True)
class Emulator:
    """Its URL, and the folder of its log and files."""

    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        """The environment of an AWS client that reaches this emulator alone, as its administrator."""
        return {**ADMINISTRATOR, "AWS_ENDPOINT_URL": self.url, "AWS_EC2_METADATA_DISABLED": "true"}

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")


def free_port() -> int:
    """A port of loopback that is free at the moment."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def emulator(athena_url: str) -> Iterator[Emulator]:
    """An empty account. Its functions use the Athena at `athena_url`: the emulator's own has no query parameters."""
    folder = Path(tempfile.mkdtemp(prefix="bellwether-e2e-"))
    running = Emulator(f"http://{HOST}:{free_port()}", folder)
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [str(MINISTACK)],
            cwd=folder,
            env=_environment(running, athena_url),
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # its functions are processes of its group, and end with it
        )
    try:
        _wait_until_ready(running, process)
        yield running
    finally:
        _end(process)
        shutil.rmtree(folder, ignore_errors=True)


def _environment(running: Emulator, athena_url: str) -> dict[str, str]:
    """An environment without this one's variables: a function must not find here what its zip lacks."""
    return {
        **running.environment,
        "PATH": os.defpath,
        "HOME": str(running.folder),
        "TMPDIR": str(running.folder),
        "AUTH": "true",
        "AWS_ENDPOINT_URL_ATHENA": athena_url,
        "BIND_HOST": HOST,
        "GATEWAY_PORT": running.url.rpartition(":")[2],
        "IOT_MTLS_ENABLED": "0",
        "LAMBDA_EXECUTOR": "local",
        "MINISTACK_HOST": "localhost",
        "PERSIST_STATE": "0",
    }


def _wait_until_ready(running: Emulator, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + _READY_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{running.url}/_ministack/ready", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.1)
    raise RuntimeError(f"the emulator did not start in {_READY_SECONDS} s:\n{running.log[-2000:]}")


def _end(process: subprocess.Popen[bytes]) -> None:
    """Terminate the whole group, and kill it if that takes too long."""
    for signal_ in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, signal_)
            process.wait(_END_SECONDS)
        except ProcessLookupError:
            break
        except subprocess.TimeoutExpired:
            continue
    process.wait()
