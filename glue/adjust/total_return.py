"""Dividends and the total return index, computed on the few sessions with a dividend and joined to the bars.

Within a year, between two ex-dates, the index is the close times a constant. So a year of bars has one interval more
than it has ex-dates. The bars, which are many, are joined with the small table of intervals, and only their closes
are sorted by session: a running product over all columns of the bars would sort every row.
"""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

KNOWN_INDEX = "known_index"  # the published total_return_index of the row before those that are computed
_NO_END = "9999-12-31"
_INTERVAL = ("first_day", "last_day", "paid", "growth")


def with_dividends(bars: DataFrame, intervals: DataFrame) -> DataFrame:
    """Add `dividend`, as paid, and `total_return_index` to adjusted bars, from `dividend_intervals`.

    `dividend` is 0 on a session without one. Both are null where the ticker's dividends are unknown.
    """
    within = (F.col("ticker") == F.col("of_ticker")) & (F.col("year") == F.col("of_year"))
    joined = bars.join(F.broadcast(intervals), within & F.col("date").between(F.col("first_day"), F.col("last_day")))
    paid = F.when(F.col("date") == F.col("first_day"), F.col("paid")).otherwise(0.0)
    index = F.col("year_index") * (F.col("close") / F.col("year_base") * F.col("growth"))
    added = {"dividend": F.when(F.col("known"), paid), "total_return_index": F.when(F.col("known"), index)}
    return joined.withColumns(added).drop(*intervals.columns)


def dividend_intervals(closes: DataFrame, dividends: DataFrame) -> DataFrame:
    """The intervals of each ticker and year (`of_ticker`, `of_year`), from `first_day` to `last_day`, both inclusive.

    `paid`: the dividend of `first_day`; `known`: null where the ticker's dividends are unknown.

    The index is 1 at the first session, then I_t = I_{t-1} · (C_t + D_t) ÷ C_{t-1}, with C the split-adjusted close and
    D the dividend of ex-date t on the same basis: CRSP's holding-period return, and the ratios of Alpha Vantage's
    adjusted closes. Within a year that is `year_index`, the index at the end of the year before, times C_t ÷
    `year_base`, the last close of the year before, times `growth`, the product of (C_e + D_e) ÷ C_e over the year's
    ex-dates e so far. So a dividend changes no session before its own, and a year that is computed alone, from its
    predecessor with the index as `known_index`, is equal to the last bit to the same year in a full rebuild.

    `closes`: `ticker`, `year`, `date`, split-adjusted `close`, `split_factor` and `known_index`.
    """
    years = _years(closes).join(_dividends_by_year(closes, dividends), ["ticker", "year"], "left")
    known = dividends.select("ticker", F.lit(True).alias("known"))
    return _with_intervals(_with_growth(years)).join(F.broadcast(known), "ticker", "left").select(
        F.col("ticker").alias("of_ticker"), F.col("year").alias("of_year"), "known", "year_index", "year_base",
        F.inline(F.arrays_zip(*_INTERVAL)),
    )  # fmt: skip


def _years(closes: DataFrame) -> DataFrame:
    """Of each ticker and year the first session, the first and last close, and the known index."""
    return closes.groupBy("ticker", "year").agg(
        F.min("date").alias("first"),
        F.min_by("close", "date").alias("first_close"),
        F.max_by("close", "date").alias("last_close"),
        F.max(KNOWN_INDEX).alias(KNOWN_INDEX),
    )


def _dividends_by_year(closes: DataFrame, dividends: DataFrame) -> DataFrame:
    """Of each ticker and year with dividends `sessions`: those on which dividends fall, ascending, with what is `paid`.

    An ex-date without a bar counts on the next session that has one, in that year or the next. One after the last is
    not due yet.
    """
    candidates = closes.join(F.broadcast(_ex_dates(dividends)), ["ticker", "year"]).filter("date >= ex_date")
    # The first of the sessions from the ex-date on is found without sorting the bars, which are many.
    of_first = (F.min_by(name, "date").alias(name) for name in ("close", "split_factor"))
    found = candidates.groupBy("ticker", "ex_date", "amount", "place").agg(F.min("date").alias("date"), *of_first)
    # Sorted before they are added up: a sum of floating-point numbers depends on their order, and Spark's varies.
    paid = F.array_sort(F.collect_list(F.struct("ex_date", "amount")))
    sessions = found.groupBy("ticker", "date", "close", "split_factor").agg(paid.alias("paid"))
    of_year = F.array_sort(F.collect_list(F.struct("date", "close", "split_factor", "paid")))
    return sessions.groupBy("ticker", F.year("date").alias("year")).agg(of_year.alias("sessions"))


def _ex_dates(dividends: DataFrame) -> DataFrame:
    """The dividends that may fall to a session of a year: those of the year, and of the one before.

    `place` tells two equal ones apart.
    """
    events = dividends.select("ticker", F.posexplode("events").alias("place", "event")).select(
        "ticker", "place", F.to_date("event.ex_date").alias("ex_date"), F.col("event.amount").alias("amount")
    )
    return events.withColumn("year", F.explode(F.array(F.year("ex_date"), F.year("ex_date") + 1)))


def _with_growth(years: DataFrame) -> DataFrame:
    """Add `events`: for each session with a dividend its `total` as paid, and its growth `factor`.

    Several on one date add up. One before the first bar does not count. A dividend on the first session is listed and
    has the factor 1: who bought at that close did not get it.
    """
    counts = "filter(one.paid, each -> one.date > first_session or each.ex_date = one.date)"
    total = f"aggregate({counts}, 0D, (total, each) -> total + each.amount)"
    of_session = f"struct(one.date, one.close, one.split_factor, size({counts}) as n, {total} as total)"
    listed = f"filter(transform(coalesce(sessions, array()), one -> {of_session}), one -> one.n > 0)"
    growth = "(one.close + one.total * one.split_factor) / one.close"
    factor = f"if(one.total > 0 and one.date > first_session, {growth}, 1D)"
    of_ticker = years.withColumn("first_session", F.min("first").over(Window.partitionBy("ticker")))
    return of_ticker.withColumn(
        "events", F.expr(f"transform({listed}, one -> struct(one.date, one.total, {factor} as factor))")
    )


def _with_intervals(years: DataFrame) -> DataFrame:
    """Add `year_base`, `year_index`, and the intervals as parallel arrays."""
    product = "(products, event) -> concat(products, array(element_at(products, -1) * event.factor))"
    with_arrays = years.selectExpr(
        "*",
        "concat(array(date_sub(first, 1)), transform(events, event -> event.date)) as first_day",
        f"concat(transform(events, event -> date_sub(event.date, 1)), array(date'{_NO_END}')) as last_day",
        "concat(array(0D), transform(events, event -> event.total)) as paid",
        f"aggregate(events, array(1D), {product}) as growth",
        "coalesce(lag(last_close) over (partition by ticker order by year), first_close) as year_base",
    )
    of_year = F.expr(f"coalesce({KNOWN_INDEX}, last_close / year_base * element_at(growth, -1))")
    earlier_years = Window.partitionBy("ticker").orderBy("year").rowsBetween(Window.unboundedPreceding, -1)
    return with_arrays.withColumn("year_index", F.coalesce(F.product(of_year).over(earlier_years), F.lit(1.0)))
