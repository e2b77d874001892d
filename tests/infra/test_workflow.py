"""The workflow: four jobs, each only after the one before succeeded; and the crawler beside it."""

import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from lake.layout import RAW_KINDS
from tests.infra.parsed import text_of
from tools.template import default, resources, template

ROOT = Path(__file__).parent.parent.parent
JOBS = ("Clean", "Transform", "Quality", "Publish")
TRIGGERS = resources("AWS::Glue::Trigger")
CRAWLER = resources("AWS::Glue::Crawler")["Crawler"]
# https://docs.aws.amazon.com/glue/latest/dg/release-notes.html
SPARK_OF_GLUE = {"5.1": "3.5.6", "6.0": "4.1.1"}


def after(trigger: str) -> Any:
    """The one condition of a trigger."""
    (condition,) = TRIGGERS[trigger]["Predicate"]["Conditions"]
    return {name: text_of(value) for name, value in condition.items()}


def test_each_step_waits_for_the_success_of_the_one_before() -> None:
    start = TRIGGERS["StartTrigger"]
    assert (start["Type"], start["Actions"]) == ("ON_DEMAND", [{"JobName": {"Ref": "CleanJob"}}])
    for before, job in pairwise(JOBS):
        assert after(f"{job}Trigger") == {
            "LogicalOperator": "EQUALS", "JobName": f"{before}Job", "State": "SUCCEEDED",
        }  # fmt: skip
    for job in JOBS[1:]:
        trigger = TRIGGERS[f"{job}Trigger"]
        assert (trigger["Type"], trigger["StartOnCreation"]) == ("CONDITIONAL", True)
        assert trigger["Actions"] == [{"JobName": {"Ref": f"{job}Job"}}]


def test_every_trigger_belongs_to_the_workflow() -> None:
    name = resources("AWS::Glue::Workflow")["Workflow"]["Name"]
    assert {str(trigger["WorkflowName"]) for trigger in TRIGGERS.values()} == {str(name)}
    assert {template()["Resources"][trigger]["DependsOn"] for trigger in TRIGGERS} == {"Workflow"}


def test_the_crawler_has_a_target_for_each_kind_and_reads_gzip_only() -> None:
    """A plain JSON object next to gzip ones would make tables of its own."""
    targets = CRAWLER["Targets"]["S3Targets"]
    assert [text_of(target["Path"]) for target in targets] == [
        f"s3://${{LakeBucket}}/raw/{kind}/" for kind in RAW_KINDS
    ]
    for target in targets:
        assert {"**.json", "**.jsonl", "**_$folder$"} == set(target["Exclusions"])


def test_the_crawler_looks_at_every_folder_each_week_and_no_job_waits_for_it() -> None:
    """One that looks at new folders only never creates the table of a kind without objects at its first run."""
    assert CRAWLER["RecrawlPolicy"] == {"RecrawlBehavior": "CRAWL_EVERYTHING"}
    assert re.fullmatch(r"cron\(\d+ \d+ \? \* [A-Z]{3} \*\)", default("CrawlerSchedule"))  # one day of the week
    enabled, schedule, none = CRAWLER["Schedule"]["Fn::If"]
    assert (enabled, schedule) == ("Scheduled", {"ScheduleExpression": {"Ref": "CrawlerSchedule"}})
    assert none == {"Ref": "AWS::NoValue"}
    assert "Crawler" not in str(TRIGGERS)


@pytest.mark.parametrize("name", JOBS)
def test_a_job_is_small_and_runs_once_at_a_time(name: str) -> None:
    job = resources("AWS::Glue::Job")[f"{name}Job"]
    assert (text_of(job["GlueVersion"]), job["WorkerType"], job["NumberOfWorkers"]) == ("GlueVersion", "G.1X", 2)
    assert (job["MaxRetries"], job["ExecutionProperty"], job["Command"]["Name"]) == (
        0,
        {"MaxConcurrentRuns": 1},
        "glueetl",
    )
    given = job["DefaultArguments"]
    assert text_of(given["--LAKE"]) == "s3://${LakeBucket}"
    assert text_of(job["Command"]["ScriptLocation"]).endswith(f"/{name.lower()}.py")
    assert ("--DATABASE" in given) == (name == "Publish")


def test_the_locked_spark_is_that_of_the_default_glue() -> None:
    assert template()["Parameters"]["GlueVersion"]["AllowedValues"] == list(SPARK_OF_GLUE)
    for lock in ("run", "dev"):
        text = (ROOT / "requirements" / f"{lock}.txt").read_text(encoding="utf-8")
        assert f"\npyspark=={SPARK_OF_GLUE[default('GlueVersion')]} " in text
