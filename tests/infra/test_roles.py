"""Roles that the emulator cannot test: those of the jobs, compared with the code, and parts of the functions'."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from lake.layout import RAW_KINDS
from tests.infra.parsed import as_list, statements, text_of
from tools.template import resources

ROOT = Path(__file__).parent.parent.parent
LAKE = "${LakeBucket.Arn}/"

# What each job may access, and where the code does so: a file that the job imports, and a string in it. Every job also
# reads its scripts, lists the lake, reads the start of its run, and logs.
NEEDED = {
    "Clean": {
        "raw/*": ("glue/merge/validation.py", "spark_session().read"),
        "published/*": ("glue/increments/base.py", "read_manifest"),
        "staging*": ("glue/snapshots/staging.py", "layout.staging"),
        "quarantine*": ("glue/merge/new_records.py", "layout.quarantine"),
    },
    "Transform": {
        "raw/*": ("glue/merge/validation.py", "spark_session().read"),
        "published/*": ("glue/merge/current_records.py", "layout.table"),
        "staging*": ("glue/snapshots/staging.py", "layout.staging"),
    },
    "Quality": {
        "published/*": ("glue/jobs/quality.py", "read_manifest"),
        "staging*": ("glue/snapshots/staging.py", "layout.staging"),
        "quarantine*": ("glue/jobs/quality.py", "layout.quarantine"),
        "state/last_refusal.json": ("glue/jobs/quality.py", "layout.LAST_REFUSAL"),
    },
    "Publish": {
        "origin.json": ("glue/jobs/publish.py", "read_origin"),
        "published/*": ("glue/jobs/publish.py", "swap_pointer"),
        "staging*": ("glue/jobs/publish.py", "layout.staging"),
    },
}
COMMON = {"Scripts", "List", "Run", "Logs"}
CATALOG = {"glue:CreateTable": "create_table", "glue:UpdateTable": "update_table", "glue:DeleteTable": "delete_table"}


def imported(path: str, seen: set[str] | None = None) -> set[str]:
    """The files of glue that a file imports, directly or indirectly, itself included."""
    seen = seen if seen is not None else set()
    if path in seen or not (ROOT / path).exists():
        return seen
    seen.add(path)
    for found in _imports(path):
        imported(found, seen)
    return seen


def _imports(path: str) -> Iterator[str]:
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "glue":
            yield f"{node.module.replace('.', '/')}.py"
            yield from (f"{node.module.replace('.', '/')}/{alias.name}.py" for alias in node.names)


def in_the_lake(job: str) -> set[str]:
    """The patterns of the lake's keys in a job's role."""
    resources_of = (text_of(one) for statement in statements(f"{job}Role") for one in as_list(statement["Resource"]))
    return {one.removeprefix(LAKE) for one in resources_of if one.startswith(LAKE)}


@pytest.mark.parametrize("job", NEEDED)
def test_a_job_may_access_what_its_code_uses_and_nothing_else(job: str) -> None:
    assert in_the_lake(job) == set(NEEDED[job])
    files = imported(f"glue/jobs/{job.lower()}.py")
    for pattern, (file, word) in NEEDED[job].items():
        assert file in files, f"{job} does not import {file}: does it still need {pattern}?"
        assert word in (ROOT / file).read_text(encoding="utf-8"), f"{file} has no {word}: does it still need {pattern}?"


@pytest.mark.parametrize("job", NEEDED)
def test_a_job_has_the_common_statements_and_only_the_last_the_catalog(job: str) -> None:
    sids = {statement["Sid"] for statement in statements(f"{job}Role")}
    assert sids >= COMMON
    assert ("Tables" in sids) == (job == "Publish")
    (run,) = [one for one in statements(f"{job}Role") if one["Sid"] == "Run"]
    assert run["Action"] == "glue:GetWorkflowRun"
    assert ".get_workflow_run(" in (ROOT / "glue" / "arguments.py").read_text(encoding="utf-8")


def test_publish_may_do_in_the_catalog_what_it_calls_there() -> None:
    (tables,) = [one for one in statements("PublishRole") if one["Sid"] == "Tables"]
    assert set(tables["Action"]) == set(CATALOG)
    code = (ROOT / "glue" / "snapshots" / "catalog.py").read_text(encoding="utf-8")
    assert "glue/snapshots/catalog.py" in imported("glue/jobs/publish.py")
    assert [call for call in CATALOG.values() if f"._client.{call}(" not in code] == []
    attributes = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Attribute))
    calls = {node.attr for node in attributes if _is_client(node.value)}
    assert calls - {"exceptions"} == set(CATALOG.values())


def _is_client(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "_client"


@pytest.mark.parametrize("kind", ["Ingest", "Api"])
def test_a_function_may_write_only_its_own_log(kind: str) -> None:
    (logs,) = [one for one in statements(f"{kind}Role") if one["Sid"] == "Logs"]
    assert text_of(logs["Resource"]) == f"{kind}Logs.Arn"
    assert (
        text_of(resources("AWS::Serverless::Function")[f"{kind}Function"]["LoggingConfig"]["LogGroup"]) == f"{kind}Logs"
    )


def test_failed_runs_go_where_the_role_may_send_them() -> None:
    """Lambda sends them with the function's role."""
    (failed,) = [one for one in statements("IngestRole") if one["Sid"] == "Failed"]
    function = resources("AWS::Serverless::Function")["IngestFunction"]
    assert failed["Resource"] == function["EventInvokeConfig"]["DestinationConfig"]["OnFailure"]["Destination"]


@pytest.mark.parametrize("kind", ["Ingest", "Api"])
def test_a_role_that_reads_what_may_be_missing_may_list(kind: str) -> None:
    """An empty lake has no pointer. S3 answers 404 only to a role that may list the bucket, and 403 to others."""
    (absence,) = [one for one in statements(f"{kind}Role") if one["Sid"] == "Absence"]
    assert (absence["Action"], text_of(absence["Resource"])) == ("s3:ListBucket", "LakeBucket.Arn")


def test_ingest_may_deliver_to_the_stream_of_each_kind_and_to_no_other() -> None:
    (deliver,) = [one for one in statements("IngestRole") if one["Sid"] == "Deliver"]
    assert deliver["Action"] == "firehose:PutRecordBatch"
    assert [text_of(one) for one in deliver["Resource"]] == [f"{kind.title()}Stream.Arn" for kind in RAW_KINDS]


def test_no_role_may_do_what_the_code_does_not() -> None:
    """Only jobs delete; no role changes roles, or reads keys other than the vendor's."""
    for name in resources("AWS::IAM::Role"):
        for statement in statements(name):
            actions = as_list(statement["Action"])
            assert not [action for action in actions if action.startswith(("iam:", "sts:", "kms:", "secretsmanager:"))]
            assert "s3:DeleteObject" not in actions or name.removesuffix("Role") in NEEDED
