"""Which new records are a restatement, and which responses withdraw it."""

from dataclasses import replace
from datetime import date

import pytest
from pyspark.sql import DataFrame, SparkSession

from glue.merge import restatements
from glue.quality.evaluate import evaluate_changes
from glue.quality.rules import RESTATED
from tests.glue.bars import DAYS, Row, bar, bars, price_frame, published_frame, published_row

MORNING, NOON, EVENING = (f"2026-01-21T{hour}:00:00.000000Z" for hour in ("08", "12", "20"))


def changes(spark: SparkSession, new: list[Row], current: list[Row] | None = None) -> DataFrame:
    """Of new records on a published lake of AAPL and VOO, 100 dollars on every day."""
    old = current or [row for ticker in ("AAPL", "VOO") for row in bars(ticker)]
    published = published_frame(spark, [published_row(row["ticker"], row["date"], row["close"]) for row in old])
    return restatements.changes_of(price_frame(spark, new), price_frame(spark, old), published)


def test_a_close_that_moves_by_more_than_half_a_percent_blocks(spark: SparkSession) -> None:
    new = [
        bar("AAPL", DAYS[1], 100.6, fetched_at=NOON),
        bar("AAPL", DAYS[2], 100.4, fetched_at=NOON),  # within
        bar("AAPL", DAYS[3], 100.0, fetched_at=NOON, volume=999),  # a volume is provisional
        bar("VOO", DAYS[4], 200.0, source="csv:old.csv", fetched_at=NOON),  # a file only fills gaps
        bar("VOO", DAYS[5], 200.0, source="replace:right.csv", fetched_at=NOON),  # asked for by an operator
        bar("VOO", "2026-01-20", 200.0, fetched_at=NOON),  # nothing is published there
    ]
    found = changes(spark, new)
    (finding,) = evaluate_changes(found)
    assert (finding.rule, finding.severity, finding.count) == ("restated", "block", 1)
    assert finding.examples == ({"ticker": "AAPL", "date": DAYS[1]},)
    differing = {(row["ticker"], str(row["date"])) for row in found.filter("differs").collect()}
    assert differing == {
        *(("AAPL", day) for day in DAYS[1:4]), ("VOO", DAYS[5]), ("VOO", "2026-01-20"),
    }  # fmt: skip


def test_without_the_rule_nothing_blocks(spark: SparkSession, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("glue.quality.evaluate.RESTATED", replace(RESTATED, broken="false"))
    assert evaluate_changes(changes(spark, [bar("AAPL", DAYS[1], 100.6, fetched_at=NOON)])) == []


def test_the_vendor_differing_from_a_published_file_blocks(spark: SparkSession) -> None:
    current = bars("AAPL")
    current[0]["source"] = "csv:old.csv"
    (finding,) = evaluate_changes(changes(spark, [bar("AAPL", DAYS[0], 90.0)], current))
    assert finding.count == 1


def test_a_response_is_withdrawn_by_a_later_one_that_agrees(spark: SparkSession) -> None:
    wrong = [bar("AAPL", day, 1000.0, fetched_at=MORNING) for day in (*DAYS, "2026-01-20")]
    wrong += [bar("VOO", DAYS[0], 1000.0, fetched_at=NOON)]
    right = [bar("AAPL", DAYS[9], 100.0, fetched_at=NOON), bar("VOO", DAYS[9], 100.0, fetched_at=MORNING)]
    elsewhere = [bar("VOO", "2026-01-20", 100.0, fetched_at=EVENING)]  # has no published session
    new = wrong + right + elsewhere
    withdrawn = restatements.withdrawn_responses(changes(spark, new))
    assert withdrawn == [{"ticker": "AAPL", "source": "simulated", "fetched_at": MORNING}]
    left = restatements.without_responses(price_frame(spark, new), withdrawn).collect()
    assert {(row["ticker"], row["date"]) for row in left if row["ticker"] == "AAPL"} == {
        ("AAPL", date.fromisoformat(DAYS[9]))
    }
    assert len([row for row in left if row["ticker"] == "VOO"]) == 3
