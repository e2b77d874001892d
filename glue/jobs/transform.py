"""Transform: sound records → the published tables, adjusted for every split and dividend known by now.

Computed are the tickers and years that new records touch; what else stands in those years is taken over as it is.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue import report, staging
from glue.actions import corporate_actions, daily_sentiment
from glue.arguments import Arguments
from glue.frames import frame_of
from glue.job import Rows, main
from glue.kept import heads_of, kept_rows
from glue.report import CleanReport, TransformReport
from glue.staging import TRANSFORM, Staged
from glue.touched import FirstYears, first_years, rows_before, years_frame
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


@dataclass(frozen=True)
class _Computed:
    """What is computed: of each ticker the first year, None where all of it; its bars; and its heads, as in clean."""

    years: FirstYears | None
    bars: DataFrame
    heads: dict[str, dict[str, Any]]


def run(arguments: Arguments) -> Rows:
    """Stage the touched years of `daily_prices`, `corporate_actions` and `daily_sentiment`."""
    clean = report.read(arguments, staging.CLEAN, CleanReport)
    kept = report.staged_of(clean)
    computed = _computed(arguments, clean, kept)
    table = _prices(arguments, clean, kept, computed)
    prices = staging.write_years(table, arguments, TRANSFORM, DAILY_PRICES)
    staged = [prices, *_actions(arguments, clean, kept), *_sentiment(arguments, clean, kept)]
    told = TransformReport(computed.years, computed.heads, [asdict(one) for one in staged])
    arguments.storage.write(staging.report_key(arguments.run, TRANSFORM), report.to_json(told))
    written = staging.read_years(arguments, prices.place, DAILY_PRICES.ddl).count()
    return Rows(computed.bars.count(), written)


def _computed(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged]) -> _Computed:
    years = first_years(arguments, clean, kept)
    bars = _bars(arguments, clean, kept, years)
    return _Computed(years, bars, clean.heads if years is None else heads_of(bars))  # clean's are of everything


def _bars(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged], computed: FirstYears | None) -> DataFrame:
    """The kept bars of what is computed."""
    years = _kept_years(arguments, clean, kept)
    if computed is None:
        return kept_rows(arguments, clean.base, kept, RAW_PRICES, years)
    first = min(computed.values(), default=date.max.year)
    bars = kept_rows(arguments, clean.base, kept, RAW_PRICES, {year for year in years if year >= first})
    return bars.join(F.broadcast(years_frame(computed)), "ticker").filter("year >= first_year").drop("first_year")


def _kept_years(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged]) -> set[int]:
    return staging.all_years(arguments, clean.base, kept, layout.kept(RAW_PRICES.name))


def _prices(arguments: Arguments, clean: CleanReport, kept: Sequence[Staged], computed: _Computed) -> DataFrame:
    """The touched years of `daily_prices`: what is computed, and beside it what others have in those years."""
    splits, dividends = (kept_rows(arguments, clean.base, kept, table) for table in (RAW_SPLITS, RAW_DIVIDENDS))
    rows = ({"ticker": ticker, "last_session": head["last"]} for ticker, head in computed.heads.items())
    lasts = frame_of(rows, "ticker string, last_session date")
    if clean.base is None or computed.years is None:
        return adjusted_prices(computed.bars, None, splits, dividends, lasts)
    before = rows_before(arguments, clean.base, computed.years)
    table = adjusted_prices(computed.bars, before, splits, dividends, lasts)
    first = min(computed.years.values(), default=date.max.year)
    years = {year for year in _kept_years(arguments, clean, kept) if year >= first}
    served = staging.read_base(arguments, clean.base, DAILY_PRICES, years)
    others = served.join(F.broadcast(years_frame(computed.years)), "ticker", "left")
    untouched = others.filter("first_year is null or year < first_year").drop("first_year")
    return table.unionByName(untouched).repartition(staging.YEAR)


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
