"""The functions: schedules, timeouts, logs and alarms, and the gateway's paths without a key."""

import json
import re
from datetime import timedelta
from importlib import import_module
from typing import Any

import pytest

from ingest.lambda_handler import parse_event
from tests.infra.parsed import as_list, statements, text_of
from tools.template import default, resources, template

FUNCTIONS = resources("AWS::Serverless::Function")
INGEST = FUNCTIONS["IngestFunction"]
BUFFER = timedelta(seconds=300)  # Firehose delivers no later
GATEWAY = 29  # seconds that a REST API waits at most
CLOSE, CORRECTED = timedelta(hours=16), timedelta(hours=20)  # New York: the bell, and the last of after-hours trading


def time_of(schedule: str) -> timedelta:
    """The time of day of `cron(minutes hours …)`."""
    match = re.match(r"cron\((\d+) (\d+) ", default(schedule))
    assert match
    return timedelta(minutes=int(match[1]), hours=int(match[2]))


def schedules() -> dict[str, Any]:
    """The schedules of ingest, by the parameter that they follow."""
    events = INGEST["Events"].values()
    found = [event["Properties"] for event in events if event["Type"] == "ScheduleV2"]
    return {text_of(one["ScheduleExpression"]): one for one in found}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_a_handler_a_log_group_and_an_alarm(name: str) -> None:
    function = FUNCTIONS[name]
    module, _, entry = function["Handler"].rpartition(".")
    assert callable(getattr(import_module(module), entry))
    group = resources("AWS::Logs::LogGroup")[text_of(function["LoggingConfig"]["LogGroup"])]
    assert group["LogGroupName"]["Fn::Sub"] == f"/aws/lambda/{text_of(function['FunctionName'])}"
    watched = [
        alarm["Dimensions"]
        for alarm in resources("AWS::CloudWatch::Alarm").values()
        if (alarm["Namespace"], alarm["MetricName"]) == ("AWS/Lambda", "Errors")
    ]
    assert [{"Name": "FunctionName", "Value": {"Ref": name}}] in watched


@pytest.mark.parametrize("name", FUNCTIONS)
def test_a_function_has_a_role_of_its_own(name: str) -> None:
    roles = [text_of(function["Role"]) for function in FUNCTIONS.values()]
    assert roles.count(text_of(FUNCTIONS[name]["Role"])) == 1


def test_a_failed_run_is_never_repeated_by_aws() -> None:
    config = INGEST["EventInvokeConfig"]
    assert config["MaximumRetryAttempts"] == 0
    assert config["DestinationConfig"]["OnFailure"] == {
        "Type": "SQS",
        "Destination": {"Fn::GetAtt": ["FailedRuns", "Arn"]},
    }
    for schedule in schedules().values():
        assert schedule["ScheduleExpressionTimezone"] == "America/New_York"
        assert schedule["DeadLetterConfig"] == {"Arn": {"Fn::GetAtt": ["FailedRuns", "Arn"]}}


def test_the_evening_runs_end_before_the_workflow_starts() -> None:
    """Each run ends, and Firehose has delivered, before what is triggered after it."""
    longest = timedelta(seconds=INGEST["Timeout"])
    assert time_of("DailySchedule") >= CORRECTED > CLOSE
    assert time_of("DailySchedule") + longest <= time_of("EventsSchedule")
    assert time_of("EventsSchedule") + longest + BUFFER <= time_of("WorkflowSchedule")
    assert time_of("CatchUpSchedule") < timedelta(hours=9, minutes=30)  # before the next session opens


def test_each_schedule_starts_its_task() -> None:
    """With an event that the function itself accepts."""
    tasks = {name: parse_event(json.loads(schedule["Input"])).task for name, schedule in schedules().items()}
    assert tasks == {
        "DailySchedule": "bars",
        "CatchUpSchedule": "bars",
        "EventsSchedule": "events",
        "HistorySchedule": "history",
    }
    assert text_of(schedules()["HistorySchedule"]["State"]) == "HistoryState"
    names = [text_of(schedule["Name"]) for schedule in schedules().values()]
    assert len(set(names)) == len(names)


