"""The API over one small lake, for the requests of Grafana."""

from collections.abc import Iterator

import pytest

from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import publish
from benchmarks.support.markets import small_market
from tests.support.client import Client


@pytest.fixture(scope="package")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    reasons = {"AAPL": "its splits are unknown"}
    store = DuckDBStore(publish(tmp_path_factory.mktemp("lake"), small_market(), unpublished=reasons))
    yield Client.of(store)
    store.close()
