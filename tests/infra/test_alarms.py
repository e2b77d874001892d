"""Evaluates each alarm by CloudWatch's rules on the metrics that exist; `make e2e` drives them on an emulator too.

The model is small: the last periods of one metric, and its statistic in each against the threshold.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from statistics import fmean
from typing import Any

import pytest

from ingest.report import RunReport
from ingest.telemetry import metrics
from lake import calendar
from tests.infra.parsed import text_of
from tools.template import TEMPLATE, default, resources, template

ALARMS = resources("AWS::CloudWatch::Alarm")
STATISTICS: dict[str, Callable[[list[float]], float]] = {"Sum": sum, "Maximum": max, "Average": fmean}
Datum = tuple[str, str, dict[str, str], float]  # namespace, metric, dimensions, value

# As AWS documents each metric: its namespace, name and dimensions.
MEASURED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "IngestFailed": ("AWS/Lambda", "Errors", ("FunctionName",)),
    "ApiFailed": ("AWS/Lambda", "Errors", ("FunctionName",)),
    "ForecastFailed": ("AWS/Lambda", "Errors", ("FunctionName",)),
    "RunsFailed": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", ("QueueName",)),
    "ApiErrors": ("AWS/ApiGateway", "5XXError", ("ApiName", "Stage")),
    "AthenaBytes": ("AWS/Athena", "ProcessedBytes", ("WorkGroup",)),
}


def state(alarm: dict[str, Any], *periods: list[Datum]) -> str:
    """OK, ALARM or INSUFFICIENT_DATA after periods with these data; of one period, as many equal ones as it needs."""
    needed = alarm["EvaluationPeriods"]
    found = [breaches(alarm, data) for data in (periods if len(periods) > 1 else periods * needed)]
    assert len(found) == needed
    if alarm["TreatMissingData"] == "missing" and set(found) == {None}:
        return "INSUFFICIENT_DATA"
    return "ALARM" if found.count(True) >= alarm.get("DatapointsToAlarm", needed) else "OK"


def breaches(alarm: dict[str, Any], data: list[Datum]) -> bool | None:
    """Whether a period's data are past the threshold; None where there are none."""
    wanted = {one["Name"]: text_of(one["Value"]) for one in alarm["Dimensions"]}
    series = (alarm["Namespace"], alarm["MetricName"], wanted)
    values = [value for namespace, metric, dimensions, value in data if (namespace, metric, dimensions) == series]
    if not values:
        assert alarm["TreatMissingData"] in ("missing", "notBreaching")
        return None
    measured = STATISTICS[alarm["Statistic"]](values)
    if alarm["ComparisonOperator"] == "GreaterThanThreshold":
        return measured > threshold(alarm)
    return measured >= threshold(alarm)


def threshold(alarm: dict[str, Any]) -> float:
    """The number, or the default of the parameter that it refers to."""
    given = alarm["Threshold"]
    return float(default(given["Ref"]) if isinstance(given, dict) else given)


def test_every_alarm_is_tested_here_and_goes_to_the_topic() -> None:
    assert set(ALARMS) == {*MEASURED, "DataBehind"}
    for alarm in ALARMS.values():
        assert alarm["AlarmActions"] == [{"Ref": "Alerts"}]
        assert alarm["ComparisonOperator"] in ("GreaterThanThreshold", "GreaterThanOrEqualToThreshold")


@pytest.mark.parametrize("name", MEASURED)
def test_an_alarm_fires_only_past_its_threshold(name: str) -> None:
    alarm, (namespace, metric, dimensions) = ALARMS[name], MEASURED[name]
    assert (alarm["Namespace"], alarm["MetricName"]) == (namespace, metric)
    assert tuple(one["Name"] for one in alarm["Dimensions"]) == dimensions
    where = {one["Name"]: text_of(one["Value"]) for one in alarm["Dimensions"]}
    elsewhere = dict.fromkeys(where, "another's")
    limit = threshold(alarm)
    assert state(alarm, []) == "OK"
    assert state(alarm, [(namespace, metric, where, 0.0)]) == "OK"
    assert state(alarm, [(namespace, metric, where, limit + 1)]) == "ALARM"
    assert state(alarm, [(namespace, metric, elsewhere, limit + 1)]) == "OK"


def test_each_function_has_an_alarm() -> None:
    watched = [text_of(one["Dimensions"][0]["Value"]) for one in ALARMS.values() if one["Namespace"] == "AWS/Lambda"]
    assert sorted(watched) == sorted(resources("AWS::Serverless::Function"))


