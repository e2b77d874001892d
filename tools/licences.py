"""Writes requirements/LICENCES.md: every locked package with its licence and the lock files that contain it.

Run by `make licences`, after `make lock`; a test compares the file with the lock files. The licences come from the
metadata of installed packages, so every environment has to be set up first.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
REQUIREMENTS = ROOT / "requirements"
TARGET = REQUIREMENTS / "LICENCES.md"
IN_VENV = ("build", "run", "dev", "glue", "lambda-api", "lambda-ingest")  # the others have .venv-<name> each
UNKNOWN = "UNKNOWN"  # piplicenses' word for missing metadata
STATED_ELSEWHERE = {"grafana-foundation-sdk": "Apache-2.0 (said in its repository, not in the package)"}
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)
_HEAD = """# Licences

Every package of the lock files with the licence that it states, written by `make licences`. None is part of this
repository; `run` is what `make run` installs, the `lambda` ones go into the functions, `glue` is what its jobs install.

| package | version | licence | locked in |
|---|---|---|---|
"""


class Locked(NamedTuple):
    """A package in a lock file; `marker` limits the platforms, empty for all."""

    name: str
    version: str
    marker: str


def locked(text: str) -> Iterator[Locked]:
    """The packages of a lock file, with normalized names."""
    return (Locked(normal(name), version, marker) for name, version, marker in _LOCKED.findall(text))


def normal(name: str) -> str:
    """`zope.event` → `zope-event` (https://packaging.python.org/en/latest/specifications/name-normalization/)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def all_locked() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """The lock files of every locked package, by name and version, each with the package's marker in it."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for lock in sorted(REQUIREMENTS.glob("*.txt")):
        for name, version, marker in locked(lock.read_text(encoding="utf-8")):
            found.setdefault((name, version), []).append((lock.stem, marker))
    return found


def environments() -> list[str]:
    """The virtual environments in which the packages of the lock files are installed."""
    separate = sorted({lock.stem for lock in REQUIREMENTS.glob("*.txt")} - set(IN_VENV))
    return [".venv", *(f".venv-{name}" for name in separate)]


def licences_of(environment: str) -> dict[tuple[str, str], str]:
    """The licence that each installed package states, by name and version."""
    python = ROOT / environment / "bin" / "python"
    if not python.exists():
        raise SystemExit(f"make licences: {environment} is missing; create it with tools/setup.sh {environment[6:]}")
    # pip-licenses runs from this environment and inspects the other, so that only one needs it.
    tool = [sys.executable, "-m", "piplicenses", "--with-system", "--from=mixed", "--format=json"]
    command = [*tool, "--with-license-file", "--no-license-path", f"--python={python}"]
    stated = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {(normal(one["Name"]), one["Version"].removeprefix("v")): _licence(one) for one in stated}


def _licence(stated: dict[str, str]) -> str:
    """The licence in the metadata, or else the first line of the licence file."""
    if normal(stated["Name"]) in STATED_ELSEWHERE:
        return STATED_ELSEWHERE[normal(stated["Name"])]
    if stated["License"] != UNKNOWN:
        return stated["License"].replace("|", "/")
    return next(filter(None, (line.strip(" #") for line in stated["LicenseText"].splitlines())), UNKNOWN)


def table(packages: dict[tuple[str, str], list[tuple[str, str]]], licences: dict[tuple[str, str], str]) -> str:
    """The document. A package for other platforms is not installed here, so its licence is not known."""
    lines = [_HEAD]
    for (name, version), locks in sorted(packages.items()):
        licence = licences.get((name, version)) or _absent(locks)
        lines.append(f"| {name} | {version} | {licence} | {', '.join(lock for lock, _ in locks)} |\n")
    return "".join(lines)


def _absent(locks: list[tuple[str, str]]) -> str:
    marker = next((marker for _, marker in locks if marker), "")
    return f"not here: only where `{marker}`" if marker else UNKNOWN


if __name__ == "__main__":
    stated_here: dict[tuple[str, str], str] = {}
    for place in environments():
        stated_here |= licences_of(place)
    TARGET.write_text(table(all_locked(), stated_here), encoding="utf-8")
    print(f"wrote {TARGET.relative_to(ROOT)}")
