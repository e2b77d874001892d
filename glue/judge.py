"""The rules, applied: what a table, its changes and its tickers break."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.checks import RESTATED, TABLE_RULES, TableRule, schema_faults
from glue.context import IS_CONTEXT, with_context
from glue.report import Finding, finding
from glue.ticker_rules import TICKER_RULES, Held

_EXAMPLES = 20


def judge(table: DataFrame, newest: date) -> tuple[list[Finding], dict[str, date]]:
    """What the rows of `daily_prices` break, and per ticker the first session that a quarantine rule names.

    Rows with `is_context` stand before those that are judged, and are not judged themselves.
    """
    rows = table if IS_CONTEXT in table.columns else table.withColumn(IS_CONTEXT, F.lit(False))
    context = with_context(rows, newest)
    offending = offences(context.filter(f"not {IS_CONTEXT}"), TABLE_RULES).persist()
    setting_aside = [rule.slug for rule in TABLE_RULES if rule.severity == "quarantine"]
    since = offending.filter(F.col("rule").isin(setting_aside)).groupBy("ticker").agg(F.min("date").alias("since"))
    found = findings_of(offending, TABLE_RULES), {row["ticker"]: row["since"] for row in since.collect()}
    offending.unpersist()
    return found


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
    return rows.select("ticker", "date", F.explode(_broken_rules(rules)).alias("rule"))


def findings_of(offending: DataFrame, rules: Iterable[TableRule]) -> list[Finding]:
    """Every broken rule, in the order of `rules`."""
    by_rule = Window.partitionBy("rule")
    counted = (
        offending.withColumn("count", F.count(F.lit(1)).over(by_rule))
        .withColumn("place", F.row_number().over(by_rule.orderBy("ticker", "date")))
        .filter(F.col("place") <= _EXAMPLES)
    )
    found: dict[str, list[Any]] = {}
    for row in counted.orderBy("rule", "place").collect():
        found.setdefault(row["rule"], []).append(row)
    return [_finding(rule, found[rule.slug]) for rule in rules if rule.slug in found]


def _broken_rules(rules: Sequence[TableRule]) -> Column:
    """The names of the rules that a row breaks, as an array."""
    names = F.array(*(F.when(rule.broken(), F.lit(rule.slug)) for rule in rules))
    return F.filter(names, lambda name: name.isNotNull())


def _finding(rule: TableRule, rows: Sequence[Any]) -> Finding:
    examples = tuple({"ticker": row["ticker"], "date": str(row["date"])} for row in rows)
    return finding(rule.slug, rule.severity, rows[0]["count"], rule.catches, examples)
