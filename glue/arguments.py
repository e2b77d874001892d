"""What every job is started with, in the form in which Glue hands it over: `--LAKE s3://… --RUN 20261120T223005Z`."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from glue.workflow_run import started_on
from lake import layout
from lake.errors import LakeError
from lake.snapshot import published_at
from lake.storage import Storage, open_storage


@dataclass(frozen=True)
class Arguments:
    """The lake, and the run that this job is a part of: all four jobs of a run are given the same id.

    `database`: the one of Glue's catalog in which the published tables are registered; None to register nothing.
    `rebuild`: build from all of raw/, whatever is published.
    """

    storage: Storage
    run: str
    database: str | None = None
    rebuild: bool = False

    def url(self, key: str) -> str:
        """A key as Spark reads and writes it."""
        return f"{self.storage.url}/{key}"


def parse(argv: Sequence[str], started: Callable[[str, str], datetime] = started_on) -> Arguments:
    """The arguments among `argv`; Glue adds others of its own, which are passed over.

    The run's id is `--RUN`, or the stamp of the workflow run that `--WORKFLOW_NAME` and `--WORKFLOW_RUN_ID` name, as
    Glue gives them to a workflow's jobs: the same in all four.
    """
    known, _ = _parser().parse_known_args(argv)
    run = known.RUN or _run_of_workflow(known.WORKFLOW_NAME, known.WORKFLOW_RUN_ID, started)
    try:
        published_at(run)
    except ValueError as error:
        raise LakeError(f"--RUN={run}: a run's id is a UTC time such as 20261120T223005Z") from error
    return Arguments(open_storage(known.LAKE), run, known.DATABASE or None, known.REBUILD == "true")


def _run_of_workflow(name: str | None, run: str | None, started: Callable[[str, str], datetime]) -> str:
    if not name or not run:
        raise LakeError("--RUN is missing; give it, or start the job in a workflow, which gives its name and run")
    return layout.stamp(started(name, run))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(allow_abbrev=False)
    parser.add_argument("--LAKE", required=True, help="a folder or s3://bucket/prefix")
    parser.add_argument("--RUN", help="the run's id, the UTC time of its start")
    parser.add_argument("--WORKFLOW_NAME", help="Glue's own: the workflow")
    parser.add_argument("--WORKFLOW_RUN_ID", help="Glue's own: the run of the workflow")
    parser.add_argument("--DATABASE", help="register the tables in this database of Glue's catalog")
    parser.add_argument("--REBUILD", choices=("true", "false"), help="build from all of raw/")
    return parser
