"""The template as a whole: cfn-lint, wildcards, buckets, streams, parameters, outputs."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from api.resources.outlook.committed import Committed
from lake import layout
from lake.layout import RAW_KINDS
from lake.tables import FORECASTS
from tests.infra.parsed import as_list, scalars, text_of
from tools.glue_release import WHEELS, ZIP, release, wheels_key
from tools.pack import DEFAULT_ARCHITECTURE, DEFAULT_RUNTIME
from tools.template import TEMPLATE, default, resources, template


def test_cfn_lint_finds_nothing() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "cfn-lint"), str(TEMPLATE)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")


@pytest.mark.parametrize("kind", ["Action", "Resource", "Principal"])
def test_no_wildcard_without_its_reason_next_to_it(kind: str) -> None:
    lines = TEMPLATE.read_text(encoding="utf-8").splitlines()
    found = [(value, lines[line - 1]) for value, line in scalars(kind) if "*" in value]
    assert [value for value, line in found if " # " not in line] == []


@pytest.mark.parametrize("bucket", ["LakeBucket", "ResultsBucket", "ArtifactsBucket"])
def test_a_bucket_is_encrypted_private_and_tls_only(bucket: str) -> None:
    properties = resources("AWS::S3::Bucket")[bucket]
    (rule,) = properties["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert rule == {"ServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}
    assert set(properties["PublicAccessBlockConfiguration"].values()) == {True}
    assert len(properties["PublicAccessBlockConfiguration"]) == 4
    policy = resources("AWS::S3::BucketPolicy")[f"{bucket}Policy"]
    statement, *others = policy["PolicyDocument"]["Statement"]
    assert bool(others) == (bucket == "LakeBucket")
    assert (policy["Bucket"], statement["Effect"]) == ({"Ref": bucket}, "Deny")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert [text_of(one) for one in statement["Resource"]] == [f"{bucket}.Arn", f"${{{bucket}.Arn}}/*"]


def test_a_forecast_is_never_rewritten_and_never_removed() -> None:
    """Not even by someone with all rights, before the policy is changed; and nothing lets it expire."""
    statements = resources("AWS::S3::BucketPolicy")["LakeBucketPolicy"]["PolicyDocument"]["Statement"]
    once, stay = [one for one in statements if one["Sid"].startswith("Forecasts")]
    for one in (once, stay):
        assert (one["Effect"], one["Principal"]) == ("Deny", "*")
        assert text_of(one["Resource"]) == f"${{LakeBucket.Arn}}/{layout.FORECASTS}*"
    assert (once["Action"], once["Condition"]) == ("s3:PutObject", {"Null": {"s3:if-none-match": "true"}})
    assert (stay["Action"], stay.get("Condition")) == ("s3:DeleteObject", None)
    rules = resources("AWS::S3::Bucket")["LakeBucket"]["LifecycleConfiguration"]["Rules"]
    expiring = [rule["Prefix"] for rule in rules if "ExpirationInDays" in rule]
    assert not [
        prefix for prefix in expiring if layout.FORECASTS.startswith(prefix) or prefix.startswith(layout.FORECASTS)
    ]


def test_nothing_published_expires() -> None:
    rules = resources("AWS::S3::Bucket")["LakeBucket"]["LifecycleConfiguration"]["Rules"]
    prefixes = {rule["Prefix"] for rule in rules if "ExpirationInDays" in rule}
    assert {"raw/", "staging/"} <= prefixes
    assert not [prefix for prefix in prefixes if prefix.startswith("published") or "published/".startswith(prefix)]


@pytest.mark.parametrize("bucket", ["LakeBucket", "ResultsBucket"])
def test_parts_of_interrupted_uploads_are_removed(bucket: str) -> None:
    """They are billed, and no listing shows them."""
    rules = resources("AWS::S3::Bucket")[bucket]["LifecycleConfiguration"]["Rules"]
    (found,) = [rule for rule in rules if "AbortIncompleteMultipartUpload" in rule]
    assert found["AbortIncompleteMultipartUpload"] == {"DaysAfterInitiation": 1}
    assert "Prefix" not in found


def test_results_outlive_their_reuse() -> None:
    (rule,) = resources("AWS::S3::Bucket")["ResultsBucket"]["LifecycleConfiguration"]["Rules"]
    assert rule["ExpirationInDays"] > 7


def test_a_stream_for_each_kind() -> None:
    streams = resources("AWS::KinesisFirehose::DeliveryStream").values()
    assert [text_of(stream["DeliveryStreamName"]) for stream in streams] == [f"${{Name}}-{kind}" for kind in RAW_KINDS]
    for kind, stream in zip(RAW_KINDS, streams, strict=True):
        target = stream["ExtendedS3DestinationConfiguration"]
        assert target["Prefix"] == f"raw/{kind}/dt=!{{timestamp:yyyy-MM-dd}}/"
        assert not target["ErrorOutputPrefix"].startswith("raw/")
        assert (target["CompressionFormat"], target["CustomTimeZone"]) == ("GZIP", "UTC")
        assert target["BufferingHints"]["IntervalInSeconds"] == 300


def test_defaults_are_those_of_what_is_packed() -> None:
    assert (default("Runtime"), default("Architecture")) == (DEFAULT_RUNTIME, DEFAULT_ARCHITECTURE)
    assert template()["Parameters"]["Runtime"]["AllowedValues"] == ["python3.13", "python3.12", "python3.11"]


def test_every_parameter_is_used_and_explained() -> None:
    text = TEMPLATE.read_text(encoding="utf-8")
    for name, parameter in template()["Parameters"].items():
        assert parameter["Description"]
        assert f"!Ref {name}" in text or f"${{{name}}}" in text, f"nothing uses {name}"


def test_the_workgroup_limits_its_queries() -> None:
    group = resources("AWS::Athena::WorkGroup")["WorkGroup"]["WorkGroupConfiguration"]
    assert group["EnforceWorkGroupConfiguration"] is True
    assert group["PublishCloudWatchMetricsEnabled"] is True
    assert text_of(group["BytesScannedCutoffPerQuery"]) == "BytesPerQuery"
    assert text_of(group["ResultConfiguration"]["OutputLocation"]) == "s3://${ResultsBucket}/api/"


def test_everything_but_the_lake_is_deleted_with_the_stack() -> None:
    """The lake too where the very first deployment fails: it is empty then, and would be in the way of the next."""
    policies = {name: one["DeletionPolicy"] for name, one in template()["Resources"].items() if "DeletionPolicy" in one}
    assert policies == {"LakeBucket": "RetainExceptOnCreate"}
    assert template()["Resources"]["LakeBucket"]["UpdateReplacePolicy"] == "Retain"


def test_it_stays_short() -> None:
    assert len(TEMPLATE.read_text(encoding="utf-8").splitlines()) <= 1250


def test_the_scripts_are_where_the_jobs_look() -> None:
    name, files = release()
    assert set(files) == {
        f"glue/{name}/{file}" for file in ("clean.py", "transform.py", "quality.py", "publish.py", ZIP)
    }
    for job in resources("AWS::Glue::Job").values():
        arguments = job["DefaultArguments"]
        modules = arguments["--additional-python-modules"]
        places = (job["Command"]["ScriptLocation"], arguments["--extra-py-files"], modules)
        for place in places:
            key = text_of(place).removeprefix("s3://${ArtifactsBucket}/").replace("${GlueRelease}", name)
            assert key in {*files, wheels_key(name)}
        assert text_of(modules).endswith(WHEELS)
        assert arguments["--python-modules-installer-option"] == "--no-index"


def test_a_release_is_named_after_its_content() -> None:
    assert release() == release()


def test_event_rules_and_permissions_name_the_same_topic() -> None:
    conditional, events = resources("AWS::SNS::TopicPolicy")["AlertsPolicy"]["PolicyDocument"]["Statement"]
    assert set(as_list(conditional["Principal"]["Service"])) == {"cloudwatch.amazonaws.com", "budgets.amazonaws.com"}
    assert "Condition" in conditional
    # EventBridge delivers nothing through a statement with a condition, and says nothing of it.
    assert events["Principal"] == {"Service": "events.amazonaws.com"}
    assert "Condition" not in events
    for rule in resources("AWS::Events::Rule").values():
        assert [target["Arn"] for target in rule["Targets"]] == [{"Ref": "Alerts"}]


def test_the_table_of_forecasts_has_the_columns_that_are_committed() -> None:
    """Athena reads the objects through it: a column that they lack would be null, and one that it lacks invisible."""
    table = resources("AWS::Glue::Table")["ForecastsTable"]["TableInput"]
    storage, parameters = table["StorageDescriptor"], table["Parameters"]
    assert (table["Name"], table["TableType"]) == (FORECASTS.name, "EXTERNAL_TABLE")
    assert [(one["Name"], one["Type"]) for one in storage["Columns"]] == [
        (one.name, one.type) for one in FORECASTS.columns
    ]
    assert set(FORECASTS.column_names) == set(Committed.model_fields)
    assert text_of(storage["Location"]) == f"s3://${{LakeBucket}}/{layout.FORECASTS}"
    assert storage["SerdeInfo"]["SerializationLibrary"] == "org.openx.data.jsonserde.JsonSerDe"
    # The folders have Hive's names, so that no template of locations is needed.
    (day,) = table["PartitionKeys"]
    assert layout.forecast(date(2026, 11, 20), "x") == f"{layout.FORECASTS}{day['Name']}=2026-11-20/x.json"
    projected = {name.removeprefix("projection.dt."): value for name, value in parameters.items() if ".dt." in name}
    assert projected == {"type": "date", "format": "yyyy-MM-dd", "range": "2026-01-01,NOW"}
    assert parameters["projection.enabled"] == "true"
