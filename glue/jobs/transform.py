"""Transform: sound records → the published tables, adjusted for every split and dividend known by now.

Computed are the tickers and years that new records touch; what else stands in those years is taken over as it is.
"""

from collections.abc import Sequence
from dataclasses import asdict

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue import report, staging
from glue.actions import corporate_actions, daily_sentiment
from glue.arguments import Arguments
from glue.job import Rows, main
from glue.kept import heads_of, kept_rows
from glue.report import CleanReport, TransformReport
from glue.staging import TRANSFORM, Staged
from glue.touched import FirstYears, first_years, frame_of, rows_before
from glue.transforms import adjusted_prices
from lake import layout
from lake.tables import (
    CORPORATE_ACTIONS,
    DAILY_PRICES,
    DAILY_SENTIMENT,
    RAW_DIVIDENDS,
    RAW_PRICES,
    RAW_SENTIMENT,
    RAW_SPLITS,
)


def run(arguments: Arguments) -> Rows:
    """Stage the touched years of `daily_prices`, `corporate_actions` and `daily_sentiment`."""
    clean = report.read(arguments, staging.CLEAN, CleanReport)
    kept = report.staged_of(clean)
    computed = first_years(arguments, clean, kept)
    bars = _bars(arguments, clean, kept, computed)
    prices = _prices(arguments, clean, kept, computed, bars)
    staged = [prices, *_actions(arguments, clean, kept), *_sentiment(arguments, clean, kept)]
    told = TransformReport(computed, heads_of(bars), [asdict(one) for one in staged])
    arguments.storage.write(staging.report_key(arguments.run, TRANSFORM), report.to_json(told))
    written = staging.read_years(arguments, prices.place, DAILY_PRICES.ddl).count()
    return Rows(bars.count(), written)


def _bars(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged], computed: FirstYears | None) -> DataFrame:
    """The kept bars of what is computed."""
    years = staging.all_years(arguments, clean.base, kept, layout.kept(RAW_PRICES.name))
    if computed is None:
        return kept_rows(arguments, clean.base, kept, RAW_PRICES, years)
    first = min(computed.values(), default=max(years, default=0) + 1)
    bars = kept_rows(arguments, clean.base, kept, RAW_PRICES, {year for year in years if year >= first})
    return bars.join(F.broadcast(frame_of(computed)), "ticker").filter("year >= first_year").drop("first_year")


def _prices(
    arguments: Arguments, clean: CleanReport, kept: Sequence[Staged], computed: FirstYears | None, bars: DataFrame
) -> Staged:
    splits, dividends = (kept_rows(arguments, clean.base, kept, table) for table in (RAW_SPLITS, RAW_DIVIDENDS))
    if clean.base is None or computed is None:
        return _write(adjusted_prices(bars, None, splits, dividends), arguments)
    table = adjusted_prices(bars, rows_before(arguments, clean.base, computed), splits, dividends)
    years = [row["year"] for row in bars.select("year").distinct().collect()]
    served = staging.read_base(arguments, clean.base, DAILY_PRICES, years)
    others = served.join(F.broadcast(frame_of(computed)), "ticker", "left").filter(
        "first_year is null or year < first_year"
    )
    return _write(table.unionByName(others.drop("first_year")), arguments)


def _write(table: DataFrame, arguments: Arguments) -> Staged:
    return staging.write_years(table.repartition(staging.YEAR), arguments, TRANSFORM, DAILY_PRICES)


def _actions(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged]) -> list[Staged]:
    """All of `corporate_actions`, which is small, whenever a new answer came."""
    if not {layout.kept(table.name) for table in (RAW_SPLITS, RAW_DIVIDENDS)} & {one.table for one in kept}:
        return []
    splits, dividends = (kept_rows(arguments, clean.base, kept, table) for table in (RAW_SPLITS, RAW_DIVIDENDS))
    rows = corporate_actions(splits, dividends).repartition(staging.YEAR)
    written = staging.write_years(rows, arguments, TRANSFORM, CORPORATE_ACTIONS)
    gone = staging.all_years(arguments, clean.base, [written], CORPORATE_ACTIONS.name)
    return [Staged(written.table, written.place, sorted(gone))]


def _sentiment(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged]) -> list[Staged]:
    """The years of `daily_sentiment` of which new records came."""
    years = staging.staged_years(kept, layout.kept(RAW_SENTIMENT.name))
    if not years:
        return []
    rows = daily_sentiment(kept_rows(arguments, clean.base, kept, RAW_SENTIMENT, years)).repartition(staging.YEAR)
    return [staging.write_years(rows, arguments, TRANSFORM, DAILY_SENTIMENT)]


if __name__ == "__main__":
    main("transform", run)
