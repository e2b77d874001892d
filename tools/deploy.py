"""`make deploy` and `make destroy`: deploys the stack and the Glue scripts to the environment's AWS account, and back.

`python -m tools.deploy build|release|deploy|destroy`, where deploy is build and release. Runs in `.venv-deploy`, which
holds SAM too. STACK names the stack; PARAMETERS overrides the template's, as in "Tickers=VOO,NVDA VendorPlan=premium".
UNIVERSE names the file of tickers, which is packed; without it the stack keeps its own.
ALPHA_VANTAGE_API_KEY, if set, is stored in SSM as a SecureString. PREFLIGHT=no deploys whatever the checks find.
"""

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from lake.errors import LakeError
from lake.universe import choose
from tools import preflight, universe
from tools.glue_release import release, wheels, wheels_key
from tools.pack import DEFAULT_ARCHITECTURE, DEFAULT_RUNTIME
from tools.template import default

ROOT = Path(__file__).resolve().parent.parent
INFRA = ROOT / "infra"
SAM = Path(sys.executable).parent / "sam"
LAKE = "LakeBucket"
BUCKETS = ("ResultsBucket", "ArtifactsBucket")  # their content can be made again; the lake's history cannot
FAILED_CREATION = ("ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED")  # CloudFormation updates no such stack
CRAWLER_LOGS = "/aws-glue/crawlers"  # one group for all crawlers of an account; Glue creates it without a retention
RUN_SECONDS, POLL_SECONDS = 45 * 60, 15

NEXT_STEPS = """
Deployed. Next steps, up to the first answer (docs/deploying.md has them with times and checks):
1. The vendor's key:   {key_step}
2. History, once:      aws lambda invoke --function-name {IngestFunctionName} --invocation-type Event \
                         --cli-binary-format raw-in-base64-out --payload '{{"task": "history"}}' /dev/null
   A free key gives 100 sessions and 25 requests a day; the scheduled runs continue from there. Six months are 126
   sessions: import older ones from CSV files: LAKE={Lake} python -m ingest import FILES...
3. Publish, once:      aws glue start-workflow-run --name {WorkflowName}
   Start it five minutes after the history has ended, when Firehose has delivered. From then on it is scheduled.
4. The API's key:      aws apigateway get-api-key --include-value --query value --output text --api-key {ApiKeyId}
5. Ask:                curl -H "x-api-key: <key>" "{ApiUrl}compare?tickers=NVDA,AMZN&range=3m"
   The page:           {ApiUrl}   (Grafana's data source needs this address and the header x-api-key)
"""
KEY_IS_STORED = "stored; the schedules are on"
KEY_IS_MISSING = """none is stored, so the schedules are off. Store it and turn them on with
                       ALPHA_VANTAGE_API_KEY=<key> make deploy"""
LEFT = """
Destroyed, except the lake, whose history a free key cannot fetch again: s3://{bucket}
To remove it too: aws s3 rb --force s3://{bucket}   (next time: make destroy LAKE_TOO=yes)
"""


def main() -> int:
    """0 when done; else the exit status of what failed, which has printed its own message."""
    command = sys.argv[1]
    stack = os.environ.get("STACK") or "bellwether"
    try:
        parameters = parameters_of(os.environ.get("PARAMETERS", ""))
        if command in ("build", "deploy"):
            _check_universe()
            build(parameters)
        if command in ("release", "deploy"):
            _release(stack, parameters)
        if command == "destroy":
            _destroy(stack, lake_too=os.environ.get("LAKE_TOO") == "yes")
    except subprocess.CalledProcessError as error:
        return error.returncode
    except (ValueError, BotoCoreError, ClientError) as error:
        print(f"make {command}: {error}", file=sys.stderr)
        return 2
    return 0


def parameters_of(text: str) -> dict[str, str]:
    """Parse `Name=value` pairs. A value with spaces is quoted as in a shell: "DailySchedule='cron(30 20 * * ? *)'"."""
    pairs = [pair.partition("=") for pair in shlex.split(text)]
    for name, equals, _ in pairs:
        if not equals or not name.isalnum():
            raise ValueError(f"PARAMETERS: {name!r} is not of the form Name=value; infra/template.yaml lists the names")
    return {name: value for name, _, value in pairs}


def build(parameters: Mapping[str, str]) -> None:
    """Pack the functions, for the runtime and architecture of the parameters."""
    runtime = parameters.get("Runtime", DEFAULT_RUNTIME)
    architecture = parameters.get("Architecture", DEFAULT_ARCHITECTURE)
    packer = {"PYTHON": sys.executable, "RUNTIME": runtime, "ARCHITECTURE": architecture}
    packed = universe.own_file()
    packer |= {"UNIVERSE_FILE": str(packed)} if packed else {}
    _sam("build", *_overrides({"Runtime": runtime, "Architecture": architecture}), environment=packer)


