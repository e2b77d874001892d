"""`make package`: the files for a stack that is defined elsewhere."""

import json
import zipfile
from pathlib import Path

from tools.glue_release import release, wheels_key
from tools.package import package


def test_it_writes_the_zips_the_release_and_the_template(tmp_path: Path) -> None:
    def pack(name: str, folder: Path, runtime: str, architecture: str) -> None:
        (folder / name).write_text(f"{runtime} {architecture}", encoding="utf-8")

    target = tmp_path / "dist"
    (target / "old").mkdir(parents=True)
    package(target, pack, lambda: b"wheels")
    name, files = release()
    written = {path.relative_to(target).as_posix() for path in target.rglob("*") if path.is_file()}
    assert written == {"api.zip", "ingest.zip", "template.json", wheels_key(name), *files}
    with zipfile.ZipFile(target / "api.zip") as archive:
        assert archive.read("api") == b"python3.13 arm64"
    written_out = json.loads((target / "template.json").read_text(encoding="utf-8"))
    assert written_out["Resources"]["QualityJob"]["Properties"]["WorkerType"] == "G.1X"
    assert "<<" not in (target / "template.json").read_text(encoding="utf-8")
