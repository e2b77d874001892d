"""DataFrame → DataFrame, one business rule each.

Bars are as in `lake.tables.RAW_PRICES`, with a true `date` and its `year`. Events are one row a ticker with the array
`events`.
"""

from functools import cache

from pyspark.sql import Column, DataFrame, SparkSession, Window, WindowSpec
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from lake import calendar
from lake.tables import DAILY_PRICES

_WIDEST_SPLIT = 50
_SPLIT_TOLERANCE = 1e-4
IS_BASE = "is_base"  # of the row before those that are computed: what came of it is known
ANCHOR = "anchor"  # its total_return_index


def by_session() -> WindowSpec:
    """A ticker's rows in the order of its sessions, each with those before it: one sort with that of its years."""
    return Window.partitionBy("ticker").orderBy("year", "date")


def _in_year() -> WindowSpec:
    return Window.partitionBy("ticker", "year").orderBy("date")


def with_session_number(bars: DataFrame) -> DataFrame:
    """Add `session_number`, the place of `date` among the NYSE's sessions; null where it is none."""
    return bars.join(F.broadcast(_numbered_sessions(bars.sparkSession)), "date", "left")


def with_split_factors(bars: DataFrame, splits: DataFrame) -> DataFrame:
    """Add `split_factor` and `share_factor`: the product of 1/ratio over the splits after each session.

    Both are 1 from the last split on. A split after the ticker's last session waits for its day. Tickers whose
    splits are not known are left out: what they traded at can't be told from what they are worth today.
    """
    lasts = bars.groupBy("ticker").agg(F.max("date").alias("last_session"))
    spans = F.broadcast(_spans(splits.join(lasts, "ticker")).withColumnRenamed("ticker", "of"))
    within = (F.col("ticker") == F.col("of")) & (F.col("date") >= F.col("since")) & (F.col("date") < F.col("until"))
    return bars.join(spans, within).drop("of", "since", "until")


def _spans(splits: DataFrame) -> DataFrame:
    """The spans between a ticker's effective splits, from `since` to before `until`, each with its two factors."""
    effective = F.filter("events", lambda event: F.to_date(event["date"]) <= F.col("last_session"))
    days = F.array_sort(F.array_distinct(F.transform(effective, lambda event: F.to_date(event["date"]))))
    edges = F.concat(F.array(F.lit("0001-01-01").cast("date")), days, F.array(F.lit("9999-12-31").cast("date")))
    spans = splits.select(
        "ticker",
        effective.alias("effective"),
        edges.alias("edges"),
        F.posexplode(F.slice(edges, 1, F.size(edges) - 1)).alias("n", "since"),
    )
    ahead = F.filter("effective", lambda event: F.to_date(event["date"]) > F.col("since"))
    shares = F.filter(ahead, lambda event: is_share_split(event["ratio"]))
    return spans.select(
        "ticker", "since", F.col("edges")[F.col("n") + 1].alias("until"),
        _product_of_inverses(ahead).alias("split_factor"), _product_of_inverses(shares).alias("share_factor"),
    )  # fmt: skip


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

    An ex-date without a bar counts on the next session that has one (of that year or the next); one before the first
    bar is history; one after the last waits. Several on one date add up. On the first session it is shown and
    reinvests nothing: nobody held the share here before.
    """
    known = F.broadcast(dividends.select("ticker", F.lit(True).alias("known")))
    previous = F.coalesce(F.lag("date").over(by_session()), F.date_sub("date", 1))
    dated = bars.withColumn("previous", previous).join(known, "ticker", "left")
    dated = dated.join(F.broadcast(_paid_by_year(dividends)), ["ticker", "year"], "left")
    due = F.filter("paid", lambda one: (one["ex_date"] > F.col("previous")) & (one["ex_date"] <= F.col("date")))
    amount = F.aggregate(due, F.lit(0.0), lambda total, one: total + one["amount"])
    some = F.when(F.col("paid").isNotNull(), amount).otherwise(0.0)
    return dated.withColumn("dividend", F.when(F.col("known"), some)).drop("paid", "previous", "known")


def _paid_by_year(dividends: DataFrame) -> DataFrame:
    """The dividends that may fall to a year's sessions, in the array `paid`: that year's and the one's before."""
    events = dividends.select("ticker", F.explode("events").alias("event")).select(
        "ticker", F.to_date("event.ex_date").alias("ex_date"), F.col("event.amount").alias("amount")
    )
    its_years = F.array(F.year("ex_date"), F.year("ex_date") + 1)
    paid = F.array_sort(F.collect_list(F.struct("ex_date", "amount")))
    return events.withColumn("year", F.explode(its_years)).groupBy("ticker", "year").agg(paid.alias("paid"))


