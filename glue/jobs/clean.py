"""Clean: new raw records, merged into the kept ones → one typed, sound record a key.

What is malformed is set aside with the rule it breaks. Only raw objects that the base snapshot has not consumed are
read, and only the years of their records are written again.
"""

from dataclasses import asdict

from glue import merge, staging
from glue.arguments import Arguments
from glue.catalog import Catalog
from glue.checks import RECORD_RULES
from glue.ground import Ground, ground_of
from glue.job import Rows, main
from glue.kept import heads_of, kept_rows, seen_of
from glue.merge import Counts
from glue.report import CleanReport, Finding, finding, to_json
from glue.staging import Staged
from lake import layout
from lake.tables import RAW_DIVIDENDS, RAW_PRICES, RAW_SENTIMENT, RAW_SPLITS, RAW_TABLES, Table


def run(arguments: Arguments) -> Rows:
    """Merge every raw record that is new into what the base snapshot keeps, and stage it."""
    storage = arguments.storage
    staging.clear_orphans(storage, arguments.run)
    if arguments.database:
        Catalog(arguments.database).align(storage)
    ground = ground_of(arguments)
    new = {table.name: merge.take_in(arguments, ground, table) for table in RAW_TABLES.values()}
    withdrawn = merge.withdraw(arguments, ground)
    staged = [one for table in RAW_TABLES.values() for one in merge.into_kept(arguments, ground, table, withdrawn)]
    report = _report(arguments, ground, new, withdrawn, staged)
    storage.write(staging.report_key(arguments.run, staging.CLEAN), to_json(report))
    return Rows(
        read=sum(rows for counts in new.values() for rows in counts.values()),
        written=sum(counts.get(None, 0) for counts in new.values()),
        set_aside=sum(found["count"] for found in report.findings),
    )


def _report(
    arguments: Arguments, ground: Ground, new: dict[str, Counts], withdrawn: list[dict[str, str]], staged: list[Staged]
) -> CleanReport:
    base = ground.base.snapshot if ground.base else None
    heads = heads_of(kept_rows(arguments, base, staged, RAW_PRICES, _staged_years(staged, RAW_PRICES)))
    sentiment = kept_rows(arguments, base, staged, RAW_SENTIMENT, _staged_years(staged, RAW_SENTIMENT))
    has_refused = any(rule and rows for rule, rows in new[RAW_PRICES.name].items())
    return CleanReport(
        built_on=ground.pointer.snapshot if ground.pointer else None,
        base=base,
        raw_objects=list(ground.raw_objects),
        heads=heads,
        splits_seen=seen_of(kept_rows(arguments, base, staged, RAW_SPLITS)),
        dividends_seen=seen_of(kept_rows(arguments, base, staged, RAW_DIVIDENDS)),
        sentiment_seen=seen_of(sentiment),
        refused=merge.refused_sessions(arguments, ground, staged) if has_refused else {},
        withdrawn=withdrawn,
        staged=[asdict(one) for one in staged],
        findings=[asdict(found) for kind, counts in new.items() for found in _findings(kind, counts)],
    )


def _staged_years(staged: list[Staged], table: Table) -> set[int]:
    return staging.staged_years(staged, layout.kept(table.name))


def _findings(kind: str, counts: Counts) -> list[Finding]:
    catches = {rule.slug: rule.catches for rule in RECORD_RULES[kind]}
    return [finding(slug, "quarantine", count, catches[slug]) for slug, count in counts.items() if slug and count]


if __name__ == "__main__":
    main("clean", run)
