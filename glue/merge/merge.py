"""New raw records into the kept ones, kind by kind, the years that they touch alone."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.arguments import Arguments
from glue.increments.base import Ground
from glue.merge import restatements
from glue.merge.precedence import newest_by_key
from glue.merge.validation import flagged_records, is_dated, kept_table, sound_records
from glue.quality.rules import RECORD_RULES
from glue.snapshots import staging
from glue.snapshots.job_reports import days_by_ticker
from glue.snapshots.staging import CLEAN, Staged
from lake import layout
from lake.tables import DAILY_PRICES, RAW_PRICES, Table

_CHANGES, _SOUND, _YEARS, _CONTRADICTING = "changes", "sound", "years", "contradicting"


@dataclass(frozen=True)
class TakenIn:
    """New records of one kind: how many are `sound`, in which `years`, and how many break which rule first."""

    sound: int = 0
    years: tuple[int, ...] = ()
    broken: Mapping[str, int] = field(default_factory=dict)


def take_in(arguments: Arguments, ground: Ground, table: Table) -> TakenIn:
    """Stage the sound new records of one kind, and set the others aside."""
    if _nothing_new(ground, table):
        return TakenIn()
    counted = Observation()
    flagged = flagged_records(arguments, ground.new_objects, table)
    observed = sound_records(flagged.observe(counted, *_counters(table)), table)
    withdrawn = ground.served.withdrawn if ground.served and table is RAW_PRICES else ()
    _write_new(restatements.without(observed, withdrawn), arguments, ground, table)
    found = counted.get
    broken = {rule.slug: found[rule.slug] for rule in RECORD_RULES[table.name] if found[rule.slug]}
    if broken:
        place = arguments.url(layout.quarantine(arguments.run, table.name))
        flagged.filter("rule is not null").write.mode("overwrite").json(place)
    years = found[_YEARS] if is_dated(table) else ""
    return TakenIn(found[_SOUND], tuple(int(year) for year in years.split(",") if year), broken)


def _counters(table: Table) -> list[Column]:
    """What is observed of the flagged records while they are written: an observed value is a number or a text."""
    is_sound = F.col("rule").isNull()
    counters = [F.count(F.when(F.col("rule") == rule.slug, 1)).alias(rule.slug) for rule in RECORD_RULES[table.name]]
    if is_dated(table):
        years = F.sort_array(F.collect_set(F.when(is_sound, F.col("year")))).cast("array<string>")
        counters.append(F.array_join(years, ",").alias(_YEARS))
    return [F.count(F.when(is_sound, 1)).alias(_SOUND), *counters]


def _write_new(sound: DataFrame, arguments: Arguments, ground: Ground, table: Table) -> None:
    """Without a base the new records are all there is: they are written as they will be kept, and not read again."""
    if ground.base:
        staging.write(sound, arguments, CLEAN, _new(table))
    elif is_dated(table):
        in_years = newest_by_key(sound.repartition(staging.YEAR), table, within=(staging.YEAR,))
        staging.write_years(in_years, arguments, CLEAN, kept_table(table))
    else:
        staging.write(newest_by_key(sound.coalesce(1), table), arguments, CLEAN, layout.kept(table.name))


def changes(arguments: Arguments) -> DataFrame:
    """What the new price records change, as `withdraw` has staged it: rows of `glue.answers.CHANGES`."""
    return staging.read(arguments, CLEAN, _CHANGES, restatements.CHANGES)


def withdraw(arguments: Arguments, ground: Ground, years: Sequence[int]) -> list[dict[str, str]]:
    """Stage what the new price records, of those years, change.

    Gives back the answers that contradict what is published and are taken back by a later one, the new after the old:
    what they say is left out.
    """
    known = list(ground.served.withdrawn) if ground.served else []
    if ground.base is None or _nothing_new(ground, RAW_PRICES):
        return known
    if not _stage_changes(arguments, ground, years, ()):
        return known
    withdrawn = restatements.withdrawn_answers(changes(arguments))
    if withdrawn:
        _stage_changes(arguments, ground, years, withdrawn)
    return known + withdrawn


def _stage_changes(
    arguments: Arguments, ground: Ground, years: Sequence[int], withdrawn: Sequence[restatements.Answer]
) -> int:
    """Gives back how many of them contradict what is published."""
    new = restatements.without(_new_rows(arguments, RAW_PRICES), withdrawn)
    kept = staging.read_base(arguments, _base(ground), kept_table(RAW_PRICES), years)
    published = staging.read_base(arguments, _base(ground), DAILY_PRICES, years)
    contradicting = Observation()
    counter = F.count_if(F.expr(restatements.CONTRADICTS)).alias(_CONTRADICTING)
    staging.write(
        restatements.changes_of(new, kept, published).observe(contradicting, counter), arguments, CLEAN, _CHANGES
    )
    return int(contradicting.get[_CONTRADICTING])


def into_kept(
    arguments: Arguments, ground: Ground, table: Table, years: Sequence[int], withdrawn: Sequence[restatements.Answer]
) -> list[Staged]:
    """Stage the kept table of one kind: whole answers all, dated records in the years that new ones touch."""
    if _nothing_new(ground, table):
        return []
    if ground.base is None:
        return [_staged_anew(arguments, table)]
    if not is_dated(table):
        return [_answers_into_kept(arguments, ground.base.snapshot, table)]
    new = restatements.without(_new_rows(arguments, table), withdrawn if table is RAW_PRICES else ())
    kept = staging.read_base(arguments, _base(ground), kept_table(table), years)
    together = kept.unionByName(new).repartition(staging.YEAR)
    newest = newest_by_key(together, table, within=(staging.YEAR,))
    return [staging.write_years(newest, arguments, CLEAN, kept_table(table))]


def _staged_anew(arguments: Arguments, table: Table) -> Staged:
    """What `_write_new` has written as it will be kept."""
    name = layout.kept(table.name)
    place = staging.key(arguments.run, CLEAN, name)
    return Staged(name, place, sorted(staging.years_of(arguments.storage, place)) if is_dated(table) else None)


def _answers_into_kept(arguments: Arguments, base: str, table: Table) -> Staged:
    name = layout.kept(table.name)
    kept = staging.read_whole(arguments, layout.table(base, name), table.ddl)
    together = kept.unionByName(_new_rows(arguments, table))
    staging.write(newest_by_key(together, table).coalesce(1), arguments, CLEAN, name)
    return Staged(name, staging.key(arguments.run, CLEAN, name), None)


def refused_sessions(arguments: Arguments, ground: Ground, staged: Sequence[Staged]) -> dict[str, list[str]]:
    """The sessions of which nothing but bad bars came, by ticker."""
    flagged = flagged_records(arguments, ground.new_objects, RAW_PRICES)
    bad = flagged.filter("rule is not null and ticker is not null and session_number is not null")
    days = bad.select("ticker", "date", "year").distinct().cache()
    years = [row["year"] for row in days.select("year").distinct().collect()]
    sound = staging.rows_after(arguments, _base(ground), staged, kept_table(RAW_PRICES), years)
    return days_by_ticker(days.join(sound, ["ticker", "date"], "left_anti"))


def _nothing_new(ground: Ground, table: Table) -> bool:
    """Whether no record of a kind came. Of whole answers a first snapshot keeps a table without rows even so."""
    needed = ground.base is None and not is_dated(table)
    return not needed and all(layout.raw_kind_of(key) != table.name for key in ground.new_objects)


def _base(ground: Ground) -> str | None:
    return ground.base.snapshot if ground.base else None


def _new(table: Table) -> str:
    return f"new/{table.name}"


def _new_rows(arguments: Arguments, table: Table) -> DataFrame:
    year = f", {staging.YEAR} int" if is_dated(table) else ""
    return staging.read(arguments, CLEAN, _new(table), f"{kept_table(table).ddl}{year}")
