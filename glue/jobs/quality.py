"""Quality: the gate. A blocking finding ends the run, warnings become flags of their rows and are reported."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.freeze.held import BAR, RECORD, Held, days_of, findings_of_held, to_dicts
from glue.increments.flags import Flags, flagged_years, unchanged_flags
from glue.job import RowCounts, main
from glue.quality.evaluate import evaluate_schema, evaluate_tickers, findings_of, flags_of, violations_in
from glue.quality.features import IS_CONTEXT, context_start
from glue.quality.findings import Finding, finding
from glue.quality.rules import TABLE_RULES
from glue.quality.ticker_rules import ticker_summaries
from glue.snapshots import inventory, job_reports, staging
from glue.snapshots.inventory import Sessions
from glue.snapshots.job_reports import CleanReport, QualityReport, TransformReport
from glue.snapshots.staging import CLEAN, QUALITY, TRANSFORM, Staged
from glue.spark import literal_frame, named, spark_session
from lake import layout
from lake.errors import LakeError
from lake.snapshot import Manifest, published_at, read_manifest
from lake.tables import DAILY_PRICES
from lake.universe import universe


class RefusedError(LakeError):
    """The gate refuses the run: nothing of it is published."""


def run(arguments: Arguments) -> RowCounts:
    """Evaluate every rule on the sessions that this run changes, flag the rows, and report what may be published."""
    clean = job_reports.read(arguments, CLEAN, CleanReport)
    transform = job_reports.read(arguments, TRANSFORM, TransformReport)
    served = read_manifest(arguments.storage, clean.built_on) if clean.built_on else None
    base = served if clean.base else None
    staged = job_reports.staged_of(clean, transform)
    held = [Held.from_dict(one) for one in (*clean.held, *transform.held)]

    # First and alone: the other rules are SQL on these columns, and fail where they are missing.
    _refuse_if_blocked(arguments, served, _schema_findings(arguments, staged))
    # Persisted because several queries read it. It has the violations only, which are few.
    first = _first_evaluated(transform, staged)
    found = violations_in(_rows_to_evaluate(arguments, base, staged, first)).persist()
    with named("evaluate the quality rules"):
        findings = findings_of(found, TABLE_RULES)
    sessions, counts = inventory.content(arguments, base, staged)
    findings += _ticker_findings(sessions, served, held)
    if not sessions:
        findings = [finding("empty", "block", 1, "no ticker has both bars and known splits")]
    _refuse_if_blocked(arguments, served, findings)

    with named("write the flags"):
        flagged = _flagged(found) if findings else {}
        staged = _with_flags(arguments, staged, found, flagged)
    found.unpersist()
    if base:
        unchanged = unchanged_flags(base, staging.staged_years(staged, DAILY_PRICES.name), first)
        flagged = {one: unchanged.get(one, {}) | flagged.get(one, {}) for one in unchanged.keys() | flagged.keys()}
    waiting = days_of(BAR, held)
    if held:
        lines = "".join(json.dumps(one) + "\n" for one in to_dicts(held))
        arguments.storage.write(layout.quarantine(arguments.run, "held.json"), lines.encode())
    report = QualityReport(
        staged=[asdict(one) for one in staged],
        tables=counts,
        sessions=sessions,
        flagged=flagged,
        findings=[asdict(one) for one in (*findings_of_held(held), *findings)],
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


def _first_evaluated(transform: TransformReport, staged: Sequence[Staged]) -> date:
    """The first session that is evaluated: the first that changes, or the first of the years that are written."""
    changed_from = date.fromisoformat(transform.changed_from) if transform.changed_from else date.min
    years = staging.staged_years(staged, DAILY_PRICES.name)
    return max(changed_from, date(min(years), 1, 1)) if years else changed_from


def _rows_to_evaluate(arguments: Arguments, base: Manifest | None, staged: Sequence[Staged], first: date) -> DataFrame:
    """The written rows from the session `first` on, and as context the sessions before them.

    Of every ticker, not only of those that were computed: what is unusual on a day is measured by all of them, so that
    only then the flags are those of a full rebuild.
    """
    years = staging.staged_years(staged, DAILY_PRICES.name)
    rows = staging.read_after_run(arguments, None, staged, DAILY_PRICES, years)
    if base is None or not years:
        return rows.withColumn(IS_CONTEXT, F.lit(False))
    starts = {ticker: min(first, context_start(one, first)) for ticker, one in base.tickers.items()}
    if min(starts.values(), default=first).year < min(years):
        served = staging.read_base_table(arguments, base.snapshot, DAILY_PRICES, {min(years) - 1})
        rows = rows.unionByName(served)
    listed = ({"ticker": ticker, "start": str(day)} for ticker, day in starts.items())
    started = rows.join(F.broadcast(literal_frame(listed, "ticker string, start date")), "ticker", "left")
    chosen = started.filter(F.col("date") >= F.coalesce("start", F.lit(first))).drop("start")
    return chosen.withColumn(IS_CONTEXT, F.col("date") < F.lit(first))


def _ticker_findings(sessions: Sessions, served: Manifest | None, held: Sequence[Held]) -> list[Finding]:
    # A bar that is held back may have been published by a version that did not hold it back.
    gone = Counter(one.ticker for one in held if one.kind in (BAR, RECORD))
    before = {ticker: entry.sessions - gone[ticker] for ticker, entry in served.tickers.items()} if served else {}
    return evaluate_tickers(ticker_summaries(sessions, before, universe()))


def _refuse_if_blocked(arguments: Arguments, served: Manifest | None, findings: Sequence[Finding]) -> None:
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
    stays = f"snapshot {served.snapshot} stays served" if served else "nothing is published yet"
    raise RefusedError(f"run {arguments.run} is refused, {stays}: {reasons}")


def _flagged(found: DataFrame) -> Flags:
    """By ticker and date the flags of its row."""
    flagged: Flags = {}
    for row in sorted(flags_of(found).collect(), key=lambda row: (row["ticker"], row["date"])):
        flagged.setdefault(row["ticker"], {})[str(row["date"])] = row["flags"]
    return flagged


def _with_flags(arguments: Arguments, staged: list[Staged], found: DataFrame, flagged: Flags) -> list[Staged]:
    """Write the years again in which this run flags rows. Rows that are not evaluated keep their flags."""
    years = staging.staged_years(staged, DAILY_PRICES.name) & flagged_years(flagged)
    if not years:
        return staged
    table = staging.read_after_run(arguments, None, staged, DAILY_PRICES, years)
    flags = flags_of(found).withColumnRenamed("flags", "found_flags")
    joined = table.join(F.broadcast(flags), ["ticker", "date"], "left")
    flagged_rows = joined.withColumn("flags", F.coalesce("found_flags", "flags"))
    rows = flagged_rows.select(*DAILY_PRICES.column_names, staging.YEAR)
    place = staging.write_years(rows, arguments, QUALITY, DAILY_PRICES).place
    return [*_without_price_years(staged, years), Staged(DAILY_PRICES.name, place, sorted(years))]


def _without_price_years(staged: Sequence[Staged], years: set[int]) -> list[Staged]:
    return [
        Staged(one.table, one.place, sorted(set(one.years) - years))
        if one.table == DAILY_PRICES.name and one.years is not None
        else one
        for one in staged
    ]


if __name__ == "__main__":
    main("quality", run)
