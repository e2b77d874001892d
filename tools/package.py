"""`make package`: what a deployment uploads, as files in `dist/`, for stacks that are defined elsewhere.

The functions' zips for the template's default runtime and architecture, the Glue release below its keys, and the
template as JSON with its anchors written out.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tools.glue_release import release, wheels, wheels_key
from tools.pack import DEFAULT_ARCHITECTURE, DEFAULT_RUNTIME, pack
from tools.template import template

ROOT = Path(__file__).resolve().parent.parent
FUNCTIONS = ("api", "ingest")


def package(
    folder: Path,
    pack_function: Callable[[str, Path, str, str], None] = pack,
    pack_wheels: Callable[[], bytes] = wheels,
) -> None:
    """Fill `folder`, which is emptied first."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in FUNCTIONS:
        with tempfile.TemporaryDirectory() as built:
            pack_function(name, Path(built), DEFAULT_RUNTIME, DEFAULT_ARCHITECTURE)
            shutil.make_archive(str(folder / name), "zip", built)
    name, files = release()
    for key, data in (files | {wheels_key(name): pack_wheels()}).items():
        (folder / key).parent.mkdir(parents=True, exist_ok=True)
        (folder / key).write_bytes(data)
    (folder / "template.json").write_text(json.dumps(template(), indent=1, default=str), encoding="utf-8")


if __name__ == "__main__":
    package(ROOT / "dist")
    print("wrote dist/: api.zip, ingest.zip, glue/ and template.json")
    sys.exit(0)
