"""Clean: new raw records, merged into the kept ones → one typed, sound record a key.

What is malformed is set aside with the rule it breaks. Only raw objects that the base snapshot has not consumed are
read, and only the years of their records are written again.
"""

from collections.abc import Mapping
from dataclasses import asdict

from glue.arguments import Arguments
from glue.increments.base import Ground, ground_of
from glue.job import Rows, main
from glue.merge import merge
from glue.merge.current_records import heads_of, kept_rows, seen_of
from glue.merge.merge import TakenIn
from glue.quality.rules import RECORD_RULES
from glue.snapshots import staging
from glue.snapshots.catalog import Catalog
from glue.snapshots.job_reports import CleanReport, Finding, finding, to_json
from glue.snapshots.staging import Staged
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
    withdrawn = merge.withdraw(arguments, ground, new[RAW_PRICES.name].years)
    staged = [
        one
        for table in RAW_TABLES.values()
        for one in merge.into_kept(arguments, ground, table, new[table.name].years, withdrawn)
    ]
    report = _report(arguments, ground, new, withdrawn, staged)
    storage.write(staging.report_key(arguments.run, staging.CLEAN), to_json(report))
    sound, aside = sum(one.sound for one in new.values()), sum(found["count"] for found in report.findings)
    return Rows(read=sound + aside, written=sound, set_aside=aside)


def _report(
    arguments: Arguments,
    ground: Ground,
    new: dict[str, TakenIn],
    withdrawn: list[dict[str, str]],
    staged: list[Staged],
) -> CleanReport:
    base = ground.base.snapshot if ground.base else None
    heads = heads_of(kept_rows(arguments, base, staged, RAW_PRICES, _staged_years(staged, RAW_PRICES)))
    seen = seen_of(
        splits=kept_rows(arguments, base, staged, RAW_SPLITS),
        dividends=kept_rows(arguments, base, staged, RAW_DIVIDENDS),
        sentiment=kept_rows(arguments, base, staged, RAW_SENTIMENT, _staged_years(staged, RAW_SENTIMENT)),
    )
    return CleanReport(
        built_on=ground.pointer.snapshot if ground.pointer else None,
        base=base,
        raw_objects=list(ground.raw_objects),
        heads=heads,
        splits_seen=seen["splits"],
        dividends_seen=seen["dividends"],
        sentiment_seen=seen["sentiment"],
        refused=merge.refused_sessions(arguments, ground, staged) if new[RAW_PRICES.name].broken else {},
        withdrawn=withdrawn,
        staged=[asdict(one) for one in staged],
        findings=[asdict(found) for kind, taken in new.items() for found in _findings(kind, taken.broken)],
    )


def _staged_years(staged: list[Staged], table: Table) -> set[int]:
    return staging.staged_years(staged, layout.kept(table.name))


def _findings(kind: str, broken: Mapping[str, int]) -> list[Finding]:
    catches = {rule.slug: rule.catches for rule in RECORD_RULES[kind]}
    return [finding(slug, "quarantine", count, catches[slug]) for slug, count in broken.items()]


if __name__ == "__main__":
    main("clean", run)
