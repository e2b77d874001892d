"""A small lake, and the API over it; what its engine is told is kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import publish
from benchmarks.support.markets import small_market
from benchmarks.support.query_log import record_queries
from tests.support.client import Client


@pytest.fixture(scope="package")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("lake"), small_market())


@pytest.fixture(scope="package")
def heard_store(root: Path) -> Iterator[tuple[DuckDBStore, list[str]]]:
    """The store, and what it tells its engine."""
    with record_queries() as statements:
        store = DuckDBStore(root)
    yield store, statements
    store.close()


@pytest.fixture(scope="package")
def statements(heard_store: tuple[DuckDBStore, list[str]]) -> list[str]:
    """What the engine was told, in order."""
    return heard_store[1]


@pytest.fixture(scope="package")
def app(heard_store: tuple[DuckDBStore, list[str]]) -> ASGIApp:
    """The API, its engine overheard."""
    return Client.of(heard_store[0])._app
