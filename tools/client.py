"""Writes the Python client into clients/python/, from the OpenAPI document: `python -m tools.client [FOLDER]`.

A release does it. The client is not committed: every line of it comes from the document.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.agents_docs import openapi_document

_FOLDER = Path(__file__).resolve().parent.parent / "clients" / "python"
_BIN = Path(sys.executable).parent
_NAMES = {"project_name_override": "bellwether-client", "package_name_override": "bellwether_client"}


def main() -> int:
    """The generator's exit status: a warning of its own is a failure."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _FOLDER
    if folder.exists():
        shutil.rmtree(folder)
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        document, names = Path(scratch) / "openapi.json", Path(scratch) / "names.json"
        document.write_text(json.dumps(openapi_document()), encoding="utf-8")
        names.write_text(json.dumps(_NAMES), encoding="utf-8")  # YAML, of which JSON is a part
        status = _generate(document, names, folder)
    print(f"client: {'written to' if status == 0 else 'not written to'} {folder}")
    return status


def _generate(document: Path, names: Path, folder: Path) -> int:
    command: list[str | Path] = [
        *(_BIN / "openapi-python-client", "generate", "--path", document, "--config", names),
        *("--meta", "setup", "--output-path", folder, "--fail-on-warning"),
    ]
    environment = os.environ | {"PATH": f"{_BIN}:{os.environ['PATH']}"}  # it formats its code with ruff
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
