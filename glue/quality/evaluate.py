"""Evaluates the rules on a table and on the tickers of a snapshot."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.quality.features import IS_CONTEXT, with_market_features, with_row_features, with_ticker_features
from glue.quality.findings import Finding, finding
from glue.quality.rules import FLAG_RULES, TABLE_RULES, RuleScope, TableRule, schema_faults
from glue.quality.ticker_rules import TICKER_RULES, TickerSummary

_MAX_EXAMPLES = 20
_BROKEN = "broken"
# The columns that the next scope needs. Rows are kept narrow, because a large lake sorts and spills millions of them.
_FROM_ROW_SCOPE = (
    "ticker", "date", "session_number", "open", "close", "volume", "split_factor", "upper_wick", "lower_wick",
    "bar_hash", "raw_close", "raw_volume", IS_CONTEXT, _BROKEN,
)  # fmt: skip
_FROM_TICKER_SCOPE = (
    "ticker", "date", "raw_volume", "move", "sigma", "upper_wick", "lower_wick", "upper_wick_ratio", "lower_wick_ratio",
    "volume_ratio", "volume_sigma", _BROKEN,
)  # fmt: skip


def violations_in(table: DataFrame) -> DataFrame:
    """`ticker`, `date` and `rule` of rows of `daily_prices`: one row for each rule that a row breaks.

    Rows with `is_context` are only read for the features of later rows.
    """
    rows = table if IS_CONTEXT in table.columns else table.withColumn(IS_CONTEXT, F.lit(False))
    own = _marked("row", with_row_features(rows.withColumn(_BROKEN, F.lit(0).cast("bigint")))).select(*_FROM_ROW_SCOPE)
    of_ticker = _marked("ticker", with_ticker_features(own)).filter(f"not {IS_CONTEXT}")
    marked = _marked("market", with_market_features(of_ticker.select(*_FROM_TICKER_SCOPE)))
    marks = ((rule.slug, f"{_BROKEN} & {1 << place}L != 0") for place, rule in enumerate(TABLE_RULES))
    return _named(marked.filter(f"{_BROKEN} != 0"), marks)


def flags_of(found: DataFrame) -> DataFrame:
    """`ticker`, `date` and `flags`, the broken FLAG_RULES in alphabetical order, from `violations_in`."""
    flagging = found.filter(F.col("rule").isin(*(rule.slug for rule in FLAG_RULES)))
    slugs = F.array_join(F.array_sort(F.collect_list("rule")), ",")
    return flagging.groupBy("ticker", "date").agg(slugs.alias("flags"))


def evaluate_schema(table: DataFrame) -> list[Finding]:
    """Whether the columns are as declared. If not, the other rules cannot be evaluated."""
    faults = schema_faults(table)
    catches = f"the columns are not as declared: {'; '.join(faults)}"
    return [finding("schema", "block", len(faults), catches)] if faults else []


def evaluate_tickers(summaries: Mapping[str, TickerSummary]) -> list[Finding]:
    """The findings in what a snapshot holds of its tickers."""
    findings = []
    for rule in TICKER_RULES:
        broken = sorted(ticker for ticker, summary in summaries.items() if rule.broken(summary))
        examples = [{"ticker": ticker, "date": str(rule.day(summaries[ticker]))} for ticker in broken[:_MAX_EXAMPLES]]
        if broken:
            findings.append(finding(rule.slug, rule.severity, len(broken), rule.catches, examples))
    return findings


def findings_of(found: DataFrame, rules: Iterable[TableRule]) -> list[Finding]:
    """A finding for every broken rule, in the order of `rules`."""
    by_rule = Window.partitionBy("rule")
    counted = (
        found.withColumn("count", F.count(F.lit(1)).over(by_rule))
        .withColumn("place", F.row_number().over(by_rule.orderBy("ticker", "date")))
        .filter(F.col("place") <= _MAX_EXAMPLES)
    )
    by_slug: dict[str, list[Any]] = {}
    for row in sorted(counted.collect(), key=lambda row: row["place"]):
        by_slug.setdefault(row["rule"], []).append(row)
    return [_finding(rule, by_slug[rule.slug]) for rule in rules if rule.slug in by_slug]


def _marked(scope: RuleScope, rows: DataFrame) -> DataFrame:
    """Set in `broken` the bits of the broken rules of one scope; a rule's bit is its place in TABLE_RULES.

    A bigint and not an array of names: Spark compiles the bit operations, and sorts rows of a fixed width faster.
    """
    bits = ((1 << place, rule) for place, rule in enumerate(TABLE_RULES) if rule.scope == scope)
    marks = (f"if({rule.broken}, {bit}L, 0L)" for bit, rule in bits)
    return rows.withColumn(_BROKEN, F.expr(" | ".join((_BROKEN, *marks))))


def _named(rows: DataFrame, conditions: Iterable[tuple[str, str]]) -> DataFrame:
    names = ", ".join(f"if({condition}, '{slug}', null)" for slug, condition in conditions)
    return rows.select("ticker", "date", F.explode(F.array_compact(F.expr(f"array({names})"))).alias("rule"))


def _finding(rule: TableRule, rows: Sequence[Any]) -> Finding:
    examples = tuple({"ticker": row["ticker"], "date": str(row["date"])} for row in rows)
    return finding(rule.slug, rule.severity, rows[0]["count"], rule.catches, examples)
