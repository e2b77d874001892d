"""`daily_prices` from bars as traded, splits and dividends. DataFrame to DataFrame; no I/O.

Bars are rows of `lake.tables.RAW_PRICES` with `date` as a date and its `year`. Events are one row for each ticker, with
the array `events`.
"""

from datetime import timedelta

from pyspark.sql import DataFrame, SparkSession, Window, WindowSpec
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.adjust.splits import split_intervals, with_split_factors
from glue.adjust.total_return import KNOWN_INDEX, dividend_intervals, with_dividends
from glue.spark import ONE_ROW
from lake import calendar
from lake.tables import DAILY_PRICES


def by_session() -> WindowSpec:
    """A window over a ticker's rows in the order of its sessions."""
    return Window.partitionBy("ticker").orderBy("date")


def with_session_number(bars: DataFrame) -> DataFrame:
    """Add `session_number`, the index of `date` among the NYSE's sessions; null where it is no session."""
    # Joined by the number of the day: Spark has a faster hash table for integers than for dates.
    sessions = _session_numbers(bars.sparkSession).withColumn("day", F.unix_date("date")).drop("date")
    return bars.withColumn("day", F.unix_date("date")).join(F.broadcast(sessions), "day", "left").drop("day")


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
    bars: DataFrame,
    predecessors: DataFrame | None,
    splits: DataFrame,
    dividends: DataFrame,
    last_sessions: DataFrame | None = None,
) -> DataFrame:
    """`daily_prices` of whole years of bars.

    `predecessors`: the published rows before them (`glue.increments.scope.predecessors`), None where there are none.
    `last_sessions`: `ticker` and `last_session` of the bars, where they are known already.
    """
    unknown = F.lit(None).cast("double").alias(KNOWN_INDEX)
    closes = bars.select("ticker", "year", "date", "close", unknown)
    if predecessors is not None:
        published = (F.col("raw_close").alias("close"), F.col("total_return_index").alias(KNOWN_INDEX))
        closes = closes.unionByName(predecessors.select("ticker", "year", "date", *published))
    if last_sessions is None:
        last_sessions = closes.groupBy("ticker").agg(F.max("date").alias("last_session"))
    intervals = split_intervals(splits, last_sessions)
    adjusted_closes = with_split_factors(closes, intervals).withColumn("close", F.col("close") * F.col("split_factor"))
    table = with_adjusted_bars(with_split_factors(bars, intervals))
    return as_daily_prices(with_dividends(table, dividend_intervals(adjusted_closes, dividends)))


def as_daily_prices(bars: DataFrame) -> DataFrame:
    """The columns of `lake.tables.DAILY_PRICES`, in order and typed, and the partition `year`.

    `flags` is empty: the quality rules, which read the finished rows, fill it in.
    """
    dated = bars.withColumns({"day_of_week": F.weekday("date") + 1, "flags": F.lit("")})
    typed = (f"cast({column.name} as {column.type}) as {column.name}" for column in DAILY_PRICES.columns)
    return dated.selectExpr(*typed, "year(date) as year")


def _session_numbers(spark: SparkSession) -> DataFrame:
    """Every session with its index."""
    # Written as the weekdays without the holidays: the 600 holidays fit into the query, 17,000 sessions would not. As
    # SQL text, because Python would hand over every date to Java in calls of its own.
    days = calendar.all_sessions()
    span = (days[0] + timedelta(days=n) for n in range((days[-1] - days[0]).days))
    closed = ", ".join(f"date'{day}'" for day in sorted({day for day in span if day.weekday() < 5} - set(days)))
    # From `id`, which is 0: Spark would compute a constant sequence while planning, and carry all of it in the plan.
    every = f"sequence(date_add(date'{days[0]}', cast(id as int)), date'{days[-1]}')"
    sessions = f"filter({every}, day -> weekday(day) < 5 and day not in ({closed}))"
    return spark.sql(ONE_ROW).selectExpr(f"posexplode({sessions}) as (session_number, date)")
