"""Which of several records of one key counts."""

import random

from pyspark.sql import SparkSession

from glue.merge.precedence import deduplicated
from lake.tables import RAW_PRICES
from tests.glue.bars import DAYS, bar, price_frame

MORNING, NOON, EVENING = (f"2026-01-21T{hour}:00:00.000000Z" for hour in ("08", "12", "20"))


def test_a_replacing_file_beats_the_vendor_and_the_vendor_a_file(spark: SparkSession) -> None:
    rows = [
        bar("AAPL", DAYS[0], 1.5, source="replace:right.csv", fetched_at=MORNING),
        bar("AAPL", DAYS[0], 2.5, fetched_at=NOON),
        bar("AAPL", DAYS[0], 3.5, source="csv:old.csv", fetched_at=EVENING),
        bar("AAPL", DAYS[1], 2.5, fetched_at=NOON),
        bar("AAPL", DAYS[1], 3.5, source="csv:old.csv", fetched_at=EVENING),
    ]
    found = deduplicated(price_frame(spark, rows), RAW_PRICES).orderBy("date").collect()
    assert [row["close"] for row in found] == [1.5, 2.5]


def test_one_record_for_each_key_whatever_the_order(spark: SparkSession) -> None:
    """The vendor beats a newer file, the later fetch the earlier one, and the rest is a total order."""
    later, latest = "2026-01-21T00:00:00.000000Z", "2026-01-22T00:00:00.000000Z"
    rows = [
        bar("AAPL", DAYS[0], 1.5, source="csv:old.csv", fetched_at=latest),
        bar("AAPL", DAYS[0], 2.5),
        bar("AAPL", DAYS[0], 3.5, fetched_at=later),
        bar("AAPL", DAYS[0], 3.5, fetched_at=later),
        bar("AAPL", DAYS[1], 4.5, source="csv:old.csv"),
        bar("AAPL", DAYS[2], 5.5),
        bar("AAPL", DAYS[2], 6.5),
    ]
    winners = set()
    for seed in range(4):
        random.Random(seed).shuffle(rows)
        found = deduplicated(price_frame(spark, rows), RAW_PRICES).orderBy("date").collect()
        winners.add(tuple(row["close"] for row in found))
    assert len(winners) == 1
    assert winners.pop()[:2] == (3.5, 4.5)
