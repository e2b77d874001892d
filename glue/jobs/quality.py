"""Quality: the gate. A blocking finding ends the run, quarantined rows leave the table, warnings are reported."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.increments.scope import FirstYears
from glue.job import RowCounts, main
from glue.merge.price_changes import read_price_changes
from glue.quality.evaluate import evaluate_changes, evaluate_schema, evaluate_table, evaluate_tickers
from glue.quality.features import IS_CONTEXT, context_start
from glue.quality.findings import Finding, finding
from glue.quality.ticker_rules import ticker_summaries
from glue.snapshots import inventory, job_reports, staging
from glue.snapshots.inventory import Sessions
from glue.snapshots.job_reports import CleanReport, QualityReport, TransformReport
from glue.snapshots.staging import CLEAN, QUALITY, TRANSFORM, Staged
from glue.spark import dates_by_ticker, literal_frame, spark_session
from lake import layout
from lake.errors import LakeError
from lake.snapshot import Manifest, published_at, read_manifest
from lake.tables import DAILY_PRICES, RAW_PRICES
from lake.universe import universe


class RefusedError(LakeError):
    """The gate refuses the run; the old snapshot stays."""


def run(arguments: Arguments) -> RowCounts:
    """Evaluate every rule on what this run changes, and report to publish what may be published."""
    clean = job_reports.read(arguments, CLEAN, CleanReport)
    transform = job_reports.read(arguments, TRANSFORM, TransformReport)
    served = read_manifest(arguments.storage, clean.built_on) if clean.built_on else None
    base = served if clean.base else None
    staged = job_reports.staged_of(clean, transform)

    # First and alone: the other rules are SQL on these columns, and fail where they are missing.
    _refuse_if_blocked(arguments, _schema_findings(arguments, staged))
    rows = _rows_to_evaluate(arguments, base, transform, staged)
    row_findings, first_quarantined = evaluate_table(rows, _newest_session(base, transform))
    findings = _change_findings(arguments, clean, staged) + row_findings
    staged, quarantined = _quarantine(arguments, staged, first_quarantined)
    sessions = inventory.sessions_by_ticker(arguments, base, staged)
    findings += _ticker_findings(sessions, served)
    if not sessions:
        findings = [finding("empty", "block", 1, "no ticker has both bars and known splits")]
    _refuse_if_blocked(arguments, findings)

    waiting = dates_by_ticker(quarantined) if quarantined else {}
    report = QualityReport(
        staged=[asdict(one) for one in staged],
        tables=inventory.row_counts(arguments, base, staged, sessions),
        held=sessions,
        waiting={ticker: days[0] for ticker, days in waiting.items()},
        findings=[asdict(found) for found in findings],
        **inventory.gaps(arguments, base, staged, sessions, [clean.refused, waiting]),
    )
    arguments.storage.write(staging.report_key(arguments.run, QUALITY), job_reports.to_json(report))
    published, set_aside = sum(row["sessions"] for row in sessions.values()), sum(map(len, waiting.values()))
    return RowCounts(published + set_aside, published, set_aside)


def _schema_findings(arguments: Arguments, staged: Sequence[Staged]) -> list[Finding]:
    """Of the staged files, read without the declared schema, which would hide every difference."""
    places = [one.place for one in staged if one.table == DAILY_PRICES.name and one.years]
    if not places:
        return []
    return evaluate_schema(spark_session().read.parquet(arguments.url(places[0])))


def _rows_to_evaluate(
    arguments: Arguments, base: Manifest | None, transform: TransformReport, staged: Sequence[Staged]
) -> DataFrame:
    """The rows that transform computed, and as context the published sessions before them."""
    years = staging.staged_years(staged, DAILY_PRICES.name)
    rows = staging.read_after_run(arguments, None, staged, DAILY_PRICES, years)
    if base is None or transform.computed is None:
        return rows.withColumn(IS_CONTEXT, F.lit(False))
    scope = F.broadcast(_scope_frame(base, transform.computed))
    before = {year - 1 for year in transform.computed.values()}
    served = staging.read_base_table(arguments, base.snapshot, DAILY_PRICES, before)
    computed = rows.join(scope, "ticker").filter("year >= first_year").withColumn(IS_CONTEXT, F.lit(False))
    context = served.join(scope, "ticker").filter("year = first_year - 1 and date >= context_start")
    return computed.unionByName(context.withColumn(IS_CONTEXT, F.lit(True))).drop("first_year", "context_start")


def _scope_frame(base: Manifest, first_years: FirstYears) -> DataFrame:
    """Of each computed ticker `first_year`, and `context_start`, in the year before it."""
    rows = (
        {"ticker": ticker, "first_year": year, "context_start": str(context_start(base.tickers.get(ticker), year))}
        for ticker, year in first_years.items()
    )
    return literal_frame(rows, "ticker string, first_year int, context_start date")


def _newest_session(base: Manifest | None, transform: TransformReport) -> date:
    """The last session of the new snapshot, quarantined rows included."""
    days = [date.fromisoformat(latest["last"]) for latest in transform.heads.values()]
    return max([*days, *((base.as_of,) if base else ())], default=date.min)


def _change_findings(arguments: Arguments, clean: CleanReport, staged: Sequence[Staged]) -> list[Finding]:
    """Restatements, where new prices were merged into those of a base."""
    if clean.base is None or layout.current_records(RAW_PRICES.name) not in {one.table for one in staged}:
        return []
    return evaluate_changes(read_price_changes(arguments))


def _ticker_findings(sessions: Sessions, served: Manifest | None) -> list[Finding]:
    before = {ticker: entry.sessions for ticker, entry in served.tickers.items()} if served else {}
    return evaluate_tickers(ticker_summaries(sessions, before, universe()))


def _refuse_if_blocked(arguments: Arguments, findings: Sequence[Finding]) -> None:
    """Write the refusal where operators and `/health` find it, and end the run."""
    blocking = [found for found in findings if found.severity == "block"]
    if not blocking:
        return
    at = published_at(arguments.run).isoformat()
    refusal = {"run": arguments.run, "at": at, "findings": [asdict(found) for found in blocking]}
    data = json.dumps(refusal, indent=1).encode()
    arguments.storage.write(layout.quarantine(arguments.run, "report.json"), data)
    arguments.storage.write(layout.LAST_REFUSAL, data)
    reasons = "; ".join(f"{found.rule}: {found.sentence}" for found in blocking)
    raise RefusedError(f"run {arguments.run} is refused, the old snapshot stays: {reasons}")


def _quarantine(
    arguments: Arguments, staged: list[Staged], first_quarantined: dict[str, date]
) -> tuple[list[Staged], DataFrame | None]:
    """Take a ticker's rows from its first quarantined session on out of the table: later rows depend on that one."""
    if not first_quarantined:
        return staged, None
    first = min(first_quarantined.values()).year
    years = {year for year in staging.staged_years(staged, DAILY_PRICES.name) if year >= first}
    table = staging.read_after_run(arguments, None, staged, DAILY_PRICES, years)
    days = ({"ticker": ticker, "since": str(day)} for ticker, day in first_quarantined.items())
    marked = table.join(F.broadcast(literal_frame(days, "ticker string, since date")), "ticker", "left")
    quarantined = marked.filter("date >= since").drop("since").cache()  # written here, and read for the report
    quarantined.write.mode("overwrite").json(arguments.url(layout.quarantine(arguments.run, DAILY_PRICES.name)))
    remaining = marked.filter("since is null or date < since").drop("since").repartition(staging.YEAR)
    place = staging.write_years(remaining, arguments, QUALITY, DAILY_PRICES).place
    return [*_without_price_years(staged, years), Staged(DAILY_PRICES.name, place, sorted(years))], quarantined


def _without_price_years(staged: Sequence[Staged], years: set[int]) -> list[Staged]:
    return [
        Staged(one.table, one.place, sorted(set(one.years) - years))
        if one.table == DAILY_PRICES.name and one.years is not None
        else one
        for one in staged
    ]


if __name__ == "__main__":
    main("quality", run)
