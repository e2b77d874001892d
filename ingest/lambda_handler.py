"""Lambda entries."""

import logging
from datetime import UTC, datetime
from typing import Any, Protocol

from ingest.errors import CollectError
from ingest.plan.requests import Task
from ingest.run_setup import published_behind, run
from ingest.settings import read_function_settings
from ingest.telemetry import emit, log_as_json, metrics
from lake import layout

log = logging.getLogger(__name__)


class Context(Protocol):
    """What an invocation is told of itself: https://docs.aws.amazon.com/lambda/latest/dg/python-context.html."""

    def get_remaining_time_in_millis(self) -> int: ...


def history(event: object, context: Context | None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Everything that the vendor gives of every ticker."""
    return _invoke("history", "history", context)


def daily(event: object, context: Context | None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """The bars that are missing, and the splits that they cannot be published without."""
    return _invoke("daily", "bars", context)


def events(event: object, context: Context | None) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """The other splits, dividends and news, in rotation, with what the day's budget has left."""
    return _invoke("events", "events", context)


def _invoke(function: str, task: Task, context: Context | None) -> dict[str, Any]:
    """The report of the run; CollectError after it if a request failed, so that the invocation counts as failed."""
    started = _now()
    log_as_json(function, layout.stamp(started))
    seconds = context.get_remaining_time_in_millis() / 1000 if context else float("inf")
    settings = read_function_settings()
    report = run(settings, task, _now, started=started, seconds=seconds)
    for line in report.lines():
        log.info("%s", line)
    emit(metrics(function, report, _now(), published_behind(settings, _now())))
    if not report.ok:
        raise CollectError("; ".join(report.lines()))
    return report.to_dict()


def _now() -> datetime:
    return datetime.now(UTC)
