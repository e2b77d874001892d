"""Write requirements/LICENCES.md: every locked package, its licence, and which lock files hold it.

Run as `make licences`, after `make lock`; a test holds the file against the lock files. The licences are what the
installed packages say of themselves, so that every environment has to be set up.
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
IN_VENV = ("build", "run", "dev", "lambda-api", "lambda-ingest")  # the others have .venv-<name> each
UNSAID = "UNKNOWN"
ELSEWHERE = {"grafana-foundation-sdk": "Apache-2.0 (said in its repository, not in the package)"}
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.+?))? \\$", re.MULTILINE)
_HEAD = """# Licences

Every package of the lock files with the licence that it states, written by `make licences`. None is part of this
repository; `run` is what `make run` installs, the `lambda` ones go into the functions.

| package | version | licence | locked in |
|---|---|---|---|
"""


class Locked(NamedTuple):
    """A package as a lock file has it; `marker` says on which platforms, empty for all."""

    name: str
    version: str
    marker: str


def locked(text: str) -> Iterator[Locked]:
    """The packages of a lock file, names in their normal form."""
    return (Locked(normal(name), version, marker) for name, version, marker in _LOCKED.findall(text))


def normal(name: str) -> str:
    """`zope.event` → `zope-event` (https://packaging.python.org/en/latest/specifications/name-normalization/)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def all_locked() -> dict[tuple[str, str], list[tuple[str, str]]]:
    """Name and version of every locked package → its lock files, each with the marker there."""
    found: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for lock in sorted(REQUIREMENTS.glob("*.txt")):
        for name, version, marker in locked(lock.read_text(encoding="utf-8")):
            found.setdefault((name, version), []).append((lock.stem, marker))
    return found


def environments() -> list[str]:
    """Where the packages of the lock files are installed, once they are set up."""
    alone = sorted({lock.stem for lock in REQUIREMENTS.glob("*.txt")} - set(IN_VENV))
    return [".venv", *(f".venv-{name}" for name in alone)]


def licences_of(environment: str) -> dict[tuple[str, str], str]:
    """Name and version of each package installed there → its licence, in the package's own words."""
    python = ROOT / environment / "bin" / "python"
    if not python.exists():
        raise SystemExit(f"make licences: {environment} is not set up; tools/setup.sh {environment[6:]} makes it")
    tool = [sys.executable, "-m", "piplicenses", "--with-system", "--from=mixed", "--format=json"]
    command = [*tool, "--with-license-file", "--no-license-path", f"--python={python}"]
    stated = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return {(normal(one["Name"]), one["Version"].removeprefix("v")): _licence(one) for one in stated}


def _licence(stated: dict[str, str]) -> str:
    """What the metadata says; where it says nothing, the title of the licence's text."""
    if normal(stated["Name"]) in ELSEWHERE:
        return ELSEWHERE[normal(stated["Name"])]
    if stated["License"] != UNSAID:
        return stated["License"].replace("|", "/")
    return next(filter(None, (line.strip(" #") for line in stated["LicenseText"].splitlines())), UNSAID)


def table(packages: dict[tuple[str, str], list[tuple[str, str]]], licences: dict[tuple[str, str], str]) -> str:
    """The document. A package of other platforms is not installed here, and cannot be asked."""
    lines = [_HEAD]
    for (name, version), locks in sorted(packages.items()):
        licence = licences.get((name, version)) or _absent(locks)
        lines.append(f"| {name} | {version} | {licence} | {', '.join(lock for lock, _ in locks)} |\n")
    return "".join(lines)


def _absent(locks: list[tuple[str, str]]) -> str:
    marker = next((marker for _, marker in locks if marker), "")
    return f"not here: only where `{marker}`" if marker else UNSAID


if __name__ == "__main__":
    stated_here: dict[tuple[str, str], str] = {}
    for place in environments():
        stated_here |= licences_of(place)
    TARGET.write_text(table(all_locked(), stated_here), encoding="utf-8")
    print(f"wrote {TARGET.relative_to(ROOT)}")
