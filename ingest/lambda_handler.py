"""The Lambda function: one run, of the task that the event names."""

import logging
from datetime import UTC, datetime
from typing import Any, Protocol, get_args

from pydantic import BaseModel, ConfigDict, ValidationError

from ingest.errors import EventError, RunFailedError
from ingest.plan.requests import Task
from ingest.run import run, sessions_behind
from ingest.settings import read_function_settings
from ingest.telemetry import emit, log_as_json, metrics
from lake import layout

log = logging.getLogger(__name__)


class Context(Protocol):
    """What Lambda says about an invocation: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html."""

    def get_remaining_time_in_millis(self) -> int: ...


class RunEvent(BaseModel):
    """The event of an invocation, as a schedule's Input or a person gives it: `{"task": "bars"}`."""

    # An unknown field is refused: {"task": "history", "tickers": "VOO"} would otherwise fetch every ticker.
    model_config = ConfigDict(extra="forbid", frozen=True)

    task: Task


def handler(event: object, context: Context | None) -> dict[str, Any]:
    """The report of the run. RunFailedError after it if a request failed, so that Lambda counts the invocation."""
    started = _now()
    task = task_of(event)
    log_as_json(task, layout.stamp(started))
    seconds = context.get_remaining_time_in_millis() / 1000 if context else float("inf")
    settings = read_function_settings()
    report = run(settings, task, _now, started=started, seconds=seconds)
    for line in report.lines():
        log.info("%s", line)
    emit(metrics(task, report, _now(), sessions_behind(settings, _now())))
    # Only now, after metrics and log: the error moves the event to the queue of failed runs.
    if not report.ok:
        raise RunFailedError("; ".join(report.lines()))
    return report.to_dict()


def task_of(event: object) -> Task:
    """The task that an event names; EventError where it names none of them."""
    try:
        return RunEvent.model_validate(event).task
    except ValidationError as error:
        choices = ", ".join(get_args(Task))
        raise EventError(f'the event is {event!r}: expected {{"task": TASK}}, TASK being one of {choices}') from error


def _now() -> datetime:
    return datetime.now(UTC)
