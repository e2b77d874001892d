"""`make deploy` and `make destroy`: what they do to a stack that failed, a run under way, and a key that is missing.

S3, SSM, Glue and the logs are moto's. CloudFormation is a fake, and `sam` a script that notes its arguments and deploys
the fake's stack.
"""

import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws

from tools import deploy
from tools.glue_release import release, wheels_key

BUCKETS = {"LakeBucket": "lake-1", "ResultsBucket": "results-1", "ArtifactsBucket": "artifacts-1"}
OUTPUTS = {
    "ArtifactsBucketName": "artifacts-1",
    "WorkflowName": "bellwether",
    **dict.fromkeys(("IngestFunctionName", "Lake", "ApiKeyId", "ApiUrl"), "x"),
}
KEY = "/bellwether/alpha-vantage-key"


@dataclass
class CloudFormation:
    """One stack: its status, None where there is none, and what was done to it."""

    status: str | None = None
    outputs: dict[str, str] = field(default_factory=dict)
    buckets: dict[str, str] = field(default_factory=dict)
    deleted: list[str] = field(default_factory=list)

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803 - boto3's name
        if self.status is None:
            message = f"Stack with id {StackName} does not exist"
            raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")
        stack: dict[str, Any] = {"StackStatus": self.status}
        if self.outputs:  # a stack whose creation failed has no such key
            stack["Outputs"] = [{"OutputKey": key, "OutputValue": value} for key, value in self.outputs.items()]
        return {"Stacks": [stack]}

    def get_paginator(self, _: str) -> "CloudFormation":
        return self

    def paginate(self, StackName: str) -> Any:  # noqa: N803
        listed = [{"LogicalResourceId": name, "PhysicalResourceId": bucket} for name, bucket in self.buckets.items()]
        return [{"StackResourceSummaries": [*listed, {"LogicalResourceId": "NeverCreated"}]}]

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        self.deleted.append(StackName)
        self.status = None

    def get_waiter(self, _: str) -> "CloudFormation":
        return self

    def wait(self, StackName: str) -> None:  # noqa: N803
        assert self.status is None


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Iterator[CloudFormation]:
    """An account with the buckets of a stack, and no stack."""
    for name, value in {
        "AWS_ACCESS_KEY_ID": "x",
        "AWS_SECRET_ACCESS_KEY": "x",
        "AWS_DEFAULT_REGION": "us-east-1",
    }.items():
        monkeypatch.setenv(name, value)
    fake = CloudFormation()
    with mock_aws():
        client = boto3.client
        monkeypatch.setattr(boto3, "client", lambda name: fake if name == "cloudformation" else client(name))
        for bucket in BUCKETS.values():
            client("s3").create_bucket(Bucket=bucket)
        yield fake


