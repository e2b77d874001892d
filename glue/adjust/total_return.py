"""What dividends do to a ticker, worked out on the few sessions that have one and carried to the others in spans.

A year of bars has as many spans as sessions with a dividend, and one more; within a span the total return index is the
close times a constant. So the bars, which are many, are joined with a small table, and only their closes are put in the
order of sessions.
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

ANCHOR = "anchor"  # of a row before those that are computed: its total_return_index, which is known
_NO_END = "9999-12-31"
_SPAN = ("since", "to", "paid", "reinvested")


def with_dividends(bars: DataFrame, spans: DataFrame) -> DataFrame:
    """Add `dividend`, as paid, and `total_return_index` to adjusted bars, by the spans of `spans_of`.

    `dividend` is 0 on a session without one; both are null where the ticker's dividends are not known.
    """
    within = (F.col("ticker") == F.col("of")) & (F.col("year") == F.col("of_year"))
    joined = bars.join(F.broadcast(spans), within & F.col("date").between(F.col("since"), F.col("to")))
    paid = F.when(F.col("date") == F.col("since"), F.col("paid")).otherwise(0.0)
    index = F.col("chained") * (F.col("close") / F.col("year_base") * F.col("reinvested"))
    added = {"dividend": F.when(F.col("known"), paid), "total_return_index": F.when(F.col("known"), index)}
    return joined.withColumns(added).drop(*spans.columns)


def spans_of(closes: DataFrame, dividends: DataFrame) -> DataFrame:
    """The spans of each ticker and year (`of`, `of_year`), from the day `since` to the day `to`, both of them in it.

    `paid` is the dividend of `since`, `known` is null where the ticker's dividends are not. The index is I = 1 at the
    first session, then I_t = I_{t-1}·C_t / (C_{t-1} − D_t), with C the split-adjusted close and D the dividend on the
    same basis: ratios of it equal ratios of the adjusted closes that Yahoo and Alpha Vantage give. Within a year that
    is C_t ÷ `year_base`, the last close of the year before, times `reinvested`, C_{e-1}/(C_{e-1} − D_e) over the year's
    ex-dates e so far; the years are `chained`. So a dividend touches the sessions from its own on, and a year computed
    alone, from the row before it with its index as `anchor`, comes out to the last bit as in a whole.

    `closes`: `ticker`, `year`, `date`, split-adjusted `close`, `split_factor` and `anchor`.
    """
    years = _years(closes).join(_paying(closes, dividends), ["ticker", "year"], "left")
    known = dividends.select("ticker", F.lit(True).alias("known"))
    return _chained(years).join(F.broadcast(known), "ticker", "left").select(
        F.col("ticker").alias("of"), F.col("year").alias("of_year"), "known", "chained", "year_base",
        F.inline(F.arrays_zip(*_SPAN)),
    )  # fmt: skip


def _years(closes: DataFrame) -> DataFrame:
    """Of each ticker and year the first session, the first and last close, and the anchor."""
    return closes.groupBy("ticker", "year").agg(
        F.min("date").alias("first"),
        F.min_by("close", "date").alias("first_close"),
        F.max_by("close", "date").alias("last_close"),
        F.max(ANCHOR).alias(ANCHOR),
    )


def _paying(closes: DataFrame, dividends: DataFrame) -> DataFrame:
    """Of each ticker and year with dividends the `events`: per session its dividend, as paid, and what it adds.

    An ex-date without a bar counts on the next session that has one (of that year or the next); one before the first
    bar is history; one after the last waits. Several on one date add up. On the first session it is shown and
    reinvests nothing: nobody held the share here before.
    """
    by_session = Window.partitionBy("ticker").orderBy("date")
    before = {"previous": F.lag("date").over(by_session), "before": F.lag("close").over(by_session)}
    due = (F.col("ex_date") > F.coalesce("previous", F.date_sub("date", 1))) & (F.col("ex_date") <= F.col("date"))
    dated = closes.withColumns(before).join(F.broadcast(_ex_dates(dividends)), ["ticker", "year"]).filter(due)
    paid = F.array_sort(F.collect_list(F.struct("ex_date", "amount")))
    sessions = dated.groupBy("ticker", "year", "date", "before", "split_factor").agg(paid.alias("paid"))
    total = F.aggregate("paid", F.lit(0.0), lambda total, one: total + one["amount"])
    growth = F.col("before") / (F.col("before") - F.col("total") * F.col("split_factor"))
    factor = F.coalesce(F.when(F.col("total") > 0, growth), F.lit(1.0)).alias("factor")
    events = F.array_sort(F.collect_list(F.struct("date", "total", factor))).alias("events")
    return sessions.withColumn("total", total).groupBy("ticker", "year").agg(events)


def _ex_dates(dividends: DataFrame) -> DataFrame:
    """The dividends that may fall to a year's sessions: that year's and the one's before."""
    events = dividends.select("ticker", F.explode("events").alias("event")).select(
        "ticker", F.to_date("event.ex_date").alias("ex_date"), F.col("event.amount").alias("amount")
    )
    return events.withColumn("year", F.explode(F.array(F.year("ex_date"), F.year("ex_date") + 1)))


def _chained(years: DataFrame) -> DataFrame:
    """Add to each ticker and year the close that it grows from, the index at it, and as arrays what its spans say."""
    events = F.coalesce("events", F.array())
    days = F.transform(events, lambda one: one["date"])
    by_year = Window.partitionBy("ticker").orderBy("year")
    spanned = years.withColumns({
        "since": F.concat(F.array(F.date_sub("first", 1)), days),
        "to": F.concat(F.transform(days, lambda day: F.date_sub(day, 1)), F.array(F.lit(_NO_END).cast("date"))),
        "paid": F.concat(F.array(F.lit(0.0)), F.transform(events, lambda one: one["total"])),
        "reinvested": F.aggregate(events, F.array(F.lit(1.0)), _one_more),
        "year_base": F.coalesce(F.lag("last_close").over(by_year), F.col("first_close")),
    })  # fmt: skip
    growth = F.col("last_close") / F.col("year_base") * F.element_at("reinvested", -1)
    before = F.product(F.coalesce(F.col(ANCHOR), growth)).over(by_year.rowsBetween(Window.unboundedPreceding, -1))
    return spanned.withColumn("chained", F.coalesce(before, F.lit(1.0)))


def _one_more(products: Column, event: Column) -> Column:
    return F.concat(products, F.array(F.element_at(products, -1) * event["factor"]))
