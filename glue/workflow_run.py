"""When a run of a Glue workflow started: what its four jobs have in common, and nobody else knows."""

from datetime import datetime
from typing import TYPE_CHECKING

from lake.errors import LakeError

if TYPE_CHECKING:
    from mypy_boto3_glue import GlueClient


def started_on(workflow: str, run: str, client: "GlueClient | None" = None) -> datetime:
    """`StartedOn` of a workflow's run, an aware time."""
    import boto3  # only a job in a workflow needs it
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer = (client or boto3.client("glue")).get_workflow_run(Name=workflow, RunId=run)
        return answer["Run"]["StartedOn"]
    except (BotoCoreError, ClientError, KeyError) as error:
        raise LakeError(f"run {run} of workflow {workflow} cannot be asked for: {error}; give --RUN") from error
