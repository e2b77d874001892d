"""One Spark session for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lake.storage import FolderStorage
from tests.glue.scenarios.lake import FiveRuns, five_runs
from tests.support.spark import tiny_session


@pytest.fixture(scope="session", autouse=True)
def spark() -> Iterator[SparkSession]:
    session = tiny_session()
    yield session
    session.stop()


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path)


@pytest.fixture(scope="session")
def published(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> FiveRuns:
    """The lake of tests/glue/scenarios. Tests must not change it."""
    return five_runs(tmp_path_factory.mktemp("five"))
