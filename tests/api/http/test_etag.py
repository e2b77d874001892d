"""ETags cover everything that an answer is made from."""

import shutil
import tomllib
from pathlib import Path

import pytest

from api.http.etag import VERSION, build_of, etag_of

ROOT = Path(__file__).parents[3]


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A copy of the packages as they are installed, without compiled code."""
    for package in ("api", "lake"):
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "static"))
    return tmp_path


@pytest.mark.parametrize(
    "file",
    [
        *("lake/universes/magnificent.toml", "lake/nyse.json", "lake/closures.toml", "api/panels.json"),
        *("lake/calendar.py", "api/app.py"),
    ],
)
def test_code_and_data_files_count(installed: Path, file: str) -> None:
    before = build_of.__wrapped__(installed)
    with (installed / file).open("a", encoding="utf-8") as text:
        text.write("\n")
    assert build_of.__wrapped__(installed) != before


def test_compiled_code_does_not_count(installed: Path) -> None:
    before = build_of.__wrapped__(installed)
    (installed / "api" / "__pycache__").mkdir()
    (installed / "api" / "__pycache__" / "app.cpython-311.pyc").write_bytes(b"compiled")
    assert build_of.__wrapped__(installed) == before


def test_snapshot_staleness_path_and_query_count() -> None:
    etags = {
        etag_of(snapshot, path, query, stale=stale)
        for snapshot in ("20261120T223005Z", "20261121T223005Z")
        for path in ("/compare", "/returns")
        for query in (b"tickers=VOO", b"tickers=QQQ")
        for stale in (False, True)
    }
    assert len(etags) == 16


def test_the_version_is_the_projects() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == VERSION
