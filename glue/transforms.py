"""DataFrame → DataFrame, one business rule each.

Bars are as in `lake.tables.RAW_PRICES`, with a true `date`. Events are one row a ticker with the array `events`.
"""

from collections.abc import Callable
from functools import cache

from pyspark.sql import Column, DataFrame, SparkSession, Window, WindowSpec
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from lake import calendar
from lake.tables import DAILY_PRICES, Table

_IMPORTED = "csv:"  # the source of records that came from a file
_WIDEST_SPLIT = 50
_SPLIT_TOLERANCE = 1e-4


def by_session() -> WindowSpec:
    """A ticker's rows in the order of its sessions, each with those before it."""
    return Window.partitionBy("ticker").orderBy("date")


def newest_by_key(records: DataFrame, table: Table) -> DataFrame:
    """One record a key: the vendor beats a file, then the later fetch, then the content hash.

    A total order, so that neither repetition nor the order of delivery ever matters.
    """
    everything = F.struct(*(F.col(name) for name in table.column_names))
    rank = F.struct(~F.col("source").startswith(_IMPORTED), F.col("fetched_at"), F.sha2(F.to_json(everything), 256))
    newest = records.groupBy(*table.key).agg(F.max_by(everything, rank).alias("newest"))
    return newest.select("newest.*")


def with_session_number(bars: DataFrame) -> DataFrame:
    """Add `session_number`, the place of `date` among the NYSE's sessions; null where it is none."""
    return bars.join(F.broadcast(_numbered_sessions(bars.sparkSession)), "date", "left")


def with_split_factors(bars: DataFrame, splits: DataFrame) -> DataFrame:
    """Add `split_factor` and `share_factor`: the product of 1/ratio over the splits after each session.

    Both are 1 from the last split on. A split after the ticker's last session waits for its day. Tickers whose
    splits are not known are left out: what they traded at can't be told from what they are worth today.
    """
    events = splits.select("ticker", "events")
    last_session = F.max("date").over(Window.partitionBy("ticker"))
    dated = bars.join(F.broadcast(events), "ticker").withColumn("last_session", last_session)
    ahead = F.filter("events", _effective_between(F.col("date"), F.col("last_session")))
    return (
        dated.withColumn("ahead", ahead)
        .withColumn("split_factor", _product_of_inverses(F.col("ahead")))
        .withColumn(
            "share_factor", _product_of_inverses(F.filter("ahead", lambda event: is_share_split(event["ratio"])))
        )
        .drop("events", "ahead", "last_session")
    )


def is_share_split(ratio: Column) -> Column:
    """Whether a ratio is of whole numbers up to 50, within 1e-4: 2, 1.5 or 0.05, not a spin-off's 1.046 or 1.998."""
    parts = F.sequence(F.lit(1), F.lit(_WIDEST_SPLIT))
    return F.exists(
        parts,
        lambda old: (
            F.round(ratio * old).between(1, _WIDEST_SPLIT)
            & (F.abs(ratio - F.round(ratio * old) / old) < _SPLIT_TOLERANCE)
        ),
    )


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


def with_dividends(bars: DataFrame, dividends: DataFrame) -> DataFrame:
    """Add `dividend`, as paid: 0 on a session without one, null where the ticker's dividends are not known.

    An ex-date without a bar counts on the next session that has one; one before the first bar is history; one after
    the last waits. Several on one date add up. On the first session it is shown and reinvests nothing: nobody held
    the share here before.
    """
    events = dividends.select("ticker", F.col("events").alias("paid"))
    previous = F.coalesce(F.lag("date").over(by_session()), F.date_sub("date", 1))
    dated = bars.join(F.broadcast(events), "ticker", "left").withColumn("previous", previous)
    due = F.filter(
        "paid",
        lambda event: (
            (F.to_date(event["ex_date"]) > F.col("previous")) & (F.to_date(event["ex_date"]) <= F.col("date"))
        ),
    )
    amount = F.aggregate(due, F.lit(0.0), lambda total, event: total + event["amount"])
    return dated.withColumn("dividend", amount).drop("paid", "previous")


def with_total_return_index(bars: DataFrame) -> DataFrame:
    """Add `total_return_index`: I = 1 at the first session, then I_t = I_{t-1}·C_t / (C_{t-1} − D_t).

    C is the split-adjusted close, D the dividend on the same basis. Written as C_t/C_1 times the product of
    C_{e-1}/(C_{e-1} − D_e) over the ex-dates e up to t, so that a dividend touches only the sessions from its own on.
    Ratios of it equal ratios of the adjusted closes that Yahoo and Alpha Vantage give.
    """
    before = F.lag("close").over(by_session())
    reinvested = F.when(F.col("dividend") > 0, before / (before - F.col("dividend") * F.col("split_factor")))
    growth = F.product(F.coalesce(reinvested, F.lit(1.0))).over(by_session())
    price_growth = F.col("close") / F.first("close").over(by_session())
    known = F.col("dividend").isNotNull()
    return bars.withColumn("total_return_index", F.when(known, price_growth * growth))


def as_daily_prices(bars: DataFrame) -> DataFrame:
    """The columns of `lake.tables.DAILY_PRICES`, in order and of their types, and the partition `year`."""
    dated = bars.withColumn("day_of_week", F.weekday("date") + 1)
    typed = (F.col(column.name).cast(column.type).alias(column.name) for column in DAILY_PRICES.columns)
    return dated.select(*typed, F.year("date").alias("year"))


@cache
def _numbered_sessions(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame(list(enumerate(calendar.all_sessions())), "session_number int, date date")


def _effective_between(after: Column, last: Column) -> Callable[[Column], Column]:
    return lambda event: (F.to_date(event["date"]) > after) & (F.to_date(event["date"]) <= last)


def _product_of_inverses(events: Column) -> Column:
    return F.aggregate(events, F.lit(1.0), lambda product, event: product / event["ratio"])
