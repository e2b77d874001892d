"""The one Spark session of a test process, fitted to lakes of a few rows."""

import os
from functools import cache

from pyspark.sql import SparkSession

from glue.spark import spark_session

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
    session = spark_session()
    for name in _ONE_TASK:
        session.conf.set(name, "1")
    session.conf.set("spark.sql.ansi.enabled", os.environ.get("SPARK_ANSI", "true"))
    return session
