"""One small lake, and clients of the API over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import publish
from benchmarks.support.markets import small_market
from tests.support.client import Client


@pytest.fixture(scope="package")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    why = {"AAPL": "its splits are unknown"}
    return publish(tmp_path_factory.mktemp("lake"), small_market(), unpublished=why)


@pytest.fixture(scope="package")
def store(root: Path) -> Iterator[DuckDBStore]:
    store = DuckDBStore(root)
    yield store
    store.close()


@pytest.fixture(scope="package")
def client(store: DuckDBStore) -> Client:
    return Client.of(store)