def with_total_return_index(bars: DataFrame) -> DataFrame:
    """Add `total_return_index`: I = 1 at the first session, then I_t = I_{t-1}·C_t / (C_{t-1} − D_t).

    C is the split-adjusted close, D the dividend on the same basis. Ratios of it equal ratios of the adjusted closes
    that Yahoo and Alpha Vantage give. Within a year it is the close ÷ the last one of the year before, times
    C_{e-1}/(C_{e-1} − D_e) over the year's ex-dates e; the years are chained. So a dividend touches the sessions from
    its own on, and a year computed alone, from the row before it (`is_base`, with its index as `anchor`), comes out to
    the last bit as in a whole.
    """
    before = F.col("before")
    reinvested = F.when(F.col("dividend") > 0, before / (before - F.col("dividend") * F.col("split_factor")))
    year_base = F.first(F.coalesce(before, F.col("close"))).over(_in_year())
    in_year = F.col("close") / year_base * F.product(F.coalesce(reinvested, F.lit(1.0))).over(_in_year())
    year_before = F.lag(F.coalesce(F.col(ANCHOR), F.col("in_year"))).over(by_session())
    begins = F.lag("year").over(by_session()) != F.col("year")
    chained = F.product(F.when(begins, year_before).otherwise(1.0)).over(by_session())
    anchored = bars if ANCHOR in bars.columns else bars.withColumn(ANCHOR, F.lit(None).cast("double"))
    growth = anchored.withColumn("before", F.lag("close").over(by_session())).withColumn("in_year", in_year)
    known = F.col("dividend").isNotNull()
    return growth.withColumn("total_return_index", F.when(known, chained * F.col("in_year"))).drop("before", "in_year")


def as_bars(published: DataFrame) -> DataFrame:
    """Rows of `daily_prices` as the bars that they were made of, each the base of those that follow it."""
    figures = (F.col(f"raw_{name}").alias(name) for name in ("open", "high", "low", "close", "volume"))
    base = (F.lit(True).alias(IS_BASE), F.col("total_return_index").alias(ANCHOR))
    return published.select("ticker", "date", *figures, "year", *base)


def adjusted_prices(bars: DataFrame, before: DataFrame | None, splits: DataFrame, dividends: DataFrame) -> DataFrame:
    """`daily_prices` of whole years of bars. `before`: the published rows before them; None where there are none."""
    figures = bars.select("ticker", "date", "open", "high", "low", "close", "volume", "year")
    if before is not None:
        computed = figures.withColumns({IS_BASE: F.lit(False), ANCHOR: F.lit(None).cast("double")})
        figures = computed.unionByName(as_bars(before))
    table = with_adjusted_bars(with_split_factors(figures, splits))
    table = with_total_return_index(with_dividends(table, dividends))
    return as_daily_prices(table if before is None else table.filter(~F.col(IS_BASE)))


def as_daily_prices(bars: DataFrame) -> DataFrame:
    """The columns of `lake.tables.DAILY_PRICES`, in order and of their types, and the partition `year`."""
    dated = bars.withColumn("day_of_week", F.weekday("date") + 1)
    typed = (F.col(column.name).cast(column.type).alias(column.name) for column in DAILY_PRICES.columns)
    return dated.select(*typed, F.year("date").alias("year"))


@cache
def _numbered_sessions(spark: SparkSession) -> DataFrame:
    return spark.createDataFrame(list(enumerate(calendar.all_sessions())), "session_number int, date date")


def _product_of_inverses(events: Column) -> Column:
    return F.aggregate(events, F.lit(1.0), lambda product, event: product / event["ratio"])
