"""A client that is generated from `/openapi.json` builds without a warning, and calls every path of the running API."""

import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from api.app import create_app
from api.settings import Settings
from api.store.duckdb import DuckDBStore
from benchmarks.support.server import serve
from tests.hostile.questions import described
from tests.support.client import EVENING

PACKAGE = "generated_bellwether"
OPERATIONS = [(path, methods["get"]) for path, methods in described()["paths"].items()]
BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """What the generator said; the package can be imported while the tests of this file run."""
    folder = tmp_path_factory.mktemp("client")
    document = folder / "openapi.json"
    document.write_text(json.dumps(described()), encoding="utf-8")
    run = subprocess.run(
        [
            *(BIN / "openapi-python-client", "generate", "--path", document, "--meta", "none", "--fail-on-warning"),
            *("--output-path", folder / PACKAGE),
        ],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": f"{BIN}:{os.environ['PATH']}"},  # it formats its code with ruff
    )
    assert run.returncode == 0, run.stdout + run.stderr
    sys.path.insert(0, str(folder))
    yield run.stdout + run.stderr
    sys.path.remove(str(folder))
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture(scope="module")
def address(store: DuckDBStore) -> Iterator[str]:
    with serve(create_app(Settings(lake="unused"), store, lambda: EVENING)) as found:
        yield found


def test_it_is_built_without_a_warning(generated: str) -> None:
    assert not re.search(r"warning|error|skipping|unable", generated, re.IGNORECASE), generated


@pytest.mark.parametrize(("path", "operation"), OPERATIONS, ids=[path for path, _ in OPERATIONS])
@pytest.mark.usefixtures("generated")
def test_it_calls_every_path(address: str, path: str, operation: dict[str, Any]) -> None:
    needed = {one["name"]: one["example"] for one in operation.get("parameters", ()) if one["required"]}
    response = call(address, operation, needed)
    assert response.status_code == 200, path
    schema = operation["responses"]["200"]["content"]["application/json"]["schema"]["$ref"]
    assert type(response.parsed).__name__ == schema.rsplit("/", 1)[-1]


@pytest.mark.usefixtures("generated")
def test_times_are_times_and_volumes_are_whole(address: str) -> None:
    operation = described()["paths"]["/prices"]["get"]
    (row, *_) = call(address, operation, {"tickers": ["VOO"], "range_": "1d"}).parsed.rows
    assert (row.time.isoformat(), type(row.volume)) == ("2026-11-20T00:00:00+00:00", int)


@pytest.mark.parametrize(("ticker", "status"), [("ZZZZ", 404), ("?", 400)])
@pytest.mark.usefixtures("generated")
def test_a_refusal_is_a_problem(address: str, ticker: str, status: int) -> None:
    response = call(address, described()["paths"]["/compare"]["get"], {"tickers": [ticker]})
    assert (response.status_code, type(response.parsed).__name__) == (status, "Problem")
    assert (response.parsed.parameter, response.parsed.value) == ("tickers", ticker)


def call(address: str, operation: dict[str, Any], parameters: dict[str, Any]) -> Any:
    """The answer of the generated function of an operation."""
    (tag,) = operation["tags"]
    name = re.sub(r"(?<!^)([A-Z])", r"_\1", operation["operationId"]).lower()
    function = importlib.import_module(f"{PACKAGE}.api.{tag.lower().replace(' ', '_')}.{name}")
    client = importlib.import_module(PACKAGE).Client(base_url=address)
    with client:
        return function.sync_detailed(client=client, **parameters)
