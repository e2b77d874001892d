"""Which new records are a restatement, and which responses withdraw it."""

from datetime import date

from pyspark.sql import DataFrame, SparkSession

from glue.merge import restatements
from glue.merge.restatements import Contradiction, contradictions_in
from tests.glue.bars import DAYS, Row, bar, bars, price_frame, published_frame, published_row

MORNING, NOON, EVENING = (f"2026-01-21T{hour}:00:00.000000Z" for hour in ("08", "12", "20"))


def changes(spark: SparkSession, new: list[Row], current: list[Row] | None = None, flags: str = "") -> DataFrame:
    """Of new records on a published lake of AAPL and VOO, 100 dollars on every day; the first day has the flags."""
    old = current or [row for ticker in ("AAPL", "VOO") for row in bars(ticker)]
    rows = [
        published_row(row["ticker"], row["date"], row["close"], flags=flags if row["date"] == DAYS[0] else "")
        for row in old
    ]
    return restatements.changes_of(price_frame(spark, new), price_frame(spark, old), published_frame(spark, rows))


def test_a_close_that_moves_by_more_than_half_a_percent_contradicts(spark: SparkSession) -> None:
    new = [
        bar("AAPL", DAYS[1], 100.6, fetched_at=NOON),
        bar("AAPL", DAYS[2], 100.4, fetched_at=NOON),  # within
        bar("AAPL", DAYS[3], 100.0, fetched_at=NOON, volume=999),  # a volume is provisional
        bar("VOO", DAYS[4], 200.0, source="csv:old.csv", fetched_at=NOON),  # a file only fills gaps
        bar("VOO", DAYS[5], 200.0, source="replace:right.csv", fetched_at=NOON),  # asked for by an operator
        bar("VOO", "2026-01-20", 200.0, fetched_at=NOON),  # nothing is published there
    ]
    found = changes(spark, new)
    (one,), agreed = contradictions_in(found)
    response = {"ticker": "AAPL", "source": "simulated", "fetched_at": NOON}
    assert one == Contradiction(response, 1, DAYS[1], 100.0, 100.6)
    assert agreed == {"VOO": NOON}
    assert one.sentence == (
        f"the answer of simulated fetched at {NOON} moves AAPL's published close of {DAYS[1]} from 100 to 100.6"
    )
    differing = {(row["ticker"], str(row["date"])) for row in found.filter("differs").collect()}
    assert differing == {
        *(("AAPL", day) for day in DAYS[1:4]), ("VOO", DAYS[5]), ("VOO", "2026-01-20"),
    }  # fmt: skip


def test_a_flagged_close_may_be_corrected(spark: SparkSession) -> None:
    """As a wrong one that was published and flagged: 249,424 and 623.56. The other bars of the answer still count."""
    wrong = [bar("AAPL", DAYS[0], 623.56, fetched_at=NOON)]
    assert contradictions_in(changes(spark, wrong, flags="absurd_price")) == ([], {"AAPL": NOON})
    both = [*wrong, bar("AAPL", DAYS[1], 101.0, fetched_at=NOON)]
    (one,), _ = contradictions_in(changes(spark, both, flags="absurd_price"))
    assert (one.count, one.day) == (1, DAYS[1])


def test_the_vendor_differing_from_a_published_file_contradicts(spark: SparkSession) -> None:
    current = bars("AAPL")
    current[0]["source"] = "csv:old.csv"
    (one,), _ = contradictions_in(changes(spark, [bar("AAPL", DAYS[0], 90.0)], current))
    assert (one.published, one.close) == (100.0, 90.0)


def test_the_responses_that_agree_and_those_that_do_not(spark: SparkSession) -> None:
    wrong = [bar("AAPL", day, 1000.0, fetched_at=MORNING) for day in (*DAYS, "2026-01-20")]
    wrong += [bar("VOO", DAYS[0], 1000.0, fetched_at=NOON)]
    right = [bar("AAPL", DAYS[9], 100.0, fetched_at=NOON), bar("VOO", DAYS[9], 100.0, fetched_at=MORNING)]
    elsewhere = [bar("VOO", "2026-01-20", 100.0, fetched_at=EVENING)]  # has no published session
    new = wrong + right + elsewhere
    found, agreed = contradictions_in(changes(spark, new))
    assert [(one.response["ticker"], one.count) for one in found] == [("AAPL", 10), ("VOO", 1)]
    assert agreed == {"AAPL": NOON, "VOO": MORNING}
    left = restatements.without_responses(price_frame(spark, new), [one.response for one in found]).collect()
    assert {(row["ticker"], row["date"]) for row in left if row["ticker"] == "AAPL"} == {
        ("AAPL", date.fromisoformat(DAYS[9]))
    }
    assert len([row for row in left if row["ticker"] == "VOO"]) == 2
