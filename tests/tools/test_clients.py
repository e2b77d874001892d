"""docs/clients.md is run: a line of pandas and of polars a path, and the generated client as the page shows it."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import publish
from benchmarks.support.markets import simulated_market
from benchmarks.support.server import serve
from tests.support.client import EVENING
from tools.agents_docs import BASE, csv_urls, openapi_document

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "clients.md").read_text(encoding="utf-8")
LINE = re.compile(r'^(\w+) = (pd|pl)\.read_csv\((?:get\()?API \+ "([^"]+)"\)(?:\.content\))?$', re.MULTILINE)
IMPORTS = re.compile(r"^(?:from|import) (?:pandas|polars|requests) .*$", re.MULTILINE)


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    lake = publish(tmp_path_factory.mktemp("lake"), simulated_market(date(2021, 1, 4), date(2026, 11, 20)))
    store = DuckDBStore(lake)
    with serve(create_app(Settings(lake="unused"), store, lambda: EVENING)) as found:
        yield f"{found}/"
    store.close()


@pytest.mark.parametrize("library", ["pd", "pl"])
def test_there_is_a_line_for_each_path_with_csv(library: str) -> None:
    lines = [BASE + path for _, name, path in LINE.findall(PAGE) if name == library]
    assert lines == [*csv_urls().values()]
    assert {*csv_urls(), "/health"} == {*openapi_document()["paths"]}


@pytest.mark.parametrize("library", ["pd", "pl"])
def test_every_line_reads_a_table(address: str, library: str) -> None:
    known: dict[str, Any] = {"API": address}
    exec("\n".join(IMPORTS.findall(PAGE)), known)  # noqa: S102 - our own page
    # Without news, splits in three months, findings of the quality rules, and committed forecasts.
    empty = {"sentiment", "events", "snapshots", "record"}
    for line in LINE.finditer(PAGE):
        variable, name, _ = line.groups()
        if name == library:
            exec(line[0], known)  # noqa: S102
            assert len(known[variable].columns) > 1, variable
            assert len(known[variable]) > 0 or variable in empty, variable


def test_the_generated_client_does_what_the_page_shows(address: str, tmp_path: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-m", "tools.client", str(tmp_path / "python")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "client: written to" in run.stdout
    (shown,) = re.findall(r"```python\n(from bellwether_client import.*?)```", PAGE, re.DOTALL)
    program = shown.replace(BASE.rstrip("/"), address.rstrip("/"))
    ran = subprocess.run(
        [sys.executable, "-c", program],
        env=os.environ | {"PYTHONPATH": str(tmp_path / "python")},
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.match(r"-?0\.\d+ \[\"simulated data", ran.stdout), ran.stdout
