"""Roles that the emulator cannot test: those of the jobs, compared with the code, and parts of the functions'."""

import ast
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest

from lake.layout import FORECASTS, RAW_KINDS
from lake.tables import FORECASTS as FORECASTS_TABLE
from lake.tables import PUBLISHED_TABLES, at_snapshot
from tests.infra.parsed import as_list, statements, text_of
from tools.template import resources

ROOT = Path(__file__).parent.parent.parent
LAKE = "${LakeBucket.Arn}/"

JOBS_OF = {"Build": ("clean", "transform", "quality"), "Publish": ("publish",)}
# What the jobs of each role may access, and where the code does so: a file that one of them imports, and a string in
# it. Every job also reads its scripts, lists the lake, reads the start of its run, and logs.
NEEDED = {
    "Build": {
        "raw/*": ("glue/merge/validation.py", "spark_session().read"),
        "published/*": ("glue/increments/base.py", "read_manifest"),
        "staging*": ("glue/snapshots/staging.py", "layout.staging"),
        "quarantine*": ("glue/merge/new_records.py", "layout.quarantine"),
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


def in_the_lake(role: str, *actions: str) -> set[str]:
    """The patterns of the lake's keys in a role, of the statements that allow one of the actions; of all by default."""
    chosen = [one for one in statements(f"{role}Role") if not actions or set(actions) & set(as_list(one["Action"]))]
    resources_of = (text_of(one) for statement in chosen for one in as_list(statement["Resource"]))
    return {one.removeprefix(LAKE) for one in resources_of if one.startswith(LAKE)}


@pytest.mark.parametrize("role", NEEDED)
def test_a_role_may_access_what_its_jobs_use_and_nothing_else(role: str) -> None:
    assert in_the_lake(role) == set(NEEDED[role])
    files = {file for job in JOBS_OF[role] for file in imported(f"glue/jobs/{job}.py")}
    for pattern, (file, word) in NEEDED[role].items():
        assert file in files, f"no job of {role} imports {file}: does it still need {pattern}?"
        assert word in (ROOT / file).read_text(encoding="utf-8"), f"{file} has no {word}: does it still need {pattern}?"


def test_each_job_has_the_role_of_its_kind() -> None:
    jobs = resources("AWS::Glue::Job")
    assert sorted(jobs) == sorted(f"{job.title()}Job" for named in JOBS_OF.values() for job in named)
    for role, named in JOBS_OF.items():
        for job in named:
            assert text_of(jobs[f"{job.title()}Job"]["Role"]) == f"{role}Role.Arn"


def test_only_publish_changes_what_is_served() -> None:
    writing = ("s3:PutObject", "s3:DeleteObject")
    assert in_the_lake("Build", *writing) == {"staging*", "quarantine*", "state/last_refusal.json"}
    assert in_the_lake("Publish", *writing) == {"published/*", "staging*"}
    for role in ("Ingest", "Api"):
        assert not {key for key in in_the_lake(role, *writing) if key.startswith(("published", "raw"))}


@pytest.mark.parametrize("role", NEEDED)
def test_a_role_of_jobs_has_the_common_statements_and_only_one_the_catalog(role: str) -> None:
    sids = {statement["Sid"] for statement in statements(f"{role}Role")}
    assert sids >= COMMON
    assert ("Tables" in sids) == (role == "Publish")
    (run,) = [one for one in statements(f"{role}Role") if one["Sid"] == "Run"]
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
    assert calls - {"exceptions", "meta"} == set(CATALOG.values())


def test_publish_may_change_the_tables_that_it_publishes_and_not_that_of_the_forecasts() -> None:
    (tables,) = [one for one in statements("PublishRole") if one["Sid"] == "Tables"]
    patterns = [text_of(one).rpartition("/")[2] for one in tables["Resource"] if ":table/" in text_of(one)]
    for table in PUBLISHED_TABLES.values():
        for name in (table.name, at_snapshot(table, "20261121T013005Z")):
            assert any(fnmatch(name, pattern) for pattern in patterns), name
    assert not [pattern for pattern in patterns if fnmatch(FORECASTS_TABLE.name, pattern)]


def _is_client(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "_client"


def test_the_api_may_ask_for_the_default_database() -> None:
    """Athena asks for it before any other, with the caller's rights.

    https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html
    """
    (tables,) = [one for one in statements("ApiRole") if one["Sid"] == "Tables"]
    assert {"glue:GetDatabase", "glue:GetDatabases"} <= set(tables["Action"])
    databases = [one.rpartition(":")[2] for one in map(text_of, tables["Resource"]) if ":database/" in one]
    assert databases == ["database/default", "database/${Database}"]


@pytest.mark.parametrize("kind", ["Ingest", "Api", "Forecast"])
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


@pytest.mark.parametrize("kind", ["Ingest", "Api", "Forecast"])
def test_a_role_that_reads_what_may_be_missing_may_list(kind: str) -> None:
    """An empty lake has no pointer. S3 answers 404 only to a role that may list the bucket, and 403 to others."""
    (absence,) = [one for one in statements(f"{kind}Role") if one["Sid"] == "Absence"]
    assert (absence["Action"], text_of(absence["Resource"])) == ("s3:ListBucket", "LakeBucket.Arn")


def test_ingest_may_deliver_to_the_stream_of_each_kind_and_to_no_other() -> None:
    (deliver,) = [one for one in statements("IngestRole") if one["Sid"] == "Deliver"]
    assert deliver["Action"] == "firehose:PutRecordBatch"
    assert [text_of(one) for one in deliver["Resource"]] == [f"{kind.title()}Stream.Arn" for kind in RAW_KINDS]


def test_only_the_forecasts_function_commits_and_only_what_is_new() -> None:
    writing = {
        name
        for name in resources("AWS::IAM::Role")
        if f"{FORECASTS}*" in in_the_lake(name.removesuffix("Role"), "s3:PutObject")
    }
    assert writing == {"ForecastRole"}
    (commit,) = [one for one in statements("ForecastRole") if one["Sid"] == "Commit"]
    assert commit["Condition"] == {"Null": {"s3:if-none-match": "false"}}
    assert in_the_lake("Forecast") == {"published/*", f"{FORECASTS}*"}
    assert in_the_lake("Api", "s3:PutObject") == set()
    assert f"{FORECASTS}*" in in_the_lake("Api", "s3:GetObject")


def test_no_role_may_do_what_the_code_does_not() -> None:
    """Only jobs delete; no role changes roles, or reads keys other than the vendor's."""
    for name in resources("AWS::IAM::Role"):
        for statement in statements(name):
            actions = as_list(statement["Action"])
            assert not [action for action in actions if action.startswith(("iam:", "sts:", "kms:", "secretsmanager:"))]
            assert "s3:DeleteObject" not in actions or name.removesuffix("Role") in NEEDED
