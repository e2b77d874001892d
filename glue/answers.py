"""Answers that contradict what is published, and those that take them back.

The vendor never restates a price. An answer whose closes differ from the published ones by more than 0.5 % is wrong, or
what is published is. It blocks, and goes on to block for as long as it is the last word on its ticker. Once a later
answer of that ticker agrees with what is published, the contradiction is withdrawn: all of it, also where nothing is
published yet to hold it against. So a feed that is right again needs nobody's hand on the lake.
"""

from collections.abc import Mapping, Sequence

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.frames import frame_of
from glue.order import REPLACING, rank
from lake.tables import RAW_PRICES

Answer = Mapping[str, str]
ANSWER = ("ticker", "source", "fetched_at")  # what the records of one answer have in common, and no others
MOST_RESTATED = 0.005


def changes_of(new: DataFrame, kept: DataFrame, published: DataFrame) -> DataFrame:
    """The new records that change what is kept, or agree with what is published.

    One row a record that counts for more than the kept one of its key: the record's ANSWER, `date`, `close`, the
    `published_close` as traded (null where nothing is published), and whether its figures `differ` from the kept ones.
    """
    figures = F.struct("open", "high", "low", "close", "volume")
    before = kept.select("ticker", "date", rank(RAW_PRICES).alias("kept_rank"), figures.alias("kept_figures"))
    shown = published.select("ticker", "date", F.col("raw_close").alias("published_close"))
    joined = new.withColumn("rank", rank(RAW_PRICES)).join(before, ["ticker", "date"], "left")
    counting = joined.filter(F.coalesce(F.col("rank") > F.col("kept_rank"), F.lit(True)))
    return counting.join(shown, ["ticker", "date"], "left").select(
        *ANSWER, "date", "close", "published_close", (~figures.eqNullSafe(F.col("kept_figures"))).alias("differs")
    )


def restates() -> Column:
    """Whether a change moves a published close by more than 0.5 %, and nobody asked for it."""
    moved = F.abs(F.col("close") / F.col("published_close") - 1) > MOST_RESTATED
    return F.coalesce(moved & ~F.col("source").startswith(REPLACING), F.lit(False))


def withdrawn_answers(changes: DataFrame) -> list[dict[str, str]]:
    """The answers that contradict what is published, and that a later answer of their ticker takes back."""
    told = changes.filter("published_close is not null").groupBy(*ANSWER).agg(F.max(restates()).alias("contradicts"))
    contradicting = told.filter("contradicts").drop("contradicts")
    agreeing = told.filter("not contradicts").groupBy("ticker").agg(F.max("fetched_at").alias("agreed_at"))
    taken_back = contradicting.join(agreeing, "ticker").filter("agreed_at > fetched_at")
    return [row.asDict() for row in taken_back.select(*ANSWER).orderBy(*ANSWER).collect()]


def without(records: DataFrame, withdrawn: Sequence[Answer]) -> DataFrame:
    """The records that are of none of those answers."""
    if not withdrawn:
        return records
    answers = frame_of(withdrawn, ", ".join(f"{name} string" for name in ANSWER))
    return records.join(F.broadcast(answers), list(ANSWER), "left_anti")
