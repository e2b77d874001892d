"""The release that the Glue jobs run: four scripts, a zip of `glue` and `lake`, and the wheels that both need.

It lies under a hash of its content and is never overwritten, so that running jobs keep theirs, and deploying an older
one brings back its name.
"""

import hashlib
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from tools.universe import own_file

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "glue.txt"
PACKAGES = ("glue", "lake")
ZIP = "bellwether.zip"  # as --extra-py-files of the template names it
WHEELS = "bellwether.gluewheels.zip"  # as --additional-python-modules names it; Glue knows the kind by the ending
PYTHON = "3.11"  # of Glue 5.1; the wheels are pure Python, and fit the 3.13 of Glue 6.0 too
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)  # fixed, so that the same content gives the same zip, and so the same hash


def release() -> tuple[str, dict[str, bytes]]:
    """The release's name, and its files by key in the artifacts bucket, without the wheels (`wheels_key`)."""
    scripts = sorted((ROOT / "glue" / "jobs").glob("[a-z]*.py"))
    files = {script.name: script.read_bytes() for script in scripts} | {ZIP: _packages()}
    content = [files[file] for file in sorted(files)]
    # The lock stands for the wheels: it has their hashes, and nothing has to be downloaded to know the name.
    name = hashlib.sha256(b"".join([*content, LOCK.read_bytes()])).hexdigest()[:12]
    return name, {f"glue/{name}/{file}": data for file, data in files.items()}


def wheels_key(name: str) -> str:
    """The key of a release's wheels."""
    return f"glue/{name}/{WHEELS}"


def wheels() -> bytes:
    """The locked wheels as Glue installs them: a zip with `wheels/requirements.txt` and the wheels next to it.

    pip checks each against the hashes of the lock.
    https://docs.aws.amazon.com/glue/latest/dg/aws-glue-programming-python-libraries.html
    """
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [
                *(sys.executable, "-m", "pip", "download", "-qq", "--disable-pip-version-check"),
                *("--only-binary=:all:", f"--python-version={PYTHON}", "--implementation=py", "--platform=any"),
                *("--no-deps", "--require-hashes", f"--requirement={LOCK}", f"--dest={folder}"),
            ],
            check=True,
        )
        found = sorted(Path(folder).glob("*.whl"))
        pins = sorted("{}=={}".format(*wheel.name.split("-")[:2]) for wheel in found)
        files = {f"wheels/{wheel.name}": wheel.read_bytes() for wheel in found}
    return _zip(files | {"wheels/requirements.txt": "\n".join([*pins, ""]).encode()})


def _packages() -> bytes:
    """Modules and data files; importlib.resources reads the latter inside the zip."""
    paths = (path for package in PACKAGES for path in sorted((ROOT / package).rglob("*")))
    kept = (path for path in paths if path.is_file() and "__pycache__" not in path.parts)
    files = {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in kept}
    universe = own_file()
    return _zip(files | ({f"lake/universes/{universe.name}": universe.read_bytes()} if universe else {}))


def _zip(files: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), data, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
