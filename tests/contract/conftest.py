"""One lake, and both stores over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyathena.util import RetryConfig

from api.settings import Settings
from api.store.athena import AthenaStore
from api.store.duckdb import DuckDBStore
from api.store.protocol import Store
from benchmarks.support.lakes import publish
from benchmarks.support.markets import small_market
from lake.storage import FolderStorage
from tests.support.athena import Athena, athena_over

AT_ONCE = RetryConfig(attempt=3, multiplier=0, max_delay=0)


@pytest.fixture(scope="package")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(tmp_path_factory.mktemp("lake"), small_market())


@pytest.fixture
def athena(root: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Athena]:
    """An Athena of its own for each test, and an environment in which boto3 finds only this one."""
    with athena_over(root) as (service, url):
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
        monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
        monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
        monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
        monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
        yield service


@pytest.fixture
def athena_store(root: Path, athena: Athena) -> AthenaStore:
    return AthenaStore(Settings(lake="s3://unused", deadline=30), FolderStorage(root), AT_ONCE)


@pytest.fixture(params=["duckdb", "duckdb a year at a time", "athena"])
def store(request: pytest.FixtureRequest, root: Path) -> Iterator[Store]:
    if request.param == "athena":
        yield request.getfixturevalue("athena_store")
        return
    folder = DuckDBStore(root) if request.param == "duckdb" else DuckDBStore(root, bars_a_query=1)
    yield folder
    folder.close()
