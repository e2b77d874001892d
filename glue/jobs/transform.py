"""Transform: current records → the published tables, adjusted for every split and dividend that is known by now.

Only the tickers and years in the scope of the run are computed. The other rows of those years are copied from the base.
Bars and events that `glue.freeze` holds back are left out.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Any

from pyspark.sql import Column, DataFrame, Observation
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.adjust.corporate_actions import corporate_actions, daily_sentiment
from glue.adjust.daily_prices import adjusted_prices
from glue.arguments import Arguments
from glue.freeze.find import RawAnswers, Records, find_held, without_held_bars, without_held_events
from glue.freeze.held import BAR, DIVIDEND, SPLIT, Held, answers_of, to_dicts
from glue.increments.flags import flags_frame, unchanged_flags
from glue.increments.scope import FirstYears, Scope, first_years_frame, has_unchanged_rows, predecessors, scope_of
from glue.job import RowCounts, main
from glue.merge.current_records import latest_bars, read_current_records
from glue.snapshots import job_reports, staging
from glue.snapshots.job_reports import CleanReport, TransformReport
from glue.snapshots.staging import TRANSFORM, Staged
from glue.spark import in_background, literal_frame, named
from lake import layout
from lake.snapshot import Manifest, read_manifest
from lake.tables import (
    CORPORATE_ACTIONS,
    DAILY_PRICES,
    DAILY_SENTIMENT,
    RAW_DIVIDENDS,
    RAW_PRICES,
    RAW_SENTIMENT,
    RAW_SPLITS,
)


@dataclass(frozen=True)
class _Inputs:
    """The records of a run: `base` and `current`, the records that clean has staged on top of it."""

    arguments: Arguments
    clean: CleanReport
    current: Sequence[Staged]

    def events(self) -> tuple[DataFrame, DataFrame]:
        """Splits and dividends."""
        splits, dividends = (
            read_current_records(self.arguments, self.clean.base, self.current, table)
            for table in (RAW_SPLITS, RAW_DIVIDENDS)
        )
        return splits, dividends

    def price_years(self, computed: FirstYears | None) -> set[int]:
        """The years with bars, from the first computed one on; None: all."""
        name = layout.current_records(RAW_PRICES.name)
        years = staging.all_years(self.arguments, self.clean.base, self.current, name)
        first = date.min.year if computed is None else min(computed.values(), default=date.max.year)
        return {year for year in years if year >= first}

    def base_manifest(self) -> Manifest | None:
        """The manifest that the run continues; None where it rebuilds."""
        return read_manifest(self.arguments.storage, self.clean.base) if self.clean.base else None


@dataclass(frozen=True)
class _Computed:
    """What is computed: the bars in scope without those held back, and the events without those held back.

    `first_years`: by ticker, None for all; `before`: the published rows before the bars, None where there are none;
    `latest`: the `latest_bars` of the bars.
    """

    first_years: FirstYears | None
    bars: DataFrame
    before: DataFrame | None
    splits: DataFrame
    dividends: DataFrame
    latest: dict[str, dict[str, Any]]

    def last_sessions(self) -> DataFrame:
        """Rows of `ticker` and `last_session`."""
        rows = ({"ticker": ticker, "last_session": latest["last"]} for ticker, latest in self.latest.items())
        return literal_frame(rows, "ticker string, last_session date")

    def without(self, held: Sequence[Held]) -> "_Computed":
        """The same without records that are held back."""
        if not held:
            return self
        bars = without_held_bars(self.bars, held)
        splits, dividends = without_held_events(self.splits, self.dividends, held)
        # A split counts once its ticker trades on its day, which a bar that is held back does not show.
        latest = latest_bars(bars) if bars is not self.bars else self.latest
        return replace(self, bars=bars, splits=splits, dividends=dividends, latest=latest)


def run(arguments: Arguments) -> RowCounts:
    """Stage the years in scope of `daily_prices`, `corporate_actions` and `daily_sentiment`."""
    clean = job_reports.read(arguments, staging.CLEAN, CleanReport)
    inputs = _Inputs(arguments, clean, job_reports.staged_of(clean))
    base = inputs.base_manifest()
    scope = scope_of(arguments, clean, inputs.current)
    computed, held = _without_held(inputs, scope, base)
    years = scope.actions | _years_of_events(base, held) if scope else None

    # Observed while they are written: a count() would compute them once more.
    counted, written = Observation(), Observation()
    with in_background(lambda: [*_stage_actions(inputs, computed, years), *_stage_sentiment(inputs)]) as others:
        prices = _daily_prices(inputs, computed, base, counted)
        if base and scope:
            prices = _with_unchanged_flags(prices, base, inputs.price_years(computed.first_years), scope.first_day)
        prices = prices.observe(written, _rows())
        with named("compute daily_prices"):
            staged = [staging.write_years(prices, arguments, TRANSFORM, DAILY_PRICES)]
    staged += others.result()

    changed_from = str(scope.first_day) if scope else None
    report = TransformReport(changed_from, computed.latest, [asdict(one) for one in staged], to_dicts(held))
    arguments.storage.write(staging.report_key(arguments.run, TRANSFORM), job_reports.to_json(report))
    return RowCounts(counted.get["rows"], written.get["rows"])


def _without_held(inputs: _Inputs, scope: Scope | None, base: Manifest | None) -> tuple[_Computed, list[Held]]:
    """What is computed, and all that is held back: by this run, and by earlier ones where nothing has changed since."""
    carried = _carried(base, scope)
    computed = _in_scope(inputs, scope.prices if scope else None).without(carried)
    records = Records(
        computed.bars,
        computed.before,
        computed.splits,
        computed.dividends,
        computed.last_sessions(),
        scope.days if scope else None,
        _judged_whole(base, scope),
    )
    clean = inputs.clean
    answers = RawAnswers(inputs.arguments, clean.raw_objects, [*clean.withdrawn, *answers_of(clean.held)])
    found = find_held(records, clean.splits_seen, answers)
    return computed.without(found), [*carried, *found]


def _judged_whole(base: Manifest | None, scope: Scope | None) -> set[str] | None:
    """The tickers of which this run judges everything, as after a change of their splits; None: all."""
    if base is None or scope is None:
        return None
    return {
        ticker for ticker, day in scope.days.items() if ticker not in base.tickers or day <= base.tickers[ticker].first
    }


def _carried(base: Manifest | None, scope: Scope | None) -> list[Held]:
    """The bars and events that the base holds back and that this run does not judge again."""
    if base is None or scope is None:
        return []
    held = (Held.from_dict(one) for one in base.held)
    return [
        one
        for one in held
        if one.kind in (BAR, SPLIT, DIVIDEND) and date.fromisoformat(one.date) < scope.days.get(one.ticker, date.max)
    ]


def _years_of_events(base: Manifest | None, held: Sequence[Held]) -> set[int]:
    """The years in which an event is held back that was not before, or no longer."""
    before = {Held.from_dict(one) for one in base.held} if base else set()
    return {int(one.date[:4]) for one in before ^ set(held) if one.kind in (SPLIT, DIVIDEND)}


def _in_scope(inputs: _Inputs, first_years: FirstYears | None) -> _Computed:
    years, base = inputs.price_years(first_years), inputs.clean.base
    bars = read_current_records(inputs.arguments, base, inputs.current, RAW_PRICES, years)
    if first_years is not None:
        bars = bars.join(F.broadcast(first_years_frame(first_years)), "ticker")
        bars = bars.filter("year >= first_year").drop("first_year")
    before = predecessors(inputs.arguments, base, first_years) if base and first_years is not None else None
    # Where clean has staged all these years, it has looked up their latest bars already.
    staged_by_clean = staging.staged_years(inputs.current, layout.current_records(RAW_PRICES.name))
    latest = inputs.clean.heads if years <= staged_by_clean else latest_bars(bars)
    return _Computed(first_years, bars, before, *inputs.events(), latest)


def _daily_prices(inputs: _Inputs, computed: _Computed, base: Manifest | None, counted: Observation) -> DataFrame:
    """The years in scope: computed rows, which are `counted`, and the unchanged rows of the base in those years."""
    table = adjusted_prices(
        computed.bars, computed.before, computed.splits, computed.dividends, computed.last_sessions()
    ).observe(counted, _rows())
    if base is None or computed.first_years is None:
        return table  # not shuffled: its bars were read by year
    years = inputs.price_years(computed.first_years)
    if has_unchanged_rows(base, years, computed.first_years):
        served = staging.read_base_table(inputs.arguments, base.snapshot, DAILY_PRICES, years)
        others = served.join(F.broadcast(first_years_frame(computed.first_years)), "ticker", "left")
        table = table.unionByName(others.filter("first_year is null or year < first_year").drop("first_year"))
    return table.repartition(staging.YEAR)


def _with_unchanged_flags(rows: DataFrame, base: Manifest, years: set[int], changed_from: date) -> DataFrame:
    """With the flags that the base has before the first session that changes; quality finds the later ones anew."""
    flagged = unchanged_flags(base, years, changed_from)
    if not flagged:
        return rows.withColumn("flags", F.lit(""))
    joined = rows.drop("flags").join(F.broadcast(flags_frame(flagged)), ["ticker", "date"], "left")
    return joined.withColumn("flags", F.coalesce("flags", F.lit("")))


def _rows() -> Column:
    return F.count(F.lit(1)).alias("rows")


def _stage_actions(inputs: _Inputs, computed: _Computed, years: set[int] | None) -> list[Staged]:
    """The given years of `corporate_actions`; None: all."""
    if years is not None and not years:
        return []
    rows = corporate_actions(computed.splits, computed.dividends)
    chosen = rows if years is None else rows.filter(F.col("year").isin(*years))
    with named("compute corporate_actions"):
        written = staging.write_years(chosen.repartition(staging.YEAR), inputs.arguments, TRANSFORM, CORPORATE_ACTIONS)
    # A year whose last event was withdrawn has no rows now, and must still replace the base's.
    return [Staged(written.table, written.place, written.years if years is None else sorted(years))]


def _stage_sentiment(inputs: _Inputs) -> list[Staged]:
    """The years of `daily_sentiment` with new records."""
    years = staging.staged_years(inputs.current, layout.current_records(RAW_SENTIMENT.name))
    if not years:
        return []
    records = read_current_records(inputs.arguments, inputs.clean.base, inputs.current, RAW_SENTIMENT, years)
    rows = daily_sentiment(records).repartition(staging.YEAR)
    with named("compute daily_sentiment"):
        return [staging.write_years(rows, inputs.arguments, TRANSFORM, DAILY_SENTIMENT)]


if __name__ == "__main__":
    main("transform", run)
