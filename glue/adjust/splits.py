"""What splits do to a ticker, in the spans between them."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from lake.splits import is_share_split_sql


def split_spans(splits: DataFrame, lasts: DataFrame) -> DataFrame:
    """The spans between a ticker's effective splits, `of` it, from `since` to before `until`, each with its factors.

    `split_factor` is the product of 1/ratio over the splits after a session, `share_factor` that over true splits
    alone. Both are 1 from the last split on. A split after the ticker's last session waits for its day; `lasts` are
    rows of `ticker` and `last_session`.
    """
    effective = splits.join(lasts, "ticker").selectExpr(
        "ticker as of", "filter(events, event -> to_date(event.date) <= last_session) as effective"
    )
    days = "array_sort(array_distinct(transform(effective, event -> to_date(event.date))))"
    edged = effective.withColumn("edges", F.expr(f"concat(array(date'0001-01-01'), {days}, array(date'9999-12-31'))"))
    spans = edged.selectExpr("*", "posexplode(slice(edges, 1, size(edges) - 1)) as (n, since)")
    ahead = "filter(effective, event -> to_date(event.date) > since)"
    shares = f"filter({ahead}, event -> {is_share_split_sql('event.ratio')})"
    return spans.selectExpr(
        "of", "since", "edges[n + 1] as until",
        f"{_product_of_inverses(ahead)} as split_factor", f"{_product_of_inverses(shares)} as share_factor",
    )  # fmt: skip


def with_split_factors(bars: DataFrame, spans: DataFrame) -> DataFrame:
    """Add `split_factor` and `share_factor` of each bar's `date`.

    Tickers whose splits are not known are left out: what they traded at can't be told from what they are worth today.
    """
    within = (F.col("ticker") == F.col("of")) & (F.col("date") >= F.col("since")) & (F.col("date") < F.col("until"))
    return bars.join(F.broadcast(spans), within).drop("of", "since", "until")


def _product_of_inverses(events: str) -> str:
    return f"aggregate({events}, 1D, (product, event) -> product / event.ratio)"
