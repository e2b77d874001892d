"""Responses that contradict published prices, and later ones that withdraw the contradiction.

The vendor never restates a price. If the closes of a response differ from the published ones by more than 0.5 %, either
the response is wrong or the published prices are. The contradiction blocks publishing for as long as it is the latest
response about its ticker. Once a later response agrees with the published prices, the whole contradicting response is
withdrawn, its sessions that are not published yet included. So the lake recovers by itself once the feed is right.
"""

from collections.abc import Mapping, Sequence

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.merge.precedence import REPLACING, precedence
from glue.spark import literal_frame
from lake.tables import RAW_PRICES

Response = Mapping[str, str]
RESPONSE_KEY = ("ticker", "source", "fetched_at")  # the same in all records of one response, and in no others
MAX_RESTATEMENT = 0.005
# Conditions on a row of CHANGES: it moves a published close by more than that, and nobody asked for it.
_MOVES = f"abs(try_divide(close, published_close) - 1) > {MAX_RESTATEMENT}D"
CONTRADICTS = f"coalesce({_MOVES} and not startswith(source, '{REPLACING}'), false)"
RESTATES = f"newest and {CONTRADICTS}"
CHANGES = (
    "ticker string, source string, fetched_at string, date date, close double, published_close double, "
    "newest boolean, differs boolean"
)


def changes_of(new: DataFrame, current: DataFrame, published: DataFrame) -> DataFrame:
    """The new records that take precedence over the current record of their key, as rows of CHANGES.

    `published_close`: as traded, null where nothing is published. `newest`: no other new record of the key takes
    precedence. `differs`: it is the newest, and its figures differ from those of the current record.
    """
    figures = F.struct("open", "high", "low", "close", "volume")
    before = current.select(
        "ticker", "date", precedence(RAW_PRICES).alias("current_precedence"), figures.alias("current_figures")
    )
    closes = published.select("ticker", "date", F.col("raw_close").alias("published_close"))
    by_precedence = Window.partitionBy("ticker", "date").orderBy(F.col("precedence").desc())
    ranked = new.withColumn("precedence", precedence(RAW_PRICES)).withColumn(
        "newest", F.row_number().over(by_precedence) == 1
    )
    # Of the current records and the published rows only those of the new keys are joined: the new ones are few.
    keys = new.select("ticker", "date")
    joined = ranked.join(before.join(keys, ["ticker", "date"], "left_semi"), ["ticker", "date"], "left")
    winning = joined.filter(F.coalesce(F.col("precedence") > F.col("current_precedence"), F.lit(True)))
    differs = F.col("newest") & ~figures.eqNullSafe(F.col("current_figures"))
    return winning.join(closes.join(keys, ["ticker", "date"], "left_semi"), ["ticker", "date"], "left").select(
        *RESPONSE_KEY, "date", "close", "published_close", "newest", differs.alias("differs")
    )


def withdrawn_responses(changes: DataFrame) -> list[dict[str, str]]:
    """The responses that contradict published closes, and after which one about the same ticker agrees with them."""
    responses = (
        changes.filter("published_close is not null")
        .groupBy(*RESPONSE_KEY)
        .agg(F.max(F.expr(CONTRADICTS)).alias("contradicts"))
    )
    contradicting = responses.filter("contradicts").drop("contradicts")
    agreeing = responses.filter("not contradicts").groupBy("ticker").agg(F.max("fetched_at").alias("agreed_at"))
    withdrawn = contradicting.join(agreeing, "ticker").filter("agreed_at > fetched_at")
    rows = [row.asDict() for row in withdrawn.select(*RESPONSE_KEY).collect()]
    return sorted(rows, key=lambda response: [response[name] for name in RESPONSE_KEY])


def without_responses(records: DataFrame, withdrawn: Sequence[Response]) -> DataFrame:
    """The records that belong to none of the withdrawn responses."""
    if not withdrawn:
        return records
    responses = literal_frame(withdrawn, ", ".join(f"{name} string" for name in RESPONSE_KEY))
    return records.join(F.broadcast(responses), list(RESPONSE_KEY), "left_anti")
