"""Quality: the gate. What blocks ends the run here; what is set aside leaves the table; the rest is said."""

import json
import operator
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from functools import reduce
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue import staging
from glue.arguments import Arguments
from glue.checks import TABLE_RULES, schema_faults, with_context
from glue.job import Rows, main
from glue.report import Finding, QualityReport, days_by_ticker, evaluate, finding, to_json
from lake import calendar, layout
from lake.errors import LakeError
from lake.snapshot import published_at
from lake.tables import DAILY_PRICES


class RefusedError(LakeError):
    """The gate let nothing through; the old snapshot stays."""


def run(arguments: Arguments) -> Rows:
    """Judge the staged table by every rule, and tell publish what may be served."""
    table = staging.read_daily_prices(arguments, staging.TRANSFORM).cache()
    findings = judge(table)
    blocking = [found for found in findings if found.severity == "block"]
    if blocking:
        _refuse(arguments, blocking)

    refused, step = {}, staging.TRANSFORM
    if any(found.severity == "quarantine" for found in findings):
        aside = _to_set_aside(table).cache()
        refused, step = days_by_ticker(aside), staging.QUALITY
        table = _without(aside, table, arguments)
    held = _held(table)
    report = QualityReport(
        table=staging.key(arguments.run, step, DAILY_PRICES.name),
        held=held,
        missing=_missing(table, held),
        refused=refused,
        findings=[asdict(found) for found in findings],
    )
    arguments.storage.write(staging.report_key(arguments.run, staging.QUALITY), to_json(report))
    written, set_aside = sum(row["sessions"] for row in held.values()), sum(map(len, refused.values()))
    return Rows(written + set_aside, written, set_aside)


def judge(table: DataFrame) -> list[Finding]:
    """Every rule that the table breaks. With a wrong schema or no rows the other rules have nothing to go by."""
    faults = schema_faults(table)
    if faults:
        return [finding("schema", "block", len(faults), f"the columns are not as declared: {'; '.join(faults)}")]
    if table.isEmpty():
        return [finding("empty", "block", 1, "no ticker has both bars and known splits")]
    return evaluate(with_context(table), TABLE_RULES)


def _refuse(arguments: Arguments, blocking: Sequence[Finding]) -> None:
    """Leave the refusal where people and `/health` find it, and end the run."""
    at = published_at(arguments.run).isoformat()
    refusal = {"run": arguments.run, "at": at, "findings": [asdict(found) for found in blocking]}
    data = json.dumps(refusal, indent=1).encode()
    arguments.storage.write(layout.quarantine(arguments.run, "report.json"), data)
    arguments.storage.write(layout.LAST_REFUSAL, data)
    reasons = "; ".join(f"{found.rule}: {found.sentence}" for found in blocking)
    raise RefusedError(f"run {arguments.run} is refused, the old snapshot stays: {reasons}")


def _to_set_aside(table: DataFrame) -> DataFrame:
    """From the first session that a quarantine rule names, a ticker's rows: what follows it stands on it."""
    broken = reduce(operator.or_, (rule.broken() for rule in TABLE_RULES if rule.severity == "quarantine"))
    since = with_context(table).filter(broken).groupBy("ticker").agg(F.min("date").alias("since"))
    return table.join(F.broadcast(since), "ticker").filter("date >= since").drop("since")


def _without(aside: DataFrame, table: DataFrame, arguments: Arguments) -> DataFrame:
    """The table without the rows that are set aside, as it is now staged; they go to quarantine."""
    aside.write.mode("overwrite").json(arguments.url(layout.quarantine(arguments.run, DAILY_PRICES.name)))
    kept = table.join(F.broadcast(aside.select(*DAILY_PRICES.key)), list(DAILY_PRICES.key), "left_anti")
    staging.write_daily_prices(kept, arguments, staging.QUALITY)
    return staging.read_daily_prices(arguments, staging.QUALITY)


def _held(table: DataFrame) -> dict[str, dict[str, Any]]:
    """Per ticker its first and last session, and how many it has."""
    rows = table.groupBy("ticker").agg(
        F.min("date").alias("first"), F.max("date").alias("last"), F.count(F.lit(1)).alias("sessions")
    )
    return {
        row["ticker"]: {"first": str(row["first"]), "last": str(row["last"]), "sessions": row["sessions"]}
        for row in rows.collect()
    }


def _missing(table: DataFrame, held: dict[str, dict[str, Any]]) -> dict[str, list[str]]:
    """Per ticker with gaps, the NYSE's sessions between its first and last that have no bar."""
    expected = {
        ticker: calendar.sessions(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
        for ticker, row in held.items()
    }
    gappy = [ticker for ticker, row in held.items() if row["sessions"] < len(expected[ticker])]
    found = days_by_ticker(table.filter(F.col("ticker").isin(gappy))) if gappy else {}
    return {ticker: sorted({str(day) for day in expected[ticker]} - set(found[ticker])) for ticker in gappy}


if __name__ == "__main__":
    main("quality", run)
