"""The release that the Glue jobs run: the four scripts and a zip of `glue` and `lake`, under a hash of their content.

A release is never overwritten, so that running jobs keep theirs, and deploying an older one brings back its name.
"""

import hashlib
import io
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("glue", "lake")
ZIP = "bellwether.zip"  # as --extra-py-files of the template names it
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # fixed, so that the same content gives the same zip, and so the same hash


def release() -> tuple[str, dict[str, bytes]]:
    """The release's name, and its files by key in the artifacts bucket."""
    scripts = sorted((ROOT / "glue" / "jobs").glob("[a-z]*.py"))
    files = {script.name: script.read_bytes() for script in scripts} | {ZIP: _zip()}
    name = hashlib.sha256(b"".join(files[file] for file in sorted(files))).hexdigest()[:12]
    return name, {f"glue/{name}/{file}": data for file, data in files.items()}


def pinned_modules() -> str:
    """What the jobs install on Glue: the locked version of boto3."""
    lock = (ROOT / "requirements" / "lambda-ingest.txt").read_text(encoding="utf-8")
    return next(line.split()[0] for line in lock.splitlines() if line.startswith("boto3=="))


def _zip() -> bytes:
    """Modules and data files; importlib.resources reads the latter inside the zip."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for package in PACKAGES:
            for path in sorted((ROOT / package).rglob("*")):
                if path.is_file() and "__pycache__" not in path.parts:
                    archive.writestr(zipfile.ZipInfo(path.relative_to(ROOT).as_posix(), _ZIP_TIME), path.read_bytes())
    return buffer.getvalue()
