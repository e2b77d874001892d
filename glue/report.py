"""What the rules found, and what each job tells the next: small JSON files beside the data."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.checks import Severity, TableRule

_EXAMPLES = 20


@dataclass(frozen=True)
class Finding:
    """One rule that was broken: how often, in a sentence, and up to twenty examples of ticker and date."""

    rule: str
    severity: Severity
    count: int
    sentence: str
    examples: tuple[dict[str, str], ...] = ()


@dataclass(frozen=True)
class CleanReport:
    """What clean read and kept. Dates and times are ISO; `refused` are sessions of which only bad bars came."""

    built_on: str | None
    raw_objects: list[str]
    sources: list[str]
    fetched_at: dict[str, str]
    splits_seen: dict[str, str]
    dividends_seen: dict[str, str]
    refused: dict[str, list[str]]
    findings: list[dict[str, Any]]


@dataclass(frozen=True)
class QualityReport:
    """What the gate let through: the table's prefix, and per ticker what it holds, misses and had refused."""

    table: str
    held: dict[str, dict[str, Any]]
    missing: dict[str, list[str]]
    refused: dict[str, list[str]]
    findings: list[dict[str, Any]]


def to_json(report: CleanReport | QualityReport) -> bytes:
    """The report as the next job reads it with `CleanReport(**json.loads(…))`."""
    return json.dumps(asdict(report), indent=1).encode()


def days_by_ticker(rows: DataFrame) -> dict[str, list[str]]:
    """The ISO days of rows with a ticker and a date, ascending, by ticker. For the few rows that a report names."""
    days: dict[str, list[str]] = {}
    for row in rows.select("ticker", "date").orderBy("ticker", "date").collect():
        days.setdefault(row["ticker"], []).append(row["date"].isoformat())
    return days


def evaluate(table: DataFrame, rules: Sequence[TableRule]) -> list[Finding]:
    """Every broken rule, in the order of `rules`, from one pass over a table with its context."""
    offending = table.select("ticker", "date", F.explode(_broken_rules(rules)).alias("rule"))
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


def finding(
    rule: str, severity: Severity, count: int, catches: str, examples: Sequence[dict[str, str]] = ()
) -> Finding:
    """A finding with its sentence: the first few places, and how many more there are."""
    places = [f"{example['ticker']} {example['date']}" for example in examples[:3]]
    more = f" and {count - len(places)} more" if count > len(places) else ""
    where = f" ({', '.join(places)}{more})" if places else f" ({count})"
    return Finding(rule, severity, count, f"{catches}{where}", tuple(examples))
