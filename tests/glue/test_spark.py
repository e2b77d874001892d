"""The session fits the lake, keeps its settings, and ignores other Sparks and Javas of the machine."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from glue.spark import HUGE_ROWS, LARGE_ROWS, local_options

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


def test_a_large_session_that_is_asked_for_again_stays_compiled() -> None:
    """The jobs ask for the session without knowing which it is. Again in a process of its own."""
    again = "spark_session(10**6); spark_session(); print(spark_session().conf.get('spark.sql.codegen.wholeStage'))"
    done = subprocess.run(
        [sys.executable, "-c", f"from glue.spark import spark_session; {again}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() == "true", done.stderr


def test_another_spark_and_java_of_the_machine_are_left_alone(tmp_path: Path) -> None:
    """In a process of its own: the session of the other tests is there already."""
    elsewhere = dict.fromkeys(("SPARK_HOME", "SPARK_CONF_DIR", "JAVA_HOME"), str(tmp_path))
    environment = {"PATH": os.environ["PATH"], "PYSPARK_SUBMIT_ARGS": "--master spark://other:7077 pyspark-shell"}
    count = "from glue.spark import spark_session; print(spark_session().range(7).count())"
    done = subprocess.run(
        [sys.executable, "-c", count],
        cwd=ROOT,
        env=environment | elsewhere,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stdout.strip() == "7", done.stderr
    assert done.stderr == ""
