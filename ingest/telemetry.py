"""What the Lambda function reports: logs as JSON with the run's id, and metrics in Embedded Metric Format (EMF).

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

import json
import logging
import sys
from datetime import datetime
from typing import Any, TextIO

from ingest.alpha_vantage.protocol import redact
from ingest.report import RunReport

NAMESPACE = "Bellwether/Ingest"
DIMENSION = "Task"


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, message, task and run; never a key."""

    def __init__(self, task: str, run: str) -> None:
        super().__init__()
        self._run_fields = {"task": task, "run": run}

    def format(self, record: logging.LogRecord) -> str:
        fields = {"level": record.levelname, "logger": record.name, "message": redact(record.getMessage())}
        if record.exc_info:
            fields["exception"] = redact(self.formatException(record.exc_info))
        return json.dumps({"time": self.formatTime(record), **fields, **self._run_fields})


def log_as_json(task: str, run: str) -> None:
    """Have every handler of the root logger write JSON, Lambda's own included; add one where there is none."""
    # A warm container runs one task after another: each invocation replaces the formatter, and so the task and the run.
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    for handler in root.handlers:
        handler.setFormatter(JsonFormatter(task, run))
    root.setLevel(logging.INFO)


def metrics(task: str, report: RunReport, at: datetime, behind: float | None) -> dict[str, Any]:
    """The figures of a run in Embedded Metric Format. No I/O.

    `behind`: sessions since the last published one; None, and then left out, where nothing is published.
    """
    figures: dict[str, float] = {
        "RequestsSpent": report.requests,
        "RecordsDelivered": sum(report.delivered.values()),
        "RecordsRefused": len(report.refused),
        "TickersFailed": len(report.failed_tickers),
    }
    declared = [{"Name": name, "Unit": "Count"} for name in figures]
    if behind is not None:
        figures["SessionsBehind"] = round(behind, 3)
        declared.append({"Name": "SessionsBehind", "Unit": "None"})
    directive = {"Namespace": NAMESPACE, "Dimensions": [[DIMENSION]], "Metrics": declared}
    about = {"Timestamp": int(at.timestamp() * 1000), "CloudWatchMetrics": [directive]}
    return {"_aws": about, DIMENSION: task, "run": report.run, **figures}


# EMF costs no API call: CloudWatch extracts the metrics from the log.
def emit(line: dict[str, Any], stream: TextIO | None = None) -> None:
    """One line on standard output, which is where CloudWatch looks for metrics."""
    print(json.dumps(line), file=stream or sys.stdout, flush=True)
