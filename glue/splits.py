"""What splits do to a ticker, in the spans between them."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

_WIDEST_SPLIT = 50
_SPLIT_TOLERANCE = 1e-4


def split_spans(splits: DataFrame, lasts: DataFrame) -> DataFrame:
    """The spans between a ticker's effective splits, `of` it, from `since` to before `until`, each with its factors.

    `split_factor` is the product of 1/ratio over the splits after a session, `share_factor` that over true splits
    alone. Both are 1 from the last split on. A split after the ticker's last session waits for its day; `lasts` are
    rows of `ticker` and `last_session`.
    """
    effective = F.filter("events", lambda event: F.to_date(event["date"]) <= F.col("last_session"))
    days = F.array_sort(F.array_distinct(F.transform(effective, lambda event: F.to_date(event["date"]))))
    edges = F.concat(F.array(F.lit("0001-01-01").cast("date")), days, F.array(F.lit("9999-12-31").cast("date")))
    spans = splits.join(lasts, "ticker").select(
        F.col("ticker").alias("of"),
        effective.alias("effective"),
        edges.alias("edges"),
        F.posexplode(F.slice(edges, 1, F.size(edges) - 1)).alias("n", "since"),
    )
    ahead = F.filter("effective", lambda event: F.to_date(event["date"]) > F.col("since"))
    shares = F.filter(ahead, lambda event: is_share_split(event["ratio"]))
    return spans.select(
        "of", "since", F.col("edges")[F.col("n") + 1].alias("until"),
        _product_of_inverses(ahead).alias("split_factor"), _product_of_inverses(shares).alias("share_factor"),
    )  # fmt: skip


def with_split_factors(bars: DataFrame, spans: DataFrame) -> DataFrame:
    """Add `split_factor` and `share_factor` of each bar's `date`.

    Tickers whose splits are not known are left out: what they traded at can't be told from what they are worth today.
    """
    within = (F.col("ticker") == F.col("of")) & (F.col("date") >= F.col("since")) & (F.col("date") < F.col("until"))
    return bars.join(F.broadcast(spans), within).drop("of", "since", "until")


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


def _product_of_inverses(events: Column) -> Column:
    return F.aggregate(events, F.lit(1.0), lambda product, event: product / event["ratio"])
