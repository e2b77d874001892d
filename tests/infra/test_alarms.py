"""Evaluates each alarm by CloudWatch's rules on the metrics that exist; `make e2e` drives them on an emulator too.

The model is small: one period of one metric, and its statistic against the threshold.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html
"""

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import pytest

from ingest.report import RunReport
from ingest.telemetry import metrics
from lake import calendar
from tests.infra.parsed import text_of
from tools.template import default, resources, template

ALARMS = resources("AWS::CloudWatch::Alarm")
STATISTICS: dict[str, Callable[[list[float]], float]] = {"Sum": sum, "Maximum": max}
Datum = tuple[str, str, dict[str, str], float]  # namespace, metric, dimensions, value

# As AWS documents each metric: its namespace, name and dimensions.
MEASURED: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "IngestFailed": ("AWS/Lambda", "Errors", ("FunctionName",)),
    "ApiFailed": ("AWS/Lambda", "Errors", ("FunctionName",)),
    "RunsFailed": ("AWS/SQS", "ApproximateNumberOfMessagesVisible", ("QueueName",)),
    "ApiErrors": ("AWS/ApiGateway", "5XXError", ("ApiName", "Stage")),
    "AthenaBytes": ("AWS/Athena", "ProcessedBytes", ("WorkGroup",)),
}


def state(alarm: dict[str, Any], data: list[Datum]) -> str:
    """OK or ALARM, after one period with these data."""
    wanted = {one["Name"]: text_of(one["Value"]) for one in alarm["Dimensions"]}
    series = (alarm["Namespace"], alarm["MetricName"], wanted)
    values = [value for namespace, metric, dimensions, value in data if (namespace, metric, dimensions) == series]
    if not values:
        return "ALARM" if alarm["TreatMissingData"] == "breaching" else "OK"
    measured = STATISTICS[alarm["Statistic"]](values)
    above = measured >= threshold(alarm)
    if alarm["ComparisonOperator"] == "GreaterThanThreshold":
        above = measured > threshold(alarm)
    return "ALARM" if above else "OK"


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


def test_a_day_without_a_run_of_bars_alarms() -> None:
    assert state(ALARMS["DataBehind"], []) == "ALARM"
    assert ALARMS["DataBehind"]["Period"] == 24 * 3600


def test_a_day_on_which_only_another_task_ran_alarms() -> None:
    """The events run comes every evening too: it must not stand in for a run of bars that never came."""
    line = metrics("events", RunReport("20261124T123000Z", {}, 0), datetime(2026, 11, 24, 12, 30, tzinfo=UTC), 0.0)
    (directive,) = line["_aws"]["CloudWatchMetrics"]
    dimensions = {name: line[name] for name in directive["Dimensions"][0]}
    datum = (directive["Namespace"], "SessionsBehind", dimensions, line["SessionsBehind"])
    assert state(ALARMS["DataBehind"], [datum]) == "ALARM"


def test_the_budget_notifies_the_topic() -> None:
    budget = resources("AWS::Budgets::Budget")["Budget"]
    assert budget["Budget"]["BudgetLimit"] == {"Amount": {"Ref": "BudgetDollars"}, "Unit": "USD"}
    told = [one["Subscribers"] for one in budget["NotificationsWithSubscribers"]]
    assert told == [[{"SubscriptionType": "SNS", "Address": {"Ref": "Alerts"}}]] * 2
    assert template()["Resources"]["AlertsEmail"]["Condition"] == "HasEmail"
