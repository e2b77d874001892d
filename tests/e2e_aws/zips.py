"""Every function's zip: within its limits, for the right machine, and complete."""

import io
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

from tests.e2e_aws.deployment import client, function_name
from tests.e2e_aws.emulator import ROOT
from tests.e2e_aws.report import Found
from tools.pack import DEFAULT_ARCHITECTURE, DEFAULT_RUNTIME, pack

MB = 1_000_000
LIMITS = {"api": (48, 150), "ingest": (30, 150)}  # zipped and unzipped, MB
FUNCTIONS = {"IngestFunction": "ingest", "ApiFunction": "api", "ForecastFunction": "api"}
HANDLERS = ("ingest", "api", "forecast")
_AARCH64 = 183  # e_machine of ELF
_BUILT = ROOT / "infra" / ".aws-sam" / "build"


def within_limits() -> Found:
    """The zipped and unzipped megabytes of what was built."""
    found = {function: _megabytes(_BUILT / function) for function in FUNCTIONS}
    holds = all(
        size < limit
        for function, sizes in found.items()
        for size, limit in zip(sizes, LIMITS[FUNCTIONS[function]], strict=True)
    )
    return Found(
        {name: f"{zipped:.1f} MB, {whole:.0f} unzipped" for name, (zipped, whole) in found.items()}, LIMITS, holds
    )


def _megabytes(folder: Path) -> tuple[float, float]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in folder.rglob("*"):
            archive.write(path, path.relative_to(folder))
    return len(buffer.getvalue()) / MB, sum(path.stat().st_size for path in folder.rglob("*")) / MB


def for_the_default_machine() -> Found:
    """For the template's default, python3.13 on arm64: every compiled file fits, and the limits hold."""
    with tempfile.TemporaryDirectory() as folder:
        for name in LIMITS:
            pack(name, Path(folder) / name, DEFAULT_RUNTIME, DEFAULT_ARCHITECTURE)
        sizes = {name: _megabytes(Path(folder) / name) for name in LIMITS}
        small = all(size < most for name, both in sizes.items() for size, most in zip(both, LIMITS[name], strict=True))
        compiled = [path for path in Path(folder).rglob("*.so*") if path.is_file()]
        strange = [path.name for path in compiled if not _is_of_the_default(path)]
    value = {name: f"{zipped:.1f} MB, {whole:.0f} unzipped" for name, (zipped, whole) in sizes.items()}
    return Found(strange or value, "cp313 or abi3, aarch64", small and bool(compiled) and not strange)


def _is_of_the_default(path: Path) -> bool:
    """By the machine in the file's header, and by the interpreter in its name, if it names one."""
    machine = int.from_bytes(path.read_bytes()[18:20], "little")
    return machine == _AARCH64 and ("cpython-" not in path.name or "cpython-313-aarch64" in path.name)


def complete() -> Found:
    """Import each handler from its deployed zip, in an interpreter that has only that and the standard library."""
    missing = {kind: fault for kind in HANDLERS if (fault := _fault(kind))}
    return Found(missing or f"{len(HANDLERS)} handlers imported", f"{len(HANDLERS)} handlers imported", not missing)


def file_of(kind: str, name: str) -> bytes | None:
    """A file of a function's deployed zip; None where it has none of that name."""
    return content(_deployed(client("lambda").get_function(FunctionName=function_name(kind))), name)


def content(archive: bytes, name: str) -> bytes | None:
    """A file of a zip; None where it has none of that name."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return opened.read(name) if name in opened.namelist() else None


def _deployed(function: Any) -> bytes:
    with urllib.request.urlopen(function["Code"]["Location"]) as answer:
        data: bytes = answer.read()
        return data


def _fault(kind: str) -> str:
    """The error of importing the handler; empty if there is none."""
    function: Any = client("lambda").get_function(FunctionName=function_name(kind))
    module, _, name = function["Configuration"]["Handler"].rpartition(".")
    with tempfile.TemporaryDirectory() as folder:
        zipfile.ZipFile(io.BytesIO(_deployed(function))).extractall(folder)
        extra = "; import ingest.delivery.storage, boto3" if kind == "ingest" else "; import api.store.athena"
        script = f"import sys; sys.path.insert(0, {folder!r}); import {module}; {module}.{name}{extra}"
        # -I -S hides the packages of this machine, and an empty PYTHONTZPATH its time zones.
        bare = [sys.executable, "-I", "-S", "-c", script]
        done = subprocess.run(bare, env={"PYTHONTZPATH": ""}, capture_output=True, text=True, check=False)
        return done.stderr.strip().rpartition("\n")[2]
