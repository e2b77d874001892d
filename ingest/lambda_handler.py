"""The Lambda function: one run, of the task that the event names."""

import logging
from datetime import UTC, datetime
from typing import Any, Protocol, get_args

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from ingest import continuation
from ingest.continuation import Continuations, Unfinished
from ingest.errors import EventError, RunFailedError
from ingest.plan.requests import Task
from ingest.report import RunReport
from ingest.run import run, sessions_behind
from ingest.settings import Settings, read_function_settings
from ingest.telemetry import emit, log_as_json, metrics
from lake import layout
from lake.storage import open_storage

log = logging.getLogger(__name__)


class Context(Protocol):
    """What Lambda says about an invocation: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html."""

    function_name: str

    def get_remaining_time_in_millis(self) -> int: ...


class RunEvent(BaseModel):
    """The event of an invocation, as a schedule's Input or a person gives it: `{"task": "bars"}`.

    `continues`: the run that had no time for all its requests, in the event by which it invokes the function again.
    """

    # An unknown field is refused: {"task": "history", "tickers": "VOO"} would otherwise fetch every ticker.
    model_config = ConfigDict(extra="forbid", frozen=True)

    task: Task
    continues: str | None = Field(default=None, pattern=r"^\d{8}T\d{6}Z$")


def handler(event: object, context: Context | None) -> dict[str, Any]:
    """The report of the run. RunFailedError after it if a request failed, so that Lambda counts the invocation."""
    started = _now()
    asked = parse_event(event)
    task = asked.task
    log_as_json(task, layout.stamp(started))
    seconds = context.get_remaining_time_in_millis() / 1000 if context else float("inf")
    settings = read_function_settings()
    unfinished = _taken(settings, asked.continues)
    if asked.continues and not unfinished:
        return {"run": asked.continues, "continued": "by another invocation"}
    left = unfinished.requests if unfinished else None
    report = run(settings, task, _now, started=started, seconds=seconds, left=left)
    for line in report.lines():
        log.info("%s", line)
    emit(metrics(task, report, _now(), sessions_behind(settings, _now())))
    # Only now, after metrics and log: an error moves the event to the queue of failed runs. A run that made no request
    # in its time would make none in the next invocation either.
    if context and report.unfinished and report.requests:
        number = unfinished.number + 1 if unfinished else 1
        log.info("%s", _continue(settings, report, task, number, context.function_name))
    if not report.ok or (report.unfinished and not report.requests):
        raise RunFailedError("; ".join(report.lines()))
    return report.to_dict()


def parse_event(event: object) -> RunEvent:
    """The event; EventError where it names no task."""
    try:
        return RunEvent.model_validate(event)
    except ValidationError as error:
        choices = ", ".join(get_args(Task))
        raise EventError(f'the event is {event!r}: expected {{"task": TASK}}, TASK being one of {choices}') from error


def _taken(settings: Settings, run: str | None) -> Unfinished | None:
    return continuation.take(open_storage(settings.lake), run) if run else None


def _continue(settings: Settings, report: RunReport, task: Task, number: int, function: str) -> str:
    invoked = Continuations(open_storage(settings.lake), function, continuation.lambda_client())
    return invoked.hand_over(report.run, task, Unfinished(report.unfinished, number))


def _now() -> datetime:
    return datetime.now(UTC)
