"""What `make run` says before it does anything."""

import os
import subprocess
from pathlib import Path

import pytest

from tools.run import port_fault

ROOT = Path(__file__).parent.parent.parent


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


@pytest.mark.parametrize("version", ["Python 3.10.14", "Python 3.13.0"])
def test_a_python_too_old_or_too_new_is_said_in_one_line(tmp_path: Path, version: str) -> None:
    """A Python that says its version, and fails the test of it."""
    python = tmp_path / "python3"
    python.write_text(f'#!/bin/sh\n[ "$1" = -V ] && echo "{version}" && exit 0\nexit 1\n')
    python.chmod(0o755)
    done = make_run(str(python))
    line, *rest = done.stderr.splitlines()
    assert done.returncode != 0
    assert line == (
        f"Bellwether needs Python 3.11 or 3.12, and here: {version}. "
        "Install one, or name it: make run PYTHON=/path/to/python3.12"
    )
    assert [text for text in rest if not text.startswith("make: ***")] == []
    assert done.stdout == ""


def test_a_python_that_is_not_there_is_said(tmp_path: Path) -> None:
    assert f"{tmp_path}/none does not start" in make_run(f"{tmp_path}/none").stderr


@pytest.mark.parametrize("port", ["0", "65536", "-1", "http", "", "８０００", "80.5"])
def test_what_is_no_port_is_said_with_the_bound(port: str) -> None:
    assert port_fault(port) == f"PORT={port} is no port; it is a number from 1 to 65535"
