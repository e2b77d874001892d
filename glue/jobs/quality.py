"""Quality: the gate. What blocks ends the run here; what is set aside leaves the table; the rest is said."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.frames import frame_of
from glue.increments.scope import FirstYears
from glue.job import Rows, main
from glue.merge import merge
from glue.quality.evaluate import judge, judge_changes, judge_schema, judge_tickers
from glue.quality.features import IS_CONTEXT, context_since
from glue.quality.ticker_rules import held_of
from glue.snapshots import inventory, job_reports, staging
from glue.snapshots.job_reports import CleanReport, Finding, QualityReport, TransformReport, finding
from glue.snapshots.staging import CLEAN, QUALITY, TRANSFORM, Staged
from glue.spark import spark_session
from lake import layout
from lake.errors import LakeError
from lake.snapshot import Manifest, published_at, read_manifest
from lake.tables import DAILY_PRICES, RAW_PRICES
from lake.universe import universe


class RefusedError(LakeError):
    """The gate let nothing through; the old snapshot stays."""


def run(arguments: Arguments) -> Rows:
    """Judge what this run changes by every rule, and tell publish what may be served."""
    clean = job_reports.read(arguments, CLEAN, CleanReport)
    transform = job_reports.read(arguments, TRANSFORM, TransformReport)
    served = read_manifest(arguments.storage, clean.built_on) if clean.built_on else None
    base = served if clean.base else None
    staged = job_reports.staged_of(clean, transform)

    _refuse_if_blocked(arguments, _judge_schema(arguments, staged))
    findings, since = judge(_judged(arguments, base, transform, staged), _newest(base, transform))
    if clean.base and layout.kept(RAW_PRICES.name) in {one.table for one in staged}:
        findings = judge_changes(merge.changes(arguments)) + findings
    staged, aside = _set_aside(arguments, staged, since)
    held = inventory.held(arguments, base, staged)
    before = {ticker: entry.sessions for ticker, entry in served.tickers.items()} if served else {}
    findings += judge_tickers(held_of(held, before, universe()))
    if not held:
        findings = [finding("empty", "block", 1, "no ticker has both bars and known splits")]
    _refuse_if_blocked(arguments, findings)

    waiting = job_reports.days_by_ticker(aside) if aside else {}
    told = QualityReport(
        staged=[asdict(one) for one in staged],
        tables=inventory.counts(arguments, base, staged, held),
        held=held,
        waiting={ticker: days[0] for ticker, days in waiting.items()},
        findings=[asdict(found) for found in findings],
        **inventory.gaps(arguments, base, staged, held, [clean.refused, waiting]),
    )
    arguments.storage.write(staging.report_key(arguments.run, QUALITY), job_reports.to_json(told))
    written, set_aside = sum(row["sessions"] for row in held.values()), sum(map(len, waiting.values()))
    return Rows(written + set_aside, written, set_aside)


def _judged(
    arguments: Arguments, base: Manifest | None, transform: TransformReport, staged: Sequence[Staged]
) -> DataFrame:
    """What transform computed, and as context the sessions before it."""
    years = staging.staged_years(staged, DAILY_PRICES.name)
    rows = staging.rows_after(arguments, None, staged, DAILY_PRICES, years)
    if base is None or transform.computed is None:
        return rows.withColumn(IS_CONTEXT, F.lit(False))
    computed = F.broadcast(_computed_frame(base, transform.computed))
    served = staging.read_base(arguments, base.snapshot, DAILY_PRICES, {y - 1 for y in transform.computed.values()})
    judged = rows.join(computed, "ticker").filter("year >= first_year").withColumn(IS_CONTEXT, F.lit(False))
    context = served.join(computed, "ticker").filter("year = first_year - 1 and date >= context_since")
    return judged.unionByName(context.withColumn(IS_CONTEXT, F.lit(True))).drop("first_year", "context_since")


def _computed_frame(base: Manifest, years: FirstYears) -> DataFrame:
    """Of each computed ticker `first_year`, and from which day of the year before on it has context."""
    rows = (
        {"ticker": ticker, "first_year": year, "context_since": str(context_since(base.tickers.get(ticker), year))}
        for ticker, year in years.items()
    )
    return frame_of(rows, "ticker string, first_year int, context_since date")


def _judge_schema(arguments: Arguments, staged: Sequence[Staged]) -> list[Finding]:
    """Of the staged files as they are, not as they are declared."""
    places = [one.place for one in staged if one.table == DAILY_PRICES.name and one.years]
    if not places:
        return []
    return judge_schema(spark_session().read.parquet(arguments.url(places[0])))


def _newest(base: Manifest | None, transform: TransformReport) -> date:
    """The last session of the snapshot to be, with what may yet be set aside."""
    days = [date.fromisoformat(head["last"]) for head in transform.heads.values()]
    return max([*days, *((base.as_of,) if base else ())], default=date.min)


def _refuse_if_blocked(arguments: Arguments, findings: Sequence[Finding]) -> None:
    """Leave the refusal where people and `/health` find it, and end the run."""
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


def _set_aside(
    arguments: Arguments, staged: list[Staged], since: dict[str, date]
) -> tuple[list[Staged], DataFrame | None]:
    """From the first session that a quarantine rule names a ticker's rows leave: what follows it stands on it."""
    if not since:
        return staged, None
    first = min(since.values()).year
    years = {year for year in staging.staged_years(staged, DAILY_PRICES.name) if year >= first}
    table = staging.rows_after(arguments, None, staged, DAILY_PRICES, years)
    days = ({"ticker": ticker, "since": str(day)} for ticker, day in since.items())
    frame = F.broadcast(frame_of(days, "ticker string, since date"))
    marked = table.join(frame, "ticker", "left")
    aside = marked.filter("date >= since").drop("since").cache()
    aside.write.mode("overwrite").json(arguments.url(layout.quarantine(arguments.run, DAILY_PRICES.name)))
    kept = marked.filter("since is null or date < since").drop("since").repartition(staging.YEAR)
    place = staging.write_years(kept, arguments, QUALITY, DAILY_PRICES).place
    return [*_without(staged, years), Staged(DAILY_PRICES.name, place, sorted(years))], aside


def _without(staged: Sequence[Staged], years: set[int]) -> list[Staged]:
    """What is staged but for those years of the prices."""
    return [
        Staged(one.table, one.place, sorted(set(one.years) - years))
        if one.table == DAILY_PRICES.name and one.years is not None
        else one
        for one in staged
    ]


if __name__ == "__main__":
    main("quality", run)