def test_ingest_may_invoke_itself_and_no_other_function() -> None:
    (found,) = [one for one in statements("IngestRole") if one["Sid"] == "Continue"]
    assert found["Action"] == "lambda:InvokeFunction"
    own = text_of(INGEST["FunctionName"])
    assert text_of(found["Resource"]).endswith(f":function:{own}")


def test_the_api_gives_up_before_the_gateway_does() -> None:
    assert FUNCTIONS["ApiFunction"]["Timeout"] < GATEWAY


def test_nothing_runs_by_itself_before_a_key_is_stored() -> None:
    """`make deploy` enables the schedules once it finds the key; runs without one would fail every day."""
    assert default("Schedules") == "DISABLED"
    switched = [schedule["State"] for name, schedule in schedules().items() if name != "HistorySchedule"]
    switched.append(resources("AWS::Scheduler::Schedule")["WorkflowStart"]["State"])
    assert switched == [{"Ref": "Schedules"}] * 4
    assert default("HistoryState") == "DISABLED"


def test_a_key_has_a_rate_and_a_quota() -> None:
    plan = resources("AWS::ApiGateway::UsagePlan")["UsagePlan"]
    assert plan["Throttle"] == {"RateLimit": {"Ref": "RequestsPerSecond"}, "BurstLimit": {"Ref": "RequestsBurst"}}
    assert plan["Quota"] == {"Limit": {"Ref": "RequestsPerMonth"}, "Period": "MONTH"}
    (settings,) = resources("AWS::Serverless::Api")["Api"]["MethodSettings"]
    assert settings["ThrottlingRateLimit"] == {"Ref": "RequestsPerSecond"}


def test_the_functions_get_the_variables_that_they_read() -> None:
    common = set(template()["Globals"]["Function"]["Environment"]["Variables"])
    assert set(INGEST["Environment"]["Variables"]) == {
        *("FIREHOSE_PREFIX", "ALPHA_VANTAGE_KEY_PARAMETER", "ALPHA_VANTAGE_PLAN", "ALPHA_VANTAGE_URL", "TICKERS"),
    }
    assert common == {"LAKE", "UNIVERSE"}
    api = {"ROOT_PATH", "ATHENA_WORKGROUP", "ATHENA_DATABASE", "CACHE_MB", "CORS_ORIGINS"}
    assert set(FUNCTIONS["ApiFunction"]["Environment"]["Variables"]) == api


def test_forecasts_are_committed_after_each_publish_that_succeeded() -> None:
    function = FUNCTIONS["ForecastFunction"]
    (event,) = function["Events"].values()
    assert event["Type"] == "EventBridgeRule"
    assert event["Properties"]["Pattern"]["detail"] == {"jobName": [{"Ref": "PublishJob"}], "state": ["SUCCEEDED"]}
    assert set(function["Environment"]["Variables"]) == {"ATHENA_WORKGROUP", "ATHENA_DATABASE"}


def test_the_scheduler_may_start_the_workflow_and_nothing_else() -> None:
    schedule = resources("AWS::Scheduler::Schedule")["WorkflowStart"]
    assert schedule["ScheduleExpressionTimezone"] == "America/New_York"
    (policy,) = resources("AWS::IAM::Role")["WorkflowSchedulerRole"]["Policies"]
    actions = {action for one in policy["PolicyDocument"]["Statement"] for action in as_list(one["Action"])}
    assert actions == {"glue:StartWorkflowRun", "sqs:SendMessage"}


def test_other_origins_are_off_by_default() -> None:
    assert default("CorsOrigins") == ""
    given = FUNCTIONS["ApiFunction"]["Environment"]["Variables"]["CORS_ORIGINS"]
    assert given == {"Fn::If": ["HasCorsOrigins", {"Ref": "CorsOrigins"}, {"Ref": "AWS::NoValue"}]}
