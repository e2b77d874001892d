"""Which Python the set-up takes, and what `make run` says before it does anything."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tools.run import port_fault

ROOT = Path(__file__).parent.parent.parent
SUPPORTED = ("3.11", "3.12", "3.13")


def make_run(python: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", "run", f"PYTHON={python}"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"]},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


def chosen(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """What `tools/setup.sh python` chooses in that environment."""
    command = ["/bin/sh", str(ROOT / "tools/setup.sh"), "python"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=30, check=False)


def pythons() -> Iterator[str]:
    """Every Python of this machine, one of each version: on PATH by name, and those that pyenv and uv keep."""
    named = (shutil.which(f"python3{minor}") for minor in ("", *(f".{minor}" for minor in range(8, 16))))
    kept = (Path.home() / place for place in (".pyenv/versions", ".local/share/uv/python"))
    hidden = (str(python) for folder in kept for python in sorted(folder.glob("*/bin/python3")))
    seen: set[str] = set()
    for python in filter(None, (sys.executable, *named, *hidden)):
        done = subprocess.run([python, "-V"], capture_output=True, text=True, timeout=30, check=False)
        version = done.stdout.removeprefix("Python ").rpartition(".")[0]
        if done.returncode == 0 and version not in seen:
            seen.add(version)
            yield python


@pytest.mark.parametrize("python", list(pythons()))
def test_a_python_of_this_machine_is_taken_if_it_is_supported(python: str) -> None:
    said = subprocess.run([python, "-V"], capture_output=True, text=True, timeout=30, check=True).stdout
    done = chosen({"PATH": os.environ["PATH"], "PYTHON": python})
    if said.removeprefix("Python ").rpartition(".")[0] in SUPPORTED:
        assert (done.returncode, done.stdout.strip()) == (0, python)
    else:
        assert done.returncode == 2


@pytest.mark.parametrize("name", ["python3", *(f"python{version}" for version in SUPPORTED)])
def test_a_python_is_found_by_its_name(tmp_path: Path, name: str) -> None:
    """Where python3 is another version, or a shim of pyenv for a version that is not in use, the next name is tried."""
    (tmp_path / "python3").write_text("#!/bin/sh\nexit 127\n")
    (tmp_path / name).write_text(f'#!/bin/sh\nexec {sys.executable} "$@"\n')
    for file in tmp_path.iterdir():
        file.chmod(0o755)
    assert chosen({"PATH": str(tmp_path)}).stdout.strip() == name


@pytest.mark.parametrize("version", ["Python 3.10.14", "Python 3.14.0"])
def test_an_unsupported_python_is_named_in_one_line_with_the_way_to_another(tmp_path: Path, version: str) -> None:
    """A Python that prints its version and fails the version check."""
    python = tmp_path / "python3"
    python.write_text(f'#!/bin/sh\n[ "$1" = -V ] && echo "{version}" && exit 0\nexit 1\n')
    python.chmod(0o755)
    done = make_run(str(python))
    line, *rest = done.stderr.splitlines()
    assert done.returncode != 0
    assert line == (
        f"Bellwether needs Python 3.11, 3.12 or 3.13; found: {version}. Get one (`uv python install 3.13`, "
        "`pyenv install 3.13` or `apt install python3 python3-venv`), or name it: "
        "make run PYTHON=/path/to/python3.13"
    )
    assert [text for text in rest if not text.startswith("make: ***")] == []
    assert done.stdout == ""


def test_a_missing_python_is_reported(tmp_path: Path) -> None:
    assert f"{tmp_path}/none does not start" in make_run(f"{tmp_path}/none").stderr


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "", "８０００", "80.5"])
def test_an_invalid_port_is_reported_with_its_bounds(port: str) -> None:
    assert port_fault(port) == f"PORT={port} is no port; it is a number from 1 to 65535"


def test_a_port_is_tried_on_the_host_that_the_api_will_use() -> None:
    with socket.create_server(("127.0.0.2", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert port_fault(port) is None
        fault = port_fault(port, "127.0.0.2")
    assert fault is not None
    assert f"port {port} on 127.0.0.2 cannot be used" in fault
