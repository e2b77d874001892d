"""`python -m api` as a person runs it."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@contextmanager
def running(lake: Path | str, port: int | str, **variables: str) -> Iterator[subprocess.Popen[str]]:
    """The process, its output in pipes; gone at the end."""
    environment = os.environ | {"LAKE": str(lake), "PORT": str(port)} | variables
    command = [sys.executable, "-m", "api"]
    with subprocess.Popen(
        command, cwd=REPOSITORY, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def port() -> int:
    """One that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        number: int = free.getsockname()[1]
        return number


def test_it_serves_and_ctrl_c_is_quiet(root: Path, port: int) -> None:
    with running(root, port) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"bellwether: http://127.0.0.1:{port} (Ctrl-C to stop)\n"
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as response:
            assert response.status == 200
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=10)
    assert (process.returncode, rest) == (0, ("", ""))


@pytest.mark.parametrize(("variables", "host"), [({}, "127.0.0.1"), ({"HOST": "127.0.0.2"}, "127.0.0.2")])
def test_it_listens_on_host_and_nowhere_else(root: Path, port: int, variables: dict[str, str], host: str) -> None:
    """The default is this machine alone; a container needs HOST=0.0.0.0, or nothing outside it could connect."""
    other = {"127.0.0.1": "127.0.0.2", "127.0.0.2": "127.0.0.1"}[host]
    with running(root, port, **variables) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == f"bellwether: http://{host}:{port} (Ctrl-C to stop)\n"
        socket.create_connection((host, port), timeout=10).close()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((other, port), timeout=10)


@pytest.mark.parametrize(
    ("lake", "words"),
    [("", "nothing is published there yet"), ("gs://bucket", "a lake is a folder or s3://bucket/prefix")],
)
def test_a_lake_that_cannot_be_served_is_one_line_and_2(tmp_path: Path, port: int, lake: str, words: str) -> None:
    with running(lake or tmp_path, port) as process:
        out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    assert words in err


def test_a_taken_port_is_one_line_and_2(root: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        number = taken.getsockname()[1]
        with running(root, number) as process:
            out, err = process.communicate(timeout=10)
    assert (process.returncode, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"bellwether: PORT={number}: taken on 127.0.0.1")


def test_an_answer_on_an_open_connection_does_not_wait_for_an_acknowledgement(root: Path, port: int) -> None:
    """Head and body go out as two packets; with Nagle's algorithm the second waits 40 ms on a connection kept open."""
    with running(root, port) as process, contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=10)) as kept:
        assert process.stdout is not None
        process.stdout.readline()
        seconds = []
        for _ in range(8):
            began = time.perf_counter()
            kept.request("GET", "/limits")
            kept.getresponse().read()
            seconds.append(time.perf_counter() - began)
    assert min(seconds[2:]) < 0.03