@pytest.fixture
def sam(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The file in which the fake `sam` notes its arguments."""
    notes = tmp_path / "notes"
    script = tmp_path / "sam"
    script.write_text(
        f'#!{sys.executable}\nimport sys\nopen({str(notes)!r}, "a").write(" ".join(sys.argv[1:]) + "\\n")\n'
    )
    script.chmod(0o755)
    monkeypatch.setattr(deploy, "SAM", script)
    return notes


def keys(bucket: str) -> set[str]:
    found = boto3.client("s3").list_objects_v2(Bucket=bucket).get("Contents", [])
    return {item["Key"] for item in found}


def with_wheels() -> None:
    """Put the wheels of this release where an upload looks for them, so that nothing is downloaded."""
    name, _ = release()
    boto3.client("s3").put_object(Bucket="artifacts-1", Key=wheels_key(name), Body=b"wheels")


@pytest.mark.parametrize("status", deploy.FAILED_CREATION)
def test_a_stack_whose_creation_failed_is_removed_and_its_lake_named(
    account: CloudFormation, capsys: pytest.CaptureFixture[str], status: str
) -> None:
    account.status, account.buckets = status, BUCKETS
    boto3.client("s3").put_object(Bucket="artifacts-1", Key="glue/a", Body=b"")
    deploy.remove_failed_stack("bellwether")
    assert account.deleted == ["bellwether"]
    assert keys("artifacts-1") == set()
    assert "s3://lake-1" in capsys.readouterr().out


@pytest.mark.parametrize("status", [None, "CREATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"])
def test_any_other_stack_is_left_alone(account: CloudFormation, status: str | None) -> None:
    account.status = status
    deploy.remove_failed_stack("bellwether")
    assert account.deleted == []


def test_destroying_a_failed_stack_needs_no_outputs(
    account: CloudFormation, sam: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    account.status, account.buckets = "ROLLBACK_COMPLETE", {"LakeBucket": "lake-1", "ResultsBucket": "gone"}
    monkeypatch.setattr(sys, "argv", ["deploy", "destroy"])
    assert deploy.main() == 0
    assert sam.read_text(encoding="utf-8").startswith("delete --stack-name=bellwether")
    assert "s3://lake-1" in capsys.readouterr().out


def test_destroying_what_is_not_there_says_so(
    account: CloudFormation, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "argv", ["deploy", "destroy"])
    assert deploy.main() == 2
    assert capsys.readouterr().err.startswith("make destroy: there is no stack bellwether in us-east-1")


def test_an_update_uploads_its_files_before_it_switches(
    account: CloudFormation, sam: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`sam` fails here, as a switch that is interrupted: the new release lies there all the same."""
    account.status, account.outputs = "UPDATE_COMPLETE", OUTPUTS
    with_wheels()
    sam.with_name("sam").write_text("#!/bin/sh\nexit 3\n")
    monkeypatch.setattr(sys, "argv", ["deploy", "release"])
    monkeypatch.setenv("PREFLIGHT", "no")
    assert deploy.main() == 3
    name, files = release()
    assert keys("artifacts-1") == {*files, wheels_key(name)}


def test_a_release_is_never_overwritten(account: CloudFormation) -> None:
    name, files = release()
    with_wheels()
    first = next(iter(files))
    boto3.client("s3").put_object(Bucket="artifacts-1", Key=first, Body=b"as it was")
    deploy.upload("artifacts-1", name, files)
    assert boto3.client("s3").get_object(Bucket="artifacts-1", Key=first)["Body"].read() == b"as it was"


class Runs:
    """Glue with a run of the workflow that ends after some looks."""

    def __init__(self, looks: int) -> None:
        self._looks = looks
        self.exceptions = boto3.client("glue").exceptions

    def get_workflow_runs(self, **_: Any) -> Any:
        self._looks -= 1
        return {"Runs": [{"Status": "RUNNING" if self._looks >= 0 else "COMPLETED"}, {"Status": "STOPPED"}]}


def test_a_run_under_way_ends_before_the_switch(account: CloudFormation, monkeypatch: pytest.MonkeyPatch) -> None:
    runs, slept = Runs(3), list[float]()
    monkeypatch.setattr(boto3, "client", lambda _: runs)
    deploy.wait_for_run("bellwether", slept.append)
    assert slept == [deploy.POLL_SECONDS] * 3


def test_a_run_that_never_ends_is_named(account: CloudFormation, monkeypatch: pytest.MonkeyPatch) -> None:
    runs = Runs(10_000)
    monkeypatch.setattr(boto3, "client", lambda _: runs)
    with pytest.raises(ValueError, match="under way for 45 minutes"):
        deploy.wait_for_run("bellwether", lambda _: None)


def test_the_schedules_are_on_once_a_key_is_stored(
    account: CloudFormation, sam: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    account.status, account.outputs = "UPDATE_COMPLETE", OUTPUTS | {"KeyParameterName": KEY}
    with_wheels()
    monkeypatch.setattr(sys, "argv", ["deploy", "release"])
    monkeypatch.setenv("PREFLIGHT", "no")
    assert deploy.main() == 0
    assert "Schedules=DISABLED" in sam.read_text(encoding="utf-8")
    assert "the schedules are off" in capsys.readouterr().out
    monkeypatch.setenv("ALPHA_VANTAGE_API_KEY", "a-key-of-nobody")
    assert deploy.main() == 0
    assert "Schedules=ENABLED" in sam.read_text(encoding="utf-8").splitlines()[-1]
    assert boto3.client("ssm").get_parameter(Name=KEY)["Parameter"]["Type"] == "SecureString"
    monkeypatch.setenv("PARAMETERS", "Schedules=DISABLED")
    assert deploy.main() == 0
    assert "Schedules=DISABLED" in sam.read_text(encoding="utf-8").splitlines()[-1]


def test_the_crawlers_logs_expire_unless_somebody_has_them_already(account: CloudFormation) -> None:
    logs = boto3.client("logs")
    deploy.keep_crawler_logs_short(30)
    (group,) = logs.describe_log_groups()["logGroups"]
    assert (group["logGroupName"], group["retentionInDays"]) == ("/aws-glue/crawlers", 30)
    deploy.keep_crawler_logs_short(7)
    (group,) = logs.describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 30
