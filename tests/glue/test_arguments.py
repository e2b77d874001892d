"""How a job is started: by Glue, in a workflow, and by hand."""

from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import boto3
import pytest

from glue.arguments import parse, workflow_started_on
from lake.errors import LakeError

RUN = "20261120T223005Z"


def test_a_run_is_named(tmp_path: Path) -> None:
    argv = ["--LAKE", str(tmp_path), "--RUN", RUN, "--JOB_NAME", "clean", "--enable-metrics", "true"]
    found = parse(argv)
    assert (found.run, found.database, found.rebuild) == (RUN, None, False)
    assert found.url("raw/a") == f"{tmp_path}/raw/a"


def test_the_jobs_of_a_workflow_share_the_stamp_of_its_start(tmp_path: Path) -> None:
    asked = []

    def started(workflow: str, run: str) -> datetime:
        asked.append((workflow, run))
        return datetime(2026, 11, 20, 17, 30, 5, 123456, tzinfo=timezone(timedelta(hours=-5)))

    argv = ["--LAKE", str(tmp_path), "--WORKFLOW_NAME", "bellwether", "--WORKFLOW_RUN_ID", "wr_1", "--DATABASE", "bw"]
    found = parse(argv, started)
    assert (found.run, found.database, asked) == (RUN, "bw", [("bellwether", "wr_1")])


@pytest.mark.parametrize("more", [[], ["--RUN", "today"], ["--WORKFLOW_NAME", "bellwether"]])
def test_a_run_without_an_id_is_refused(tmp_path: Path, more: list[str]) -> None:
    with pytest.raises(LakeError, match="--RUN"):
        parse(["--LAKE", str(tmp_path), *more])


def test_glue_is_asked_when_a_workflow_started(aws: None) -> None:
    glue = boto3.client("glue")
    glue.create_workflow(Name="bellwether")
    run = glue.start_workflow_run(Name="bellwether")["RunId"]
    started = workflow_started_on("bellwether", run)
    assert abs(started - datetime.now(UTC)) < timedelta(minutes=1)
    with pytest.raises(LakeError, match="run another of workflow bellwether"):
        workflow_started_on("bellwether", "another")
