"""The Spark queries of a run, by name: each costs time whatever it reads, so that nobody adds one unnoticed."""

from collections.abc import Iterator
from itertools import takewhile

from pyspark.sql import SparkSession

from glue.arguments import Arguments
from glue.workflow import STEPS
from lake.storage import FolderStorage
from tests.glue.bars import DAYS, FETCHED, bar, bars, deliver, dividends, splits

LATER = "2026-01-20T02:00:00.000000Z"
TICKERS = ("AAPL", "VOO")
CLOSES = {day: 100.0 + place for place, day in enumerate(DAYS)}  # a bar that repeats the one before would be flagged
FULL_BUILD = [
    "check new prices",
    "check new splits",
    "check new dividends",
    "check new sentiment",
    "find events that wait for a first bar",
    "merge splits",
    "merge dividends",
    "find the newest records of each ticker",
    "find suspicious steps and dividends",
    "find splits that only older answers have",
    "compute daily_prices",
    "compute corporate_actions",
    "compute daily_sentiment",
    "evaluate the quality rules",
    "count sessions and rows",
]
NEW_DAY = [
    "check new prices",
    "check new dividends",
    "compare new prices with published ones",
    "merge prices",
    "find events that wait for a first bar",
    "merge dividends",
    "find the newest records of each ticker",
    "find what is new of each ticker",
    "find suspicious steps and dividends",
    "compute daily_prices",
    "compute corporate_actions",
    "evaluate the quality rules",
    "count sessions and rows",
]


def queries(spark: SparkSession, storage: FolderStorage, run: str) -> list[str]:
    """The descriptions of the queries of a run, sorted, because some run at the same time.

    A query without a name has its place in the code.
    """
    spark.range(1).collect()
    marker, _ = next(_newest_first(spark))
    for job in STEPS.values():
        job(Arguments(storage, run))
    return sorted(name for _, name in takewhile(lambda one: one[0] > marker, _newest_first(spark)))


def _newest_first(spark: SparkSession) -> Iterator[tuple[int, str]]:
    """Number and description of each executed query."""
    # Spark shows its executed queries in the UI only, and PySpark has no access to what the UI reads.
    spark.sparkContext._jsc.sc().listenerBus().waitUntilEmpty()
    found = spark._jsparkSession.sharedState().statusStore().executionsList()
    for place in reversed(range(found.size())):
        yield found.apply(place).executionId(), found.apply(place).description()


def test_a_full_build_and_a_new_day_take_these_queries(spark: SparkSession, storage: FolderStorage) -> None:
    deliver(storage, "prices", [row for ticker in TICKERS for row in bars(ticker, DAYS[:-1], CLOSES)], "one")
    deliver(storage, "splits", [splits(ticker) for ticker in TICKERS], "one")
    deliver(storage, "dividends", [dividends(ticker, (DAYS[2], 0.25)) for ticker in TICKERS], "one")
    score = {"score": 0.1, "articles": 1, "source": "simulated", "fetched_at": FETCHED}
    deliver(storage, "sentiment", [{"ticker": "AAPL", "date": DAYS[0], **score}], "one")
    assert queries(spark, storage, "20260120T020000Z") == sorted(FULL_BUILD)

    deliver(storage, "prices", [bar(ticker, DAYS[-1], 110.0, fetched_at=LATER) for ticker in TICKERS], "two")
    paid = dividends("AAPL", (DAYS[2], 0.25), (DAYS[-1], 0.25), fetched_at=LATER)
    deliver(storage, "dividends", [paid], "two")
    assert queries(spark, storage, "20260120T030000Z") == sorted(NEW_DAY)
