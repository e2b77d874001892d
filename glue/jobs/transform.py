"""Transform: current records → the published tables, adjusted for every split and dividend that is known by now.

Only the tickers and years in the scope of the run are computed. The other rows of those years are copied from the base.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pyspark.sql import DataFrame, Observation
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.adjust.corporate_actions import corporate_actions, daily_sentiment
from glue.adjust.daily_prices import adjusted_prices
from glue.arguments import Arguments
from glue.increments.scope import FirstYears, first_years_frame, has_unchanged_rows, predecessors, scope_of
from glue.job import RowCounts, main
from glue.merge.current_records import latest_bars, read_current_records
from glue.snapshots import job_reports, staging
from glue.snapshots.job_reports import CleanReport, TransformReport
from glue.snapshots.staging import TRANSFORM, Staged
from glue.spark import literal_frame
from lake import layout
from lake.snapshot import read_manifest
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


@dataclass(frozen=True)
class _ComputedBars:
    """The bars in scope. `first_years`: by ticker, None for all; `latest`: their `latest_bars`."""

    first_years: FirstYears | None
    bars: DataFrame
    latest: dict[str, dict[str, Any]]


def run(arguments: Arguments) -> RowCounts:
    """Stage the years in scope of `daily_prices`, `corporate_actions` and `daily_sentiment`."""
    clean = job_reports.read(arguments, staging.CLEAN, CleanReport)
    inputs = _Inputs(arguments, clean, job_reports.staged_of(clean))
    scope = scope_of(arguments, clean, inputs.current)
    computed = _bars_in_scope(inputs, scope.prices if scope else None)

    # Observed while it is written: a count() would compute the table once more.
    written = Observation()
    prices = _daily_prices(inputs, computed).observe(written, F.count(F.lit(1)).alias("rows"))
    staged = [
        staging.write_years(prices, arguments, TRANSFORM, DAILY_PRICES),
        *_stage_actions(inputs, scope.actions if scope else None),
        *_stage_sentiment(inputs),
    ]

    report = TransformReport(computed.first_years, computed.latest, [asdict(one) for one in staged])
    arguments.storage.write(staging.report_key(arguments.run, TRANSFORM), job_reports.to_json(report))
    return RowCounts(computed.bars.count(), written.get["rows"])


def _bars_in_scope(inputs: _Inputs, first_years: FirstYears | None) -> _ComputedBars:
    years = inputs.price_years(first_years)
    bars = read_current_records(inputs.arguments, inputs.clean.base, inputs.current, RAW_PRICES, years)
    if first_years is not None:
        bars = bars.join(F.broadcast(first_years_frame(first_years)), "ticker")
        bars = bars.filter("year >= first_year").drop("first_year")
    # Where clean has staged all these years, it has looked up their latest bars already.
    staged_by_clean = staging.staged_years(inputs.current, layout.current_records(RAW_PRICES.name))
    return _ComputedBars(first_years, bars, inputs.clean.heads if years <= staged_by_clean else latest_bars(bars))


def _daily_prices(inputs: _Inputs, computed: _ComputedBars) -> DataFrame:
    """The years in scope: computed rows, and the unchanged rows that the base has in those years."""
    arguments, base = inputs.arguments, inputs.clean.base
    splits, dividends = inputs.events()
    rows = ({"ticker": ticker, "last_session": latest["last"]} for ticker, latest in computed.latest.items())
    last_sessions = literal_frame(rows, "ticker string, last_session date")
    if base is None or computed.first_years is None:
        return adjusted_prices(computed.bars, None, splits, dividends, last_sessions)
    before = predecessors(arguments, base, computed.first_years)
    table = adjusted_prices(computed.bars, before, splits, dividends, last_sessions)
    years = inputs.price_years(computed.first_years)
    if has_unchanged_rows(read_manifest(arguments.storage, base), years, computed.first_years):
        served = staging.read_base_table(arguments, base, DAILY_PRICES, years)
        others = served.join(F.broadcast(first_years_frame(computed.first_years)), "ticker", "left")
        table = table.unionByName(others.filter("first_year is null or year < first_year").drop("first_year"))
    return table.repartition(staging.YEAR)


def _stage_actions(inputs: _Inputs, years: set[int] | None) -> list[Staged]:
    """The given years of `corporate_actions`; None: all."""
    if years is not None and not years:
        return []
    rows = corporate_actions(*inputs.events())
    chosen = rows if years is None else rows.filter(F.col("year").isin(*years))
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
    return [staging.write_years(rows, inputs.arguments, TRANSFORM, DAILY_SENTIMENT)]


if __name__ == "__main__":
    main("transform", run)