def deploy_stack(stack: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Deploy what was built and upload the Glue scripts; the stack's outputs."""
    name, files = release()
    before = outputs_of(stack)
    # Of a stack that runs, the files come first: no job may start from a release that is not there yet. And its run has
    # to end, because all four jobs of a run have to be of one release.
    if "ArtifactsBucketName" in before:
        upload(before["ArtifactsBucketName"], name, files)
        wait_for_run(before["WorkflowName"])
    _sam("deploy", f"--stack-name={stack}", *_overrides({**parameters, "GlueRelease": name}))
    outputs = outputs_of(stack)
    upload(outputs["ArtifactsBucketName"], name, files)
    return outputs


def upload(bucket: str, name: str, files: Mapping[str, bytes]) -> None:
    """Upload a release with its wheels, except what is there: a release never changes."""
    s3 = boto3.client("s3")
    listed = s3.list_objects_v2(Bucket=bucket, Prefix=f"glue/{name}/").get("Contents", [])
    present = {item["Key"] for item in listed}
    if wheels_key(name) not in present:
        s3.put_object(Bucket=bucket, Key=wheels_key(name), Body=wheels())
    for key, data in files.items():
        if key not in present:
            s3.put_object(Bucket=bucket, Key=key, Body=data)


def wait_for_run(workflow: str, sleep: Callable[[float], None] = time.sleep) -> None:
    """Wait until no run of the workflow is under way; ValueError if one takes too long."""
    for waited in range(0, RUN_SECONDS, POLL_SECONDS):
        if not _is_running(workflow):
            return
        if not waited:
            print(f"Waiting for the run of {workflow} that is under way: it keeps the release that it began with.")
        sleep(POLL_SECONDS)
    raise ValueError(
        f"a run of the workflow {workflow} has been under way for {RUN_SECONDS // 60} minutes; deploy again when it "
        f"has ended, or end it: aws glue get-workflow-runs --name {workflow}, then aws glue stop-workflow-run"
    )


def _is_running(workflow: str) -> bool:
    glue = boto3.client("glue")
    try:
        runs: list[Any] = glue.get_workflow_runs(Name=workflow, MaxResults=10)["Runs"]
    except glue.exceptions.EntityNotFoundException:
        return False
    return any(run.get("Status") == "RUNNING" for run in runs)


def status_of(stack: str) -> str | None:
    """The stack's status; None where there is no such stack."""
    found = _stack(stack)
    return found["StackStatus"] if found else None


def outputs_of(stack: str) -> dict[str, str]:
    """The outputs of a deployed stack; none where there is no stack, or its creation failed."""
    found = _stack(stack) or {}
    return {output["OutputKey"]: output["OutputValue"] for output in found.get("Outputs", [])}


def parameter_of(stack: str, name: str) -> str | None:
    """The value of a parameter of a deployed stack; None where there is none."""
    given = (_stack(stack) or {}).get("Parameters", [])
    return next((one["ParameterValue"] for one in given if one["ParameterKey"] == name), None)


def _check_universe() -> None:
    """ValueError where a file that UNIVERSE names cannot be used: better now than when the functions start."""
    try:
        choose(os.environ.get("UNIVERSE"))
    except LakeError as error:
        raise ValueError(str(error)) from error


def _stack(stack: str) -> Any:
    try:
        return boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    except ClientError as error:
        if "does not exist" in str(error):
            return None
        raise


def buckets_of(stack: str) -> dict[str, str]:
    """The buckets of a stack that still exist, by logical name; also of a stack that failed."""
    pages = boto3.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
    listed: list[Any] = [one for page in pages for one in page["StackResourceSummaries"]]
    named = {one["LogicalResourceId"]: one.get("PhysicalResourceId", "") for one in listed}
    return {name: named[name] for name in (LAKE, *BUCKETS) if named.get(name) and _exists(named[name])}


def _exists(bucket: str) -> bool:
    try:
        boto3.client("s3").head_bucket(Bucket=bucket)
    except ClientError as error:
        if error.response["Error"]["Code"] in ("404", "NoSuchBucket"):
            return False
        raise
    return True


def remove_failed_stack(stack: str) -> None:
    """Remove what a first deployment that failed has left, because it can be neither updated nor used."""
    status = status_of(stack)
    if status not in FAILED_CREATION:
        return
    print(f"The stack {stack} is {status}: its first deployment failed. Removing it, and deploying anew.")
    buckets = buckets_of(stack)
    for name in BUCKETS:
        if name in buckets:
            _empty(buckets[name])
    cloudformation = boto3.client("cloudformation")
    cloudformation.delete_stack(StackName=stack)
    cloudformation.get_waiter("stack_delete_complete").wait(StackName=stack)
    if LAKE in buckets and _exists(buckets[LAKE]):
        print(f"Its lake stays, and the new stack does not use it: s3://{buckets[LAKE]}")
        print(f"If nothing in it is needed: aws s3 rb --force s3://{buckets[LAKE]}")


def check_account(parameters: Mapping[str, str]) -> None:
    """Print what the account's checks found; ValueError where the deployment would not work."""
    session = boto3.Session()
    found = preflight.unavailable(session.region_name, session.get_available_regions)
    if not found:
        found = preflight.findings(session.client, parameters)  # type: ignore[arg-type]
    for one in found:
        print(f"{'STOP' if one.stops else 'Note'}: {one.text}")
    if any(one.stops for one in found) and os.environ.get("PREFLIGHT") != "no":
        raise ValueError("nothing was changed; the lines above say what to do first")


def keep_crawler_logs_short(days: int) -> None:
    """Create the log group of the account's crawlers with a retention, unless there is one already.

    An existing group is left alone: it may hold the logs of other crawlers.
    """
    logs = boto3.client("logs")
    try:
        logs.create_log_group(logGroupName=CRAWLER_LOGS)
        logs.put_retention_policy(logGroupName=CRAWLER_LOGS, retentionInDays=days)
    except logs.exceptions.ResourceAlreadyExistsException:
        return
    except ClientError as error:
        print(f"Note: the log group {CRAWLER_LOGS} could not be given a retention: {error}")


def has_key(name: str) -> bool:
    """Whether SSM holds the vendor's key."""
    ssm = boto3.client("ssm")
    try:
        ssm.get_parameter(Name=name)  # not decrypted
    except ssm.exceptions.ParameterNotFound:
        return False
    return True


def store_key(name: str, key: str) -> None:
    """Store the vendor's key as a SecureString, which CloudFormation cannot create."""
    boto3.client("ssm").put_parameter(Name=name, Value=key, Type="SecureString", Overwrite=True)


def _release(stack: str, parameters: Mapping[str, str]) -> None:
    check_account(parameters)
    remove_failed_stack(stack)
    parameters = {**universe.parameter(os.environ, parameter_of(stack, universe.PARAMETER)), **parameters}
    print(f"Universe: {parameters[universe.PARAMETER]}")
    name = parameters.get("KeyParameter", default("KeyParameter"))
    key = os.environ.get("ALPHA_VANTAGE_API_KEY")
    if key:
        store_key(name, key)
    stored = bool(parameters.get("VendorUrl")) or has_key(name)  # a simulator needs no key
    keep_crawler_logs_short(int(parameters.get("LogDays", default("LogDays"))))
    outputs = deploy_stack(stack, {"Schedules": "ENABLED" if stored else "DISABLED", **parameters})
    print(NEXT_STEPS.format(**outputs, key_step=KEY_IS_STORED if stored else KEY_IS_MISSING))


def _destroy(stack: str, *, lake_too: bool) -> None:
    region = boto3.Session().region_name
    if status_of(stack) is None:
        raise ValueError(f"there is no stack {stack} in {region}; STACK and AWS_REGION name another")
    buckets = buckets_of(stack)
    for name in BUCKETS:
        if name in buckets:
            _empty(buckets[name])
    _sam("delete", f"--stack-name={stack}", "--no-prompts", f"--region={region}")
    lake = buckets.get(LAKE)
    if not lake or not _exists(lake):
        print("\nDestroyed. Nothing is left.")
    elif lake_too:
        _empty(lake)
        boto3.client("s3").delete_bucket(Bucket=lake)
    else:
        print(LEFT.format(bucket=lake))


def _empty(bucket: str) -> None:
    s3 = boto3.client("s3")
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        for item in page.get("Contents", []):
            s3.delete_object(Bucket=bucket, Key=item["Key"])


def _overrides(parameters: Mapping[str, str]) -> list[str]:
    return ["--parameter-overrides", *(f"{name}={shlex.quote(value)}" for name, value in parameters.items())]


def _sam(command: str, *arguments: str, environment: Mapping[str, str] | None = None) -> None:
    quiet = {"SAM_CLI_TELEMETRY": "0"}
    subprocess.run(
        [str(SAM), command, *arguments], cwd=INFRA, env={**os.environ, **quiet, **(environment or {})}, check=True
    )


if __name__ == "__main__":
    sys.exit(main())
