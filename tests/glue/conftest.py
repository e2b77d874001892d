"""One Spark session for all tests of this folder, in ANSI mode unless SPARK_ANSI=false."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from pyspark.sql import SparkSession

from glue.spark import spark_session
from lake.storage import FolderStorage


# ANSI mode is the default of Spark 4, and so of Glue 6.0: a division by zero, a cast that fails or an index outside an
# array ends the job instead of giving null. What passes in it gives the same rows without it, in which make run and
# Glue 5.1 run.
@pytest.fixture(scope="session", autouse=True)
def spark() -> Iterator[SparkSession]:
    session = spark_session()
    session.conf.set("spark.sql.ansi.enabled", os.environ.get("SPARK_ANSI", "true"))
    yield session
    session.stop()


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path)
