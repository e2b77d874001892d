"""Clean: new raw records → the current records, typed and valid, one for each key.

Records that break a rule are quarantined. Only raw objects that the base snapshot does not contain are read, and only
the years of their records are written again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from glue.arguments import Arguments
from glue.freeze.held import BAD_EVENTS, RECORD, Held, days_of, examples_of, to_dicts
from glue.increments.base import BaseSnapshot, read_base_snapshot
from glue.job import RowCounts, main
from glue.merge.current_records import (
    broken_events,
    merge_into_current,
    newest_records,
    read_current_records,
    refused_bars,
)
from glue.merge.events import merge_events
from glue.merge.new_records import NewRecords, stage_new_records
from glue.merge.price_changes import JudgedAnswers, judge_unseen, stage_price_changes
from glue.quality.findings import Finding, finding
from glue.quality.rules import RECORD_RULES
from glue.snapshots import staging
from glue.snapshots.catalog import Catalog
from glue.snapshots.job_reports import CleanReport, to_json
from glue.snapshots.staging import Staged
from glue.spark import in_background
from lake import layout
from lake.tables import RAW_DIVIDENDS, RAW_PRICES, RAW_SENTIMENT, RAW_SPLITS, Table

_OTHERS = (RAW_SPLITS, RAW_DIVIDENDS, RAW_SENTIMENT)  # the kinds of records without prices


def run(arguments: Arguments) -> RowCounts:
    """Merge the new raw records into the current ones of the base snapshot, and stage them."""
    _repair(arguments)
    base = read_base_snapshot(arguments)

    with in_background(lambda: _merge_prices(arguments, base)) as prices:
        others = {table.name: stage_new_records(arguments, base, table) for table in _OTHERS}
        sentiment = merge_into_current(arguments, base, RAW_SENTIMENT, others[RAW_SENTIMENT.name].years)
        # What an empty response covers may depend on the vendor's first bar.
        events = merge_events(arguments, base, lambda: prices.result().staged)

    new = {RAW_PRICES.name: prices.result().new, **others}
    judged, staged = prices.result().judged, [*prices.result().staged, *sentiment, *events]
    report = _report(arguments, base, new, judged, staged)
    arguments.storage.write(staging.report_key(arguments.run, staging.CLEAN), to_json(report))
    valid, quarantined = sum(one.valid for one in new.values()), sum(found["count"] for found in report.findings)
    return RowCounts(valid + quarantined, valid, quarantined)


@dataclass(frozen=True)
class _Prices:
    """The new price records, the responses of which nothing is used, and what is staged."""

    new: NewRecords
    judged: JudgedAnswers
    staged: list[Staged]


def _merge_prices(arguments: Arguments, base: BaseSnapshot) -> _Prices:
    unseen = judge_unseen(arguments, base)
    new = stage_new_records(arguments, base, RAW_PRICES, unseen.ignored)
    # After the new records are staged, since the ignored responses are known only then.
    judged = stage_price_changes(arguments, base, new.years) if base.manifest else unseen
    return _Prices(new, judged, merge_into_current(arguments, base, RAW_PRICES, new.years, judged.ignored))


def _repair(arguments: Arguments) -> None:
    """Finish what killed runs left behind: their staging, and stable tables that do not follow the pointer yet."""
    staging.clear_orphans(arguments.storage, arguments.run)
    if arguments.database:
        Catalog(arguments.database).align(arguments.storage)


def _report(
    arguments: Arguments,
    base: BaseSnapshot,
    new: dict[str, NewRecords],
    judged: JudgedAnswers,
    staged: list[Staged],
) -> CleanReport:
    prices = read_current_records(arguments, base.id, staged, RAW_PRICES, _staged_years(staged, RAW_PRICES))
    latest, fetched = newest_records(
        prices,
        splits=read_current_records(arguments, base.id, staged, RAW_SPLITS),
        dividends=read_current_records(arguments, base.id, staged, RAW_DIVIDENDS),
        sentiment=read_current_records(arguments, base.id, staged, RAW_SENTIMENT, _staged_years(staged, RAW_SENTIMENT)),
    )
    records = _held_records(arguments, base, new, staged)
    return CleanReport(
        built_on=base.pointer.snapshot if base.pointer else None,
        base=base.id,
        raw_objects=list(base.raw_objects),
        heads=latest,
        splits_seen=fetched["splits"],
        dividends_seen=fetched["dividends"],
        sentiment_seen=fetched["sentiment"],
        refused=days_of(RECORD, [one for one in records if one.rule != BAD_EVENTS]),
        withdrawn=judged.withdrawn,
        held=to_dicts([*judged.held, *records]),
        staged=[asdict(one) for one in staged],
        findings=[asdict(found) for kind, one in new.items() for found in _findings(kind, one.broken, records)],
    )


def _held_records(
    arguments: Arguments, base: BaseSnapshot, new: dict[str, NewRecords], staged: list[Staged]
) -> list[Held]:
    """The quarantined records of which a ticker has no sound one."""
    bars = refused_bars(arguments, base, staged) if new[RAW_PRICES.name].broken else []
    events = [
        one
        for table in (RAW_SPLITS, RAW_DIVIDENDS)
        if BAD_EVENTS in new[table.name].broken
        for one in broken_events(arguments, base, table)
    ]
    return bars + events


def _staged_years(staged: list[Staged], table: Table) -> set[int]:
    return staging.staged_years(staged, layout.current_records(table.name))


def _findings(kind: str, broken: Mapping[str, int], records: list[Held]) -> list[Finding]:
    catches = {rule.slug: rule.catches for rule in RECORD_RULES[kind]}
    is_bar = kind == RAW_PRICES.name
    named = [one for one in records if (one.rule != BAD_EVENTS if is_bar else one.value == kind)]
    return [
        finding(slug, "quarantine", count, catches[slug], examples_of(one for one in named if one.rule == slug))
        for slug, count in broken.items()
    ]


if __name__ == "__main__":
    main("clean", run)
