"""Transform: sound records → the published tables, adjusted for every split and dividend known by now.

Computed are the tickers and years that new records touch; what else stands in those years is taken over as it is.
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
from glue.frames import frame_of
from glue.increments.scope import FirstYears, has_untouched, rows_before, touched, years_frame
from glue.job import Rows, main
from glue.merge.current_records import heads_of, kept_rows
from glue.snapshots import job_reports, staging
from glue.snapshots.job_reports import CleanReport, TransformReport
from glue.snapshots.staging import TRANSFORM, Staged
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
class _Computed:
    """What is computed: of each ticker the first year, None where all of it; its bars; and its heads, as in clean."""

    years: FirstYears | None
    bars: DataFrame
    heads: dict[str, dict[str, Any]]


def run(arguments: Arguments) -> Rows:
    """Stage the touched years of `daily_prices`, `corporate_actions` and `daily_sentiment`."""
    clean = job_reports.read(arguments, staging.CLEAN, CleanReport)
    kept = job_reports.staged_of(clean)
    changed = touched(arguments, clean, kept)
    computed = _computed(arguments, clean, kept, changed.prices if changed else None)
    written = Observation()
    table = _prices(arguments, clean, kept, computed).observe(written, F.count(F.lit(1)).alias("rows"))
    prices = staging.write_years(table, arguments, TRANSFORM, DAILY_PRICES)
    actions = _actions(arguments, clean, kept, changed.actions if changed else None)
    staged = [prices, *actions, *_sentiment(arguments, clean, kept)]
    told = TransformReport(computed.years, computed.heads, [asdict(one) for one in staged])
    arguments.storage.write(staging.report_key(arguments.run, TRANSFORM), job_reports.to_json(told))
    return Rows(computed.bars.count(), written.get["rows"])


def _computed(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged], years: FirstYears | None) -> _Computed:
    bars = _bars(arguments, clean, kept, years)
    all_staged = _years_of(arguments, clean, kept, years) <= staging.staged_years(kept, layout.kept(RAW_PRICES.name))
    return _Computed(years, bars, clean.heads if all_staged else heads_of(bars))


def _bars(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged], computed: FirstYears | None) -> DataFrame:
    """The kept bars of what is computed."""
    bars = kept_rows(arguments, clean.base, kept, RAW_PRICES, _years_of(arguments, clean, kept, computed))
    if computed is None:
        return bars
    return bars.join(F.broadcast(years_frame(computed)), "ticker").filter("year >= first_year").drop("first_year")


def _years_of(
    arguments: Arguments, clean: CleanReport, kept: Sequence[Staged], computed: FirstYears | None
) -> set[int]:
    """The years with bars, from the first that is computed on."""
    years = staging.all_years(arguments, clean.base, kept, layout.kept(RAW_PRICES.name))
    first = date.min.year if computed is None else min(computed.values(), default=date.max.year)
    return {year for year in years if year >= first}


def _prices(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged], computed: _Computed) -> DataFrame:
    """The touched years of `daily_prices`: what is computed, and beside it what others have in those years."""
    splits, dividends = (kept_rows(arguments, clean.base, kept, table) for table in (RAW_SPLITS, RAW_DIVIDENDS))
    rows = ({"ticker": ticker, "last_session": head["last"]} for ticker, head in computed.heads.items())
    lasts = frame_of(rows, "ticker string, last_session date")
    if clean.base is None or computed.years is None:
        return adjusted_prices(computed.bars, None, splits, dividends, lasts)
    before = rows_before(arguments, clean.base, computed.years)
    table = adjusted_prices(computed.bars, before, splits, dividends, lasts)
    years = _years_of(arguments, clean, kept, computed.years)
    if has_untouched(read_manifest(arguments.storage, clean.base), years, computed.years):
        served = staging.read_base(arguments, clean.base, DAILY_PRICES, years)
        others = served.join(F.broadcast(years_frame(computed.years)), "ticker", "left")
        table = table.unionByName(others.filter("first_year is null or year < first_year").drop("first_year"))
    return table.repartition(staging.YEAR)


def _actions(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged], years: set[int] | None) -> list[Staged]:
    """Those years of `corporate_actions`; None: all."""
    if years is not None and not years:
        return []
    splits, dividends = (kept_rows(arguments, clean.base, kept, table) for table in (RAW_SPLITS, RAW_DIVIDENDS))
    rows = corporate_actions(splits, dividends)
    chosen = rows if years is None else rows.filter(F.col("year").isin(*years))
    written = staging.write_years(chosen.repartition(staging.YEAR), arguments, TRANSFORM, CORPORATE_ACTIONS)
    return [Staged(written.table, written.place, written.years if years is None else sorted(years))]


def _sentiment(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged]) -> list[Staged]:
    """The years of `daily_sentiment` of which new records came."""
    years = staging.staged_years(kept, layout.kept(RAW_SENTIMENT.name))
    if not years:
        return []
    rows = daily_sentiment(kept_rows(arguments, clean.base, kept, RAW_SENTIMENT, years)).repartition(staging.YEAR)
    return [staging.write_years(rows, arguments, TRANSFORM, DAILY_SENTIMENT)]


if __name__ == "__main__":
    main("transform", run)
