"""One Spark session for all tests of this folder."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from lake.storage import FolderStorage
from tests.support.spark import tiny_session


@pytest.fixture(scope="session", autouse=True)
def spark() -> Iterator[SparkSession]:
    session = tiny_session()
    yield session
    session.stop()


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path)
