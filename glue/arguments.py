"""The arguments of a job, in the form in which Glue passes them: `--LAKE s3://… --RUN 20261120T223005Z`."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from lake import layout
from lake.errors import LakeError
from lake.snapshot import published_at
from lake.storage import Storage, open_storage
from lake.universe import choose

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient


@dataclass(frozen=True)
class Arguments:
    """The lake, and the id of the run: all four jobs of a run have the same.

    `database`: the database of Glue's catalog in which the published tables are registered; None to register nothing.
    `rebuild`: build from all of raw/, whatever is published.
    """

    storage: Storage
    run: str
    database: str | None = None
    rebuild: bool = False

    def url(self, key: str) -> str:
        """A key as Spark reads and writes it."""
        return f"{self.storage.url}/{key}"


def workflow_started_on(workflow: str, run: str, client: "GlueClient | None" = None) -> datetime:
    """`StartedOn` of a run of a Glue workflow, an aware time."""
    import boto3  # a job with --RUN works without AWS
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = (client or boto3.client("glue")).get_workflow_run(Name=workflow, RunId=run)
        return answer["Run"]["StartedOn"]
    except (BotoCoreError, ClientError, KeyError) as error:
        raise LakeError(f"run {run} of workflow {workflow} cannot be read: {error}; give --RUN") from error


def parse(argv: Sequence[str], started_on: Callable[[str, str], datetime] = workflow_started_on) -> Arguments:
    """The arguments among `argv`. Glue adds others of its own, which are ignored.

    The run's id is `--RUN`, or the start time of the workflow run that `--WORKFLOW_NAME` and `--WORKFLOW_RUN_ID` name.
    """
    known, _ = _parser().parse_known_args(argv)
    choose(known.UNIVERSE)
    run = known.RUN or _run_of_workflow(known.WORKFLOW_NAME, known.WORKFLOW_RUN_ID, started_on)
    try:
        published_at(run)
    except ValueError as error:
        raise LakeError(f"--RUN={run}: a run's id is a UTC time such as 20261120T223005Z") from error
    return Arguments(open_storage(known.LAKE), run, known.DATABASE or None, known.REBUILD == "true")


def _run_of_workflow(name: str | None, run: str | None, started_on: Callable[[str, str], datetime]) -> str:
    # Glue passes these two to every job of a workflow. The start of the workflow's run is all that its four jobs have
    # in common, and no other run has the same.
    if not name or not run:
        raise LakeError("--RUN is missing; give it, or start the job in a workflow, which passes its name and run")
    return layout.stamp(started_on(name, run))


def _parser() -> argparse.ArgumentParser:
    # Without abbreviations: an argument of Glue's that is a prefix of one of ours would be taken for it.
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--LAKE", required=True, help="a folder or s3://bucket/prefix")
    parser.add_argument("--RUN", help="the run's id, the UTC time of its start")
    parser.add_argument("--WORKFLOW_NAME", help="the workflow's name, passed by Glue")
    parser.add_argument("--WORKFLOW_RUN_ID", help="the run of the workflow, passed by Glue")
    parser.add_argument("--DATABASE", help="register the tables in this database of Glue's catalog")
    parser.add_argument("--UNIVERSE", help="the file of tickers, by its name in lake/universes/")
    parser.add_argument("--REBUILD", choices=("true", "false"), help="build from all of raw/")
    return parser
