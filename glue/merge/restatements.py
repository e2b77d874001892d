"""Answers that contradict what is published, and those that take them back.

The vendor never restates a price. An answer whose closes differ from the published ones by more than 0.5 % is wrong, or
what is published is. It blocks, and goes on to block for as long as it is the last word on its ticker. Once a later
answer of that ticker agrees with what is published, the contradiction is withdrawn: all of it, also where nothing is
published yet to hold it against. So a feed that is right again needs nobody's hand on the lake.
"""

from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.frames import frame_of
from glue.merge.precedence import REPLACING, rank
from lake.tables import RAW_PRICES

Answer = Mapping[str, str]
ANSWER = ("ticker", "source", "fetched_at")  # what the records of one answer have in common, and no others
MOST_RESTATED = 0.005
# Of a row of CHANGES: whether it moves a published close by more than that, and nobody asked for it.
_MOVES = f"abs(close / published_close - 1) > {MOST_RESTATED}D"
CONTRADICTS = f"coalesce({_MOVES} and not startswith(source, '{REPLACING}'), false)"
RESTATES = f"newest and {CONTRADICTS}"
CHANGES = (
    "ticker string, source string, fetched_at string, date date, close double, published_close double, "
    "newest boolean, differs boolean"
)


def changes_of(new: DataFrame, kept: DataFrame, published: DataFrame) -> DataFrame:
    """The new records that change what is kept, or agree with what is published.

    One row, of CHANGES, a record that counts for more than the kept one of its key: its `published_close` is as traded,
    null where nothing is published; `newest`: no other new record of its key counts for more; `differs`: it is the
    newest, and its figures differ from the kept ones.
    """
    figures = F.struct("open", "high", "low", "close", "volume")
    before = kept.select("ticker", "date", rank(RAW_PRICES).alias("kept_rank"), figures.alias("kept_figures"))
    shown = published.select("ticker", "date", F.col("raw_close").alias("published_close"))
    by_rank = Window.partitionBy("ticker", "date").orderBy(F.col("rank").desc())
    ranked = new.withColumn("rank", rank(RAW_PRICES)).withColumn("newest", F.row_number().over(by_rank) == 1)
    keys = new.select("ticker", "date")
    joined = ranked.join(before.join(keys, ["ticker", "date"], "left_semi"), ["ticker", "date"], "left")
    counting = joined.filter(F.coalesce(F.col("rank") > F.col("kept_rank"), F.lit(True)))
    differs = F.col("newest") & ~figures.eqNullSafe(F.col("kept_figures"))
    return counting.join(shown.join(keys, ["ticker", "date"], "left_semi"), ["ticker", "date"], "left").select(
        *ANSWER, "date", "close", "published_close", "newest", differs.alias("differs")
    )


def withdrawn_answers(changes: DataFrame) -> list[dict[str, str]]:
    """The answers that contradict what is published, and that a later answer of their ticker takes back."""
    told = (
        changes.filter("published_close is not null")
        .groupBy(*ANSWER)
        .agg(F.max(F.expr(CONTRADICTS)).alias("contradicts"))
    )
    contradicting = told.filter("contradicts").drop("contradicts")
    agreeing = told.filter("not contradicts").groupBy("ticker").agg(F.max("fetched_at").alias("agreed_at"))
    taken_back = contradicting.join(agreeing, "ticker").filter("agreed_at > fetched_at")
    rows = [row.asDict() for row in taken_back.select(*ANSWER).collect()]
    return sorted(rows, key=lambda answer: [answer[name] for name in ANSWER])


def without(records: DataFrame, withdrawn: Sequence[Answer]) -> DataFrame:
    """The records that are of none of those answers."""
    if not withdrawn:
        return records
    answers = frame_of(withdrawn, ", ".join(f"{name} string" for name in ANSWER))
    return records.join(F.broadcast(answers), list(ANSWER), "left_anti")
