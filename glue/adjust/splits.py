"""The factors that splits put on a ticker's prices and volumes, in the intervals between the splits.

A ticker has a handful of splits and thousands of sessions. The factors are computed once for each interval, and the
bars are joined with that small table: a window over the bars would sort all of them.
"""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from lake.splits import is_share_split_sql


def split_intervals(splits: DataFrame, last_sessions: DataFrame) -> DataFrame:
    """The intervals between a ticker's effective splits, from `start` to before `end`, each with its factors.

    `split_factor`: the product of 1 ÷ ratio of the splits after a session; `share_factor`: the same of share splits
    only. Both are 1 from the last split on. A split after the ticker's last session is not effective yet. The ticker
    is in `of_ticker`. `last_sessions`: rows of `ticker` and `last_session`.
    """
    effective = splits.join(last_sessions, "ticker").selectExpr(
        "ticker as of_ticker", "filter(events, event -> to_date(event.date) <= last_session) as effective"
    )
    # The edges before the first and after the last split are the smallest and the largest date that Spark has.
    days = "array_sort(array_distinct(transform(effective, event -> to_date(event.date))))"
    edged = effective.withColumn("edges", F.expr(f"concat(array(date'0001-01-01'), {days}, array(date'9999-12-31'))"))
    intervals = edged.selectExpr("*", "posexplode(slice(edges, 1, size(edges) - 1)) as (n, start)")
    later = "filter(effective, event -> to_date(event.date) > start)"
    share_splits = f"filter({later}, event -> {is_share_split_sql('event.ratio')})"
    return intervals.selectExpr(
        "of_ticker", "start", "edges[n + 1] as end",
        f"{_product_of_inverses(later)} as split_factor", f"{_product_of_inverses(share_splits)} as share_factor",
    )  # fmt: skip


def with_split_factors(bars: DataFrame, intervals: DataFrame) -> DataFrame:
    """Add the `split_factor` and `share_factor` of each bar's `date`.

    Tickers whose splits are unknown are left out: their traded prices cannot be put on today's basis.
    """
    within = (
        (F.col("ticker") == F.col("of_ticker")) & (F.col("date") >= F.col("start")) & (F.col("date") < F.col("end"))
    )
    return bars.join(F.broadcast(intervals), within).drop("of_ticker", "start", "end")


def _product_of_inverses(events: str) -> str:
    return f"aggregate({events}, 1D, (product, event) -> product / event.ratio)"
