"""Drives each alarm past its threshold, and matches each event rule, until a subscriber gets the message."""

import json
import time
from typing import Any

from tests.e2e_aws.deployment import STACK, Deployed, client
from tests.e2e_aws.emulator import ACCOUNT, REGION
from tests.e2e_aws.report import Found

_STATES = {"job-failed": ("FAILED", "SUCCEEDED"), "crawler-failed": ("Failed", "Succeeded")}


def every_alarm_fires(deployed: Deployed) -> Found:
    """The alarms and rules that do not fire when they should, or fire when they should not; there must be none."""
    alarms: list[Any] = client("cloudwatch").describe_alarms(AlarmNamePrefix=f"{STACK}-")["MetricAlarms"]
    queue = _subscribe(deployed.outputs["AlertsTopic"])
    silent = [alarm["AlarmName"] for alarm in alarms if not _fires(alarm)]
    received = _received(queue)
    unheard = [alarm["AlarmName"] for alarm in alarms if alarm["AlarmName"] not in received]
    rules = [name for name in _STATES if not _rule_matches(name)]
    value = {"alarms": len(alarms), "silent": silent, "unheard": unheard, "rules that do not match": rules}
    return Found(value, "7 alarms and 2 rules fire", len(alarms) == 7 and not (silent or unheard or rules))


def _fires(alarm: dict[str, Any]) -> bool:
    """Whether the alarm, set to OK whatever was measured so far, fires past its threshold."""
    name = alarm["AlarmName"]
    client("cloudwatch").set_alarm_state(AlarmName=name, StateValue="OK", StateReason="before the test")
    _measure(alarm, alarm["Threshold"] * 2)
    return _state(name) == "ALARM"


def _measure(alarm: dict[str, Any], value: float) -> None:
    datum = {"MetricName": alarm["MetricName"], "Dimensions": alarm["Dimensions"], "Value": value}
    client("cloudwatch").put_metric_data(Namespace=alarm["Namespace"], MetricData=[datum])


def _state(name: str) -> str:
    (found,) = client("cloudwatch").describe_alarms(AlarmNames=[name])["MetricAlarms"]
    return str(found["StateValue"])


def _subscribe(topic: str) -> str:
    sqs = client("sqs")
    url: str = sqs.create_queue(QueueName="e2e-alerts")["QueueUrl"]
    arn = f"arn:aws:sqs:{REGION}:{ACCOUNT}:e2e-alerts"
    allow = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allow]})
    sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
    client("sns").subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    return url


def _received(queue: str) -> str:
    """Everything that the subscriber received, as text."""
    text = ""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        messages = client("sqs").receive_message(QueueUrl=queue, WaitTimeSeconds=1, MaxNumberOfMessages=10)
        found = messages.get("Messages", [])
        if text and not found:
            break
        for message in found:
            text += message["Body"]
            client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
    return text


def _rule_matches(name: str) -> bool:
    """The deployed pattern against the event of a failure, and of a success; its target is the topic."""
    events = client("events")
    pattern = events.describe_rule(Name=f"{STACK}-{name}")["EventPattern"]
    bad, good = (_event(name, state) for state in _STATES[name])
    targets = events.list_targets_by_rule(Rule=f"{STACK}-{name}")["Targets"]
    to_topic = [target["Arn"] for target in targets] == [f"arn:aws:sns:{REGION}:{ACCOUNT}:{STACK}-alerts"]
    matches = [events.test_event_pattern(EventPattern=pattern, Event=event)["Result"] for event in (bad, good)]
    return to_topic and matches == [True, False]


def _event(rule: str, state: str) -> str:
    """As AWS documents it: https://docs.aws.amazon.com/glue/latest/dg/automating-awsglue-with-cloudwatch-events.html."""
    kind, name = ("Job", "jobName") if rule == "job-failed" else ("Crawler", "crawlerName")
    thing = f"{STACK}-publish" if kind == "Job" else f"{STACK}-raw"
    return json.dumps(
        {
            "version": "0",
            "id": "abcdef00-1234-5678-9abc-def012345678",
            "detail-type": f"Glue {kind} State Change",
            "source": "aws.glue",
            "account": ACCOUNT,
            "time": "2026-11-24T02:40:00Z",
            "region": REGION,
            "resources": [],
            "detail": {name: thing, "state": state},
        }
    )