@pytest.mark.parametrize(
    ("now", "wanted"),
    [
        ("2026-11-24T01:30:00", "OK"),  # Monday 20:30, the evening run: Monday is not published yet
        ("2026-11-24T12:30:00", "ALARM"),  # Tuesday 7:30, the catch-up: the evening has published nothing
        ("2026-11-22T12:30:00", "OK"),  # Sunday: nothing has closed since Friday
    ],
)
def test_data_that_is_behind_alarms_the_morning_after(now: str, wanted: str) -> None:
    """The newest published session is Friday 20 November; the metric is the one that a run of ingest emits."""
    moment = datetime.fromisoformat(now).replace(tzinfo=UTC)
    behind = calendar.sessions_behind(date(2026, 11, 20), moment)
    line = metrics("bars", RunReport("20261124T123000Z", {}, 0), moment, behind)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    dimensions = {name: line[name] for name in directive["Dimensions"][0]}
    assert "SessionsBehind" in [one["Name"] for one in directive["Metrics"]]
    datum = (directive["Namespace"], "SessionsBehind", dimensions, line["SessionsBehind"])
    assert state(ALARMS["DataBehind"], [datum]) == wanted


def test_a_day_without_a_run_of_bars_is_reported() -> None:
    """By the change to INSUFFICIENT_DATA, in which an alarm is created: before the first publish nothing changes."""
    alarm = ALARMS["DataBehind"]
    assert alarm["Period"] == 24 * 3600
    assert state(alarm, []) == "INSUFFICIENT_DATA"
    assert alarm["InsufficientDataActions"] == [{"Ref": "Alerts"}]
    unpublished = metrics("bars", RunReport("20261124T123000Z", {}, 0), datetime(2026, 11, 24, tzinfo=UTC), None)
    assert "SessionsBehind" not in unpublished


def test_one_5xx_alarms_nobody_and_a_lasting_share_does() -> None:
    alarm = ALARMS["ApiErrors"]
    where = {one["Name"]: text_of(one["Value"]) for one in alarm["Dimensions"]}

    def answers(good: int, bad: int) -> list[Datum]:
        return [("AWS/ApiGateway", "5XXError", where, float(n < bad)) for n in range(good + bad)]

    assert state(alarm, [], answers(0, 1), []) == "OK"  # the only request of the day, refused
    assert state(alarm, answers(96, 4), answers(96, 4), answers(96, 4)) == "OK"
    assert state(alarm, answers(90, 10), answers(100, 0), answers(90, 10)) == "ALARM"


def test_a_day_on_which_only_another_task_ran_is_reported() -> None:
    """The events run comes every evening too: it must not stand in for a run of bars that never came."""
    line = metrics("events", RunReport("20261124T123000Z", {}, 0), datetime(2026, 11, 24, 12, 30, tzinfo=UTC), 0.0)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    dimensions = {name: line[name] for name in directive["Dimensions"][0]}
    datum = (directive["Namespace"], "SessionsBehind", dimensions, line["SessionsBehind"])
    assert state(ALARMS["DataBehind"], [datum]) == "INSUFFICIENT_DATA"


def test_the_budget_is_asked_for_and_notifies_the_topic() -> None:
    """AWS refuses one in a member account of an organisation and in a very young account, and the stack with it."""
    assert default("BudgetDollars") == 0
    assert template()["Resources"]["Budget"]["Condition"] == "HasBudget"
    assert template()["Conditions"]["HasBudget"] == {"Fn::Not": [{"Fn::Equals": [{"Ref": "BudgetDollars"}, "0"]}]}
    budget = resources("AWS::Budgets::Budget")["Budget"]
    assert budget["Budget"]["BudgetLimit"] == {"Amount": {"Ref": "BudgetDollars"}, "Unit": "USD"}
    told = [one["Subscribers"] for one in budget["NotificationsWithSubscribers"]]
    assert told == [[{"SubscriptionType": "SNS", "Address": {"Ref": "Alerts"}}]] * 2
    assert template()["Resources"]["AlertsEmail"]["Condition"] == "HasEmail"


def test_the_docs_say_what_each_alarm_means() -> None:
    page = (TEMPLATE.parent.parent / "docs" / "deploying.md").read_text(encoding="utf-8")
    names = {text_of(alarm["AlarmName"]).replace("${Name}", "bellwether") for alarm in ALARMS.values()}
    assert {name for name in names if f"| `{name}` |" not in page} == set()
