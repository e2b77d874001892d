"""`make deploy` and `make destroy`: deploys the stack and the Glue scripts to the environment's AWS account, and back.

`python -m tools.deploy build|release|deploy|destroy`, where deploy is build and release. Runs in `.venv-deploy`, which
holds SAM too. STACK names the stack; PARAMETERS overrides the template's, as in "Tickers=VOO,NVDA VendorPlan=premium".
ALPHA_VANTAGE_API_KEY, if set, is stored in SSM as a SecureString.
"""

import os
import shlex
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from tools.glue_release import pinned_modules, release
from tools.pack import DEFAULT_ARCHITECTURE, DEFAULT_RUNTIME

ROOT = Path(__file__).resolve().parent.parent
INFRA = ROOT / "infra"
SAM = Path(sys.executable).parent / "sam"
BUCKETS = ("ResultsBucketName", "ArtifactsBucketName")  # their content can be made again; the lake's history cannot

NEXT_STEPS = """
Deployed. Next steps, up to the first answer:
1. The vendor's key:   aws ssm put-parameter --name {KeyParameterName} --type SecureString --value <key>{key_is_stored}
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
    _sam("build", *_overrides({"Runtime": runtime, "Architecture": architecture}), environment=packer)


def deploy_stack(stack: str, parameters: Mapping[str, str]) -> dict[str, str]:
    """Deploy what was built and upload the Glue scripts; the stack's outputs."""
    name, files = release()
    overrides = {**parameters, "GlueRelease": name, "GlueModules": pinned_modules()}
    _sam("deploy", f"--stack-name={stack}", *_overrides(overrides))
    outputs = outputs_of(stack)
    s3 = boto3.client("s3")
    for key, data in files.items():
        s3.put_object(Bucket=outputs["ArtifactsBucketName"], Key=key, Body=data)
    return outputs


def outputs_of(stack: str) -> dict[str, str]:
    """The outputs of a deployed stack."""
    found: Any = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in found["Outputs"]}


def store_key(name: str, key: str) -> None:
    """Store the vendor's key as a SecureString, which CloudFormation cannot create."""
    boto3.client("ssm").put_parameter(Name=name, Value=key, Type="SecureString", Overwrite=True)


def _release(stack: str, parameters: Mapping[str, str]) -> None:
    outputs = deploy_stack(stack, parameters)
    key = os.environ.get("ALPHA_VANTAGE_API_KEY")
    if key:
        store_key(outputs["KeyParameterName"], key)
    print(NEXT_STEPS.format(**outputs, key_is_stored="   (done)" if key else ""))


def _destroy(stack: str, *, lake_too: bool) -> None:
    outputs = outputs_of(stack)
    for name in BUCKETS:
        _empty(outputs[name])
    _sam("delete", f"--stack-name={stack}", "--no-prompts", f"--region={boto3.Session().region_name}")
    lake = outputs["LakeBucketName"]
    if lake_too:
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
