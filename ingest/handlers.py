"""Lambda entries."""

from datetime import UTC, datetime
from typing import Any

from ingest.errors import CollectError
from ingest.runs import Depth, run
from ingest.settings import read_settings


def history(event: object, context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """Everything that the vendor gives of every ticker."""
    return _invoke("history")


def daily(event: object, context: object) -> dict[str, Any]:  # noqa: ARG001 - Lambda's signature
    """What is missing or old."""
    return _invoke("daily")


def _invoke(depth: Depth) -> dict[str, Any]:
    """The report of the run; CollectError after it if a ticker failed, so that the invocation counts as failed."""
    report = run(read_settings(), depth, lambda: datetime.now(UTC))
    if not report.ok:
        raise CollectError("; ".join(report.lines()))
    return report.to_dict()
