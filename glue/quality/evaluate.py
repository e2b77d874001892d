"""The rules, applied: what a table, its changes and its tickers break."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.quality.features import IS_CONTEXT, with_market, with_own, with_ticker
from glue.quality.rules import RESTATED, TABLE_RULES, Sight, TableRule, schema_faults
from glue.quality.ticker_rules import TICKER_RULES, Held
from glue.snapshots.job_reports import Finding, finding

_EXAMPLES = 20
_BROKEN = "broken"
# What is carried on from one sight to the next: rows are narrow where millions of them are sorted or kept.
_OF_A_ROW = (
    "ticker", "date", "session_number", "open", "close", "volume", "split_factor", "up", "down", "bar_print",
    "raw_close", "raw_volume", IS_CONTEXT, _BROKEN,
)  # fmt: skip
_OF_A_TICKER = (
    "ticker", "date", "raw_volume", "move", "sigma", "up", "down", "up_ratio", "down_ratio", "volume_ratio", _BROKEN,
)  # fmt: skip


def judge(table: DataFrame, newest: date) -> tuple[list[Finding], dict[str, date]]:
    """What the rows of `daily_prices` break, and per ticker the first session that a quarantine rule names.

    Rows with `is_context` stand before those that are judged, and are not judged themselves.
    """
    rows = table if IS_CONTEXT in table.columns else table.withColumn(IS_CONTEXT, F.lit(False))
    own = _judged_by("row", with_own(rows.withColumn(_BROKEN, F.lit(0).cast("bigint")))).select(*_OF_A_ROW)
    of_ticker = _judged_by("ticker", with_ticker(own, newest)).filter(f"not {IS_CONTEXT}")
    offending = _by_name(_judged_by("market", with_market(of_ticker.select(*_OF_A_TICKER)))).persist()
    findings = findings_of(offending, TABLE_RULES)
    since = _first_set_aside(offending) if any(found.severity == "quarantine" for found in findings) else {}
    offending.unpersist()
    return findings, since


def _judged_by(sight: Sight, rows: DataFrame) -> DataFrame:
    """Mark in `broken` the rules of one sight: a bit each, by its place in TABLE_RULES, which Spark can compile."""
    marks = (f"if({rule.broken}, {1 << place}L, 0L)" for place, rule in enumerate(TABLE_RULES) if rule.sight == sight)
    return rows.withColumn(_BROKEN, F.expr(" | ".join((_BROKEN, *marks))))


def _by_name(marked: DataFrame) -> DataFrame:
    """As `offences`, of rows marked by `_judged_by`."""
    marks = ((rule.slug, f"{_BROKEN} & {1 << place}L != 0") for place, rule in enumerate(TABLE_RULES))
    return _named(marked.filter(f"{_BROKEN} != 0"), marks)


def _first_set_aside(offending: DataFrame) -> dict[str, date]:
    rules = [rule.slug for rule in TABLE_RULES if rule.severity == "quarantine"]
    since = offending.filter(F.col("rule").isin(rules)).groupBy("ticker").agg(F.min("date").alias("since"))
    return {row["ticker"]: row["since"] for row in since.collect()}


def judge_schema(table: DataFrame) -> list[Finding]:
    """Whether the columns are the declared ones; the other rules have nothing to go by where they are not."""
    faults = schema_faults(table)
    catches = f"the columns are not as declared: {'; '.join(faults)}"
    return [finding("schema", "block", len(faults), catches)] if faults else []


def judge_changes(changes: DataFrame) -> list[Finding]:
    """What the new records change of what is published, as clean has staged it."""
    return findings_of(offences(changes, (RESTATED,)), (RESTATED,))


def judge_tickers(held: Mapping[str, Held]) -> list[Finding]:
    """What a snapshot holds of its tickers."""
    findings = []
    for rule in TICKER_RULES:
        broken = sorted(ticker for ticker, one in held.items() if rule.broken(one))
        examples = [{"ticker": ticker, "date": str(rule.day(held[ticker]))} for ticker in broken[:_EXAMPLES]]
        if broken:
            findings.append(finding(rule.slug, rule.severity, len(broken), rule.catches, examples))
    return findings


def offences(rows: DataFrame, rules: Sequence[TableRule]) -> DataFrame:
    """One row, `ticker`, `date` and `rule`, a rule that a row breaks."""
    return _named(rows, ((rule.slug, rule.broken) for rule in rules))


def _named(rows: DataFrame, broken: Iterable[tuple[str, str]]) -> DataFrame:
    names = ", ".join(f"if({condition}, '{slug}', null)" for slug, condition in broken)
    return rows.select("ticker", "date", F.explode(F.array_compact(F.expr(f"array({names})"))).alias("rule"))


def findings_of(offending: DataFrame, rules: Iterable[TableRule]) -> list[Finding]:
    """Every broken rule, in the order of `rules`."""
    by_rule = Window.partitionBy("rule")
    counted = (
        offending.withColumn("count", F.count(F.lit(1)).over(by_rule))
        .withColumn("place", F.row_number().over(by_rule.orderBy("ticker", "date")))
        .filter(F.col("place") <= _EXAMPLES)
    )
    found: dict[str, list[Any]] = {}
    for row in sorted(counted.collect(), key=lambda row: row["place"]):
        found.setdefault(row["rule"], []).append(row)
    return [_finding(rule, found[rule.slug]) for rule in rules if rule.slug in found]


def _finding(rule: TableRule, rows: Sequence[Any]) -> Finding:
    examples = tuple({"ticker": row["ticker"], "date": str(row["date"])} for row in rows)
    return finding(rule.slug, rule.severity, rows[0]["count"], rule.catches, examples)
