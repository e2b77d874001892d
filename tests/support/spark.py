"""The one Spark session of a test process, fitted to lakes of a few rows."""

import os
from functools import cache

import pytest
from pyspark.sql import SparkSession

from glue.spark import spark_session

# Java has 48 MB for compiled code where its quick compiler works alone. One run of Bellwether fits in them; the runs of
# all tests do not, and Java would compile the same methods again and again. The default room for new objects is so
# small that Java would collect several times a second.
_LONG_LIVED_JAVA = "-XX:ReservedCodeCacheSize=240m -Xmn400m"

# A query of ten rows needs one task a stage. By default each stage, file scan and local table has one for each core,
# and starting them costs more than the rows.
_ONE_TASK = ("spark.sql.shuffle.partitions", "spark.sql.files.minPartitionNum", "spark.sql.leafNodeDefaultParallelism")


@cache
def tiny_session() -> SparkSession:
    """The session, in ANSI mode unless SPARK_ANSI=false.

    ANSI mode is the default of Spark 4, and so of Glue 6.0: a division by zero, a cast that fails or an index outside
    an array ends the job instead of giving null. What passes in it gives the same rows without it, in which make run
    and Glue 5.1 run.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("JDK_JAVA_OPTIONS", _LONG_LIVED_JAVA)
        session = spark_session()
    for name in _ONE_TASK:
        session.conf.set(name, "1")
    session.conf.set("spark.sql.ansi.enabled", os.environ.get("SPARK_ANSI", "true"))
    return session
