"""The raw records that are new to the base snapshot: validated, counted and staged, the broken ones quarantined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.increments.base import BaseSnapshot
from glue.merge.precedence import deduplicated
from glue.merge.restatements import Response, without_responses
from glue.merge.validation import current_table, flagged_records, is_dated, valid_records
from glue.quality.rules import RECORD_RULES
from glue.snapshots import staging
from glue.snapshots.staging import CLEAN
from glue.spark import named
from lake import layout
from lake.tables import Table

_VALID, _YEARS = "valid", "years"
# Of all years of a lake. Spark's default on two cores is two partitions, of which one gets 16 of 21 years.
_YEAR_PARTITIONS = 16


@dataclass(frozen=True)
class NewRecords:
    """New records of one kind: the number of `valid` ones, their `years`, and how many break which rule first."""

    valid: int = 0
    years: tuple[int, ...] = ()
    broken: Mapping[str, int] = field(default_factory=dict)


def stage_new_records(
    arguments: Arguments, base: BaseSnapshot, table: Table, ignored: Sequence[Response] = ()
) -> NewRecords:
    """Stage the valid new records of one kind, and quarantine the others. `ignored`: responses to leave out."""
    if has_no_new_records(base, table):
        return NewRecords()
    # Counted by an Observation while they are written: a count() would read and parse the raw files once more.
    counts = Observation()
    flagged = flagged_records(arguments, base.new_objects, table)
    valid = valid_records(flagged.observe(counts, *_counters(table)), table)
    with named(f"check new {table.name}"):
        _write_new(without_responses(valid, ignored), arguments, base, table)
    found = counts.get
    broken = {rule.slug: found[rule.slug] for rule in RECORD_RULES[table.name] if found[rule.slug]}
    if broken:
        place = arguments.url(layout.quarantine(arguments.run, table.name))
        with named(f"quarantine {table.name}"):
            flagged.filter("rule is not null").write.mode("overwrite").json(place)
    years = found[_YEARS] if is_dated(table) else ""
    return NewRecords(found[_VALID], tuple(int(year) for year in years.split(",") if year), broken)


def has_no_new_records(base: BaseSnapshot, table: Table) -> bool:
    """Whether there is nothing to stage. A first snapshot needs the events' tables even without any record."""
    needed = base.manifest is None and not is_dated(table)
    return not needed and all(layout.raw_kind_of(key) != table.name for key in base.new_objects)


def read_new_records(arguments: Arguments, table: Table) -> DataFrame:
    """The staged new records: of events, or of a run that continues a snapshot."""
    ddl = f"{current_table(table).ddl}, {staging.YEAR} int" if is_dated(table) else table.ddl
    return staging.read(arguments, CLEAN, _new(table), ddl)


def _counters(table: Table) -> list[Column]:
    """What is observed of the flagged records. The years are one text, since an observed array cannot be read."""
    counters = {_VALID: "count_if(rule is null)"}
    counters |= {rule.slug: f"count_if(rule = '{rule.slug}')" for rule in RECORD_RULES[table.name]}
    if is_dated(table):
        years = "sort_array(collect_set(if(rule is null, year, null)))"
        counters[_YEARS] = f"array_join(cast({years} as array<string>), ',')"
    return [F.expr(f"{counter} as {name}") for name, counter in counters.items()]


def _write_new(valid: DataFrame, arguments: Arguments, base: BaseSnapshot, table: Table) -> None:
    """Write them to be merged. Without a base, dated ones are all there is, and become the current records at once."""
    if base.manifest or not is_dated(table):
        staging.write(valid, arguments, CLEAN, _new(table))
    else:
        by_year = deduplicated(valid.repartition(_YEAR_PARTITIONS, staging.YEAR), table, within=(staging.YEAR,))
        staging.write_years(by_year, arguments, CLEAN, current_table(table))


def _new(table: Table) -> str:
    return f"new/{table.name}"
