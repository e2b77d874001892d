"""The session fits the lake, keeps its settings, and ignores other Sparks and Javas of the machine."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.spark import HUGE_ROWS, LARGE_ROWS, in_background, local_options

ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize(
    ("rows", "memory", "compiled", "optimised"),
    [
        (0, "2g", False, False),
        (LARGE_ROWS - 1, "2g", False, False),
        (LARGE_ROWS, "4g", True, False),
        (HUGE_ROWS, "4g", True, True),
    ],
)
def test_many_rows_are_compiled_and_get_more_memory(rows: int, memory: str, *, compiled: bool, optimised: bool) -> None:
    options = local_options(rows)
    assert (options.get("spark.sql.codegen.wholeStage") != "false") is compiled
    assert ("TieredStopAtLevel" not in options["spark.driver.extraJavaOptions"]) is optimised
    assert options["spark.driver.memory"] == memory


@pytest.fixture(scope="module")
def foreign_machine(tmp_path_factory: pytest.TempPathFactory) -> subprocess.CompletedProcess[str]:
    """What a process of its own prints where another Spark and Java are set up.

    A count, whether it compiles, and whether two classes of Java are looked up once.

    The jobs ask for the session without knowing that it is a large one.
    """
    elsewhere = dict.fromkeys(("SPARK_HOME", "SPARK_CONF_DIR", "JAVA_HOME"), str(tmp_path_factory.mktemp("elsewhere")))
    environment = {"PATH": os.environ["PATH"], "PYSPARK_SUBMIT_ARGS": "--master spark://other:7077 pyspark-shell"}
    lines = (
        "from glue.spark import spark_session",
        f"spark_session({LARGE_ROWS})",
        "print(spark_session().range(7).count())",
        "print(spark_session().conf.get('spark.sql.codegen.wholeStage'))",
        "java = spark_session().sparkContext._jvm",
        "print(java.functions is java.functions, java.PythonUtils is java.PythonUtils)",
    )
    return subprocess.run(
        [sys.executable, "-c", "\n".join(lines)],
        cwd=ROOT,
        env=environment | elsewhere,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_large_session_that_is_asked_for_again_stays_compiled(
    foreign_machine: subprocess.CompletedProcess[str],
) -> None:
    assert foreign_machine.stdout.split()[1:2] == ["true"], foreign_machine.stderr


def test_java_searches_its_jars_once_for_a_class(foreign_machine: subprocess.CompletedProcess[str]) -> None:
    assert foreign_machine.stdout.split()[2:] == ["True", "True"], foreign_machine.stderr


def test_another_spark_and_java_of_the_machine_are_left_alone(
    foreign_machine: subprocess.CompletedProcess[str],
) -> None:
    assert foreign_machine.stdout.split()[:1] == ["7"], foreign_machine.stderr
    assert foreign_machine.stderr == ""


def test_queries_in_the_background_follow_the_settings_of_the_session(spark: SparkSession) -> None:
    def evaluation_mode() -> str:
        cast = spark.range(1).select(F.lit("a").cast("int"))._jdf.queryExecution().analyzed().expressions().head()
        return str(cast.child().evalMode())

    with in_background(evaluation_mode) as in_thread:
        assert evaluation_mode() == ("ANSI" if spark.conf.get("spark.sql.ansi.enabled") == "true" else "LEGACY")
    assert in_thread.result() == evaluation_mode()


def test_after_an_error_the_background_is_waited_for() -> None:
    with pytest.raises(KeyError), in_background(lambda: time.sleep(0.2)) as sleeping:
        raise KeyError
    assert sleeping.done()
