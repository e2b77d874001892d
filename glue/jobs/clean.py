"""Clean: raw records → one typed, sound record a key; what is malformed is set aside with the rule it breaks."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue import staging
from glue.arguments import Arguments
from glue.checks import BROKEN_LINE, ISO_DAY, RECORD_RULES
from glue.job import Rows, main
from glue.report import CleanReport, Finding, days_by_ticker, finding, to_json
from glue.session import spark_session
from glue.transforms import newest_by_key, with_session_number
from lake import layout
from lake.snapshot import read_pointer
from lake.tables import RAW_DIVIDENDS, RAW_PRICES, RAW_SPLITS, RAW_TABLES, Table


def run(arguments: Arguments) -> Rows:
    """Read every raw record of the lake, and write the sound ones to staging."""
    staging.clear_orphans(arguments.storage, arguments.run)
    built_on = read_pointer(arguments.storage)
    keys = tuple(arguments.storage.list(layout.RAW))
    flagged = {table.name: _flagged(_read(arguments, keys, table), table) for table in RAW_TABLES.values()}
    counts = {kind: _count_by_rule(rows) for kind, rows in flagged.items()}
    for table in RAW_TABLES.values():
        sound = flagged[table.name].filter("rule is null")
        staging.write(newest_by_key(sound, table), arguments, staging.CLEAN, table.name)
        if any(counts[table.name]):
            _set_aside(flagged[table.name], arguments, table)
    prices = staging.read(arguments, staging.CLEAN, RAW_PRICES.name)
    held = _held(prices)
    report = CleanReport(
        built_on=built_on.snapshot if built_on else None,
        raw_objects=list(keys),
        sources=sorted({source for row in held for source in row["sources"]}),
        fetched_at={row["ticker"]: row["fetched_at"] for row in held},
        splits_seen=_seen(arguments, RAW_SPLITS),
        dividends_seen=_seen(arguments, RAW_DIVIDENDS),
        refused=_refused(flagged[RAW_PRICES.name], prices),
        findings=[asdict(found) for kind, rules in counts.items() for found in _findings(kind, rules)],
    )
    arguments.storage.write(staging.report_key(arguments.run, staging.CLEAN), to_json(report))
    return Rows(
        read=sum(rows for rules in counts.values() for rows in rules.values()),
        written=sum(row["bars"] for row in held),
        set_aside=sum(found["count"] for found in report.findings),
    )


def _read(arguments: Arguments, keys: Sequence[str], table: Table) -> DataFrame:
    """The records of one kind as they lie there, dates as dates; an unreadable line in the column `_broken_line`."""
    spark = spark_session()
    ddl = f"{table.ddl}, {BROKEN_LINE} string"
    urls = [arguments.url(key) for key in keys if layout.raw_kind_of(key) == table.name]
    if not urls:
        return spark.createDataFrame([], ddl)
    return spark.read.schema(ddl).json(
        urls, columnNameOfCorruptRecord=BROKEN_LINE, allowNonNumericNumbers=False, recursiveFileLookup=True
    )


def _flagged(records: DataFrame, table: Table) -> DataFrame:
    """Add `rule`: the first rule that a record breaks, else null."""
    if "date" in table.column_names:
        records = with_session_number(
            records.withColumn("date", F.when(F.col("date").rlike(ISO_DAY), F.to_date("date")))
        )
    broken = (F.when(rule.broken(""), rule.slug) for rule in RECORD_RULES[table.name])
    return records.withColumn("rule", F.coalesce(*broken)).cache()


def _count_by_rule(rows: DataFrame) -> dict[str | None, int]:
    return {row["rule"]: row["count"] for row in rows.groupBy("rule").count().collect()}


def _set_aside(rows: DataFrame, arguments: Arguments, table: Table) -> None:
    place = arguments.url(layout.quarantine(arguments.run, table.name))
    rows.filter("rule is not null").write.mode("overwrite").json(place)


def _held(prices: DataFrame) -> list[Any]:
    """Per ticker: how many bars, when its newest was fetched, and who the bars came from."""
    return prices.groupBy("ticker").agg(
        F.count(F.lit(1)).alias("bars"),
        F.max_by("fetched_at", "date").alias("fetched_at"),
        F.collect_set("source").alias("sources"),
    ).collect()  # fmt: skip


def _seen(arguments: Arguments, table: Table) -> dict[str, str]:
    """When each ticker's newest whole answer of that kind was fetched."""
    rows = staging.read(arguments, staging.CLEAN, table.name).select("ticker", "fetched_at").collect()
    return {row["ticker"]: row["fetched_at"] for row in rows}


def _refused(flagged: DataFrame, sound: DataFrame) -> dict[str, list[str]]:
    """The sessions of which nothing but bad bars came, by ticker."""
    bad = flagged.filter("rule is not null and ticker is not null and session_number is not null")
    return days_by_ticker(bad.select("ticker", "date").distinct().join(sound, ["ticker", "date"], "left_anti"))


def _findings(kind: str, counts: dict[str | None, int]) -> list[Finding]:
    catches = {rule.slug: rule.catches for rule in RECORD_RULES[kind]}
    return [finding(slug, "quarantine", count, catches[slug]) for slug, count in counts.items() if slug]


if __name__ == "__main__":
    main("clean", run)
