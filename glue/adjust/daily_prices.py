"""DataFrame → DataFrame, one business rule each.

Bars are as in `lake.tables.RAW_PRICES`, with a true `date` and its `year`. Events are one row a ticker with the array
`events`.
"""

from datetime import timedelta
from functools import cache

from pyspark.sql import DataFrame, SparkSession, Window, WindowSpec
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.adjust.splits import split_spans, with_split_factors
from glue.adjust.total_return import ANCHOR, spans_of, with_dividends
from lake import calendar
from lake.tables import DAILY_PRICES


def by_session() -> WindowSpec:
    """A ticker's rows in the order of its sessions, each with those before it."""
    return Window.partitionBy("ticker").orderBy("date")


def with_session_number(bars: DataFrame) -> DataFrame:
    """Add `session_number`, the place of `date` among the NYSE's sessions; null where it is none."""
    return with_days(bars, _numbered_sessions(bars.sparkSession))


def with_days(rows: DataFrame, days: DataFrame) -> DataFrame:
    """Add what `days`, one row a `date` and few of them, says of each row's; null where it says nothing.

    They meet by the date's number: of whole numbers Spark keeps a faster table than of dates.
    """
    numbered = days.withColumn("day", F.unix_date("date")).drop("date")
    return rows.withColumn("day", F.unix_date("date")).join(F.broadcast(numbered), "day", "left").drop("day")


def with_adjusted_bars(bars: DataFrame) -> DataFrame:
    """Keep the bar as traded in `raw_…`, and put it on today's basis: prices × split_factor, volume ÷ share_factor."""
    prices = ("open", "high", "low", "close")
    as_traded = {f"raw_{name}": F.col(name) for name in (*prices, "volume")}
    adjusted = {name: F.col(f"raw_{name}") * F.col("split_factor") for name in prices}
    return (
        bars.withColumns(as_traded)
        .withColumns(adjusted)
        .withColumn("volume", F.col("raw_volume") / F.col("share_factor"))
    )


def adjusted_prices(
    bars: DataFrame, before: DataFrame | None, splits: DataFrame, dividends: DataFrame, lasts: DataFrame | None = None
) -> DataFrame:
    """`daily_prices` of whole years of bars. `before`: the published rows before them; None where there are none.

    `lasts`: `ticker` and `last_session` of the bars where that is known already.
    """
    nothing = F.lit(None).cast("double").alias(ANCHOR)
    figures = bars.select("ticker", "year", "date", "close", nothing)
    if before is not None:
        published = (F.col("raw_close").alias("close"), F.col("total_return_index").alias(ANCHOR))
        figures = figures.unionByName(before.select("ticker", "year", "date", *published))
    if lasts is None:
        lasts = figures.groupBy("ticker").agg(F.max("date").alias("last_session"))
    of_splits = split_spans(splits, lasts)
    closes = with_split_factors(figures, of_splits).withColumn("close", F.col("close") * F.col("split_factor"))
    table = with_adjusted_bars(with_split_factors(bars, of_splits))
    return as_daily_prices(with_dividends(table, spans_of(closes, dividends)))


def as_daily_prices(bars: DataFrame) -> DataFrame:
    """The columns of `lake.tables.DAILY_PRICES`, in order and of their types, and the partition `year`."""
    dated = bars.withColumn("day_of_week", F.weekday("date") + 1)
    typed = (F.col(column.name).cast(column.type).alias(column.name) for column in DAILY_PRICES.columns)
    return dated.select(*typed, F.year("date").alias("year"))


@cache
def _numbered_sessions(spark: SparkSession) -> DataFrame:
    """Every session and its place: the calendar's weekdays but for those that are none, which are few to write down."""
    days = calendar.all_sessions()
    span = (days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days))
    closed = sorted({day for day in span if day.weekday() < 5} - set(days))
    every = F.sequence(F.date_add(F.lit(days[0]), F.col("id").cast("int")), F.lit(days[-1]))
    sessions = F.filter(every, lambda day: (F.weekday(day) < 5) & ~day.isin(closed))
    return spark.range(0, 1, 1, 1).select(F.posexplode(sessions).alias("session_number", "date"))
