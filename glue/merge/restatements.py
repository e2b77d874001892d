"""Responses that contradict published prices, and later ones that withdraw the contradiction.

The vendor never restates a price. If the closes of a response differ from the published ones by more than 0.5 %, either
the response is wrong or the published prices are. So nothing of it is used, its sessions that are not published yet
included, and its ticker keeps its published rows. Once a later response agrees with the published prices, the
contradiction is withdrawn: the lake recovers by itself once the feed is right. The close of a bar that a quality rule
has flagged may be corrected.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.merge.precedence import REPLACING, precedence
from glue.spark import literal_frame
from lake.tables import RAW_PRICES

Response = Mapping[str, str]
RESPONSE_KEY = ("ticker", "source", "fetched_at")  # the same in all records of one response, and in no others
MAX_RESTATEMENT = 0.005
# A condition on a row of CHANGES: it moves a published close by more than that, and nobody asked for it.
_MOVES = f"abs(try_divide(close, published_close) - 1) > {MAX_RESTATEMENT}D"
CONTRADICTS = f"coalesce({_MOVES} and not flagged and not startswith(source, '{REPLACING}'), false)"
CHANGES = (
    "ticker string, source string, fetched_at string, date date, close double, published_close double, "
    "flagged boolean, differs boolean"
)


@dataclass(frozen=True)
class Contradiction:
    """A response that contradicts `count` published closes, and the first of them: ISO day, published and new close."""

    response: Response
    count: int
    day: str
    published: float
    close: float

    @property
    def sentence(self) -> str:
        """The contradiction in words."""
        ticker, source, fetched = (self.response[name] for name in RESPONSE_KEY)
        more = f", and {self.count - 1} more closes" if self.count > 1 else ""
        moves = f"moves {ticker}'s published close of {self.day} from {self.published:.10g} to {self.close:.10g}"
        return f"the answer of {source} fetched at {fetched} {moves}{more}"


def changes_of(new: DataFrame, current: DataFrame, published: DataFrame) -> DataFrame:
    """The new records that take precedence over the current record of their key, as rows of CHANGES.

    `published_close`: as traded, null where nothing is published. `flagged`: whether the published bar broke a quality
    rule. `differs`: no other new record of the key takes precedence, and its figures differ from the current record's.
    """
    figures = F.struct("open", "high", "low", "close", "volume")
    before = current.select(
        "ticker", "date", precedence(RAW_PRICES).alias("current_precedence"), figures.alias("current_figures")
    )
    closes = published.select(
        "ticker", "date", F.col("raw_close").alias("published_close"), F.col("flags").alias("published_flags")
    )
    by_precedence = Window.partitionBy("ticker", "date").orderBy(F.col("precedence").desc())
    ranked = new.withColumn("precedence", precedence(RAW_PRICES)).withColumn(
        "newest", F.row_number().over(by_precedence) == 1
    )
    # Of the current records and the published rows only those of the new keys are joined: the new ones are few.
    keys = new.select("ticker", "date")
    joined = ranked.join(before.join(keys, ["ticker", "date"], "left_semi"), ["ticker", "date"], "left")
    winning = joined.filter(F.coalesce(F.col("precedence") > F.col("current_precedence"), F.lit(True)))
    differs = F.col("newest") & ~figures.eqNullSafe(F.col("current_figures"))
    flagged = F.coalesce(F.col("published_flags") != "", F.lit(False))
    return winning.join(closes.join(keys, ["ticker", "date"], "left_semi"), ["ticker", "date"], "left").select(
        *RESPONSE_KEY, "date", "close", "published_close", flagged.alias("flagged"), differs.alias("differs")
    )


def contradictions_in(changes: DataFrame) -> tuple[list[Contradiction], dict[str, str]]:
    """The responses that contradict published closes, and by ticker when the newest that agrees was fetched."""
    wrong = F.expr(CONTRADICTS)
    first = F.min(F.when(wrong, F.struct("date", "published_close", "close"))).alias("first")
    responses = changes.filter("published_close is not null").groupBy(*RESPONSE_KEY)
    found, agreed = [], dict[str, str]()
    for row in responses.agg(F.count_if(wrong).alias("wrong"), first).collect():
        if row["wrong"]:
            response = {name: row[name] for name in RESPONSE_KEY}
            found.append(Contradiction(response, row["wrong"], *_texts(row["first"])))
        else:
            agreed[row["ticker"]] = max(agreed.get(row["ticker"], ""), row["fetched_at"])
    return sorted(found, key=lambda one: [one.response[name] for name in RESPONSE_KEY]), agreed


def without_responses(records: DataFrame, withdrawn: Sequence[Response]) -> DataFrame:
    """The records that belong to none of the withdrawn responses."""
    if not withdrawn:
        return records
    responses = literal_frame(withdrawn, ", ".join(f"{name} string" for name in RESPONSE_KEY))
    return records.join(F.broadcast(responses), list(RESPONSE_KEY), "left_anti")


def _texts(first: tuple[object, float, float]) -> tuple[str, float, float]:
    day, published, close = first
    return str(day), published, close
