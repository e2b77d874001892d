"""Each rule catches its planted case, and none cries over a sound table or a real day that looks like a fault."""

from collections.abc import Callable
from datetime import date

import pytest
from pyspark.sql import SparkSession

from glue.checks import TABLE_RULES
from glue.jobs.quality import judge
from lake import calendar
from tests.glue.bars import DAYS, Row, published_frame, published_row

Plant = Callable[[list[Row]], object]


def sound() -> list[Row]:
    return [published_row(ticker, day) for ticker in ("AAPL", "VOO") for day in DAYS]


def change(place: int, **values: object) -> Plant:
    return lambda rows: rows[place].update(values)


def halve_from(place: int) -> Plant:
    def plant(rows: list[Row]) -> None:
        for row in rows[place : len(DAYS)]:
            row.update(published_row("AAPL", row["date"].isoformat(), 50.4))

    return plant


# rule, what it says, the plant, and the places it must name
PLANTED: list[tuple[str, str, Plant, list[str]]] = [
    ("duplicates", "block", lambda rows: rows.append(dict(rows[2])), [DAYS[2], DAYS[2]]),
    ("required", "block", change(3, split_factor=None), [DAYS[3]]),
    ("nulls", "block", change(4, close=None), [DAYS[4]]),
    ("non_positive", "block", change(5, low=0.0), [DAYS[5]]),
    ("non_positive", "block", change(5, raw_volume=-1), [DAYS[5]]),
    ("ohlc_order", "block", change(6, high=99.0), [DAYS[6]]),
    ("ohlc_order", "block", change(6, raw_low=100.5), [DAYS[6]]),
    ("factors", "block", change(1, total_return_index=-0.1), [DAYS[1]]),
    ("off_calendar", "block", lambda rows: rows.append(published_row("AAPL", "2026-01-10")), ["2026-01-10"]),
    ("missing_sessions", "warn", lambda rows: rows.pop(3), [DAYS[4]]),
    ("new_jump", "quarantine", halve_from(6), [DAYS[6]]),
    ("old_jump", "warn", halve_from(2), [DAYS[2]]),
]


def test_a_sound_table_breaks_no_rule(spark: SparkSession) -> None:
    assert judge(published_frame(spark, sound())) == []


@pytest.mark.parametrize(("slug", "severity", "plant", "days"), PLANTED)
def test_each_rule_catches_its_plant(
    spark: SparkSession, slug: str, severity: str, plant: Plant, days: list[str]
) -> None:
    rows = sound()
    plant(rows)
    found = {finding.rule: finding for finding in judge(published_frame(spark, rows))}
    assert found[slug].severity == severity
    assert [(example["ticker"], example["date"]) for example in found[slug].examples] == [("AAPL", day) for day in days]
    assert f"AAPL {days[0]}" in found[slug].sentence


def test_every_rule_has_a_plant() -> None:
    assert {rule.slug for rule in TABLE_RULES} == {slug for slug, *_ in PLANTED}


def test_a_wrong_schema_and_an_empty_table_block(spark: SparkSession) -> None:
    table = published_frame(spark, sound())
    (wrong,) = judge(table.withColumn("close", table["close"].cast("float")).drop("dividend"))
    (empty,) = judge(table.limit(0))
    assert (wrong.rule, wrong.severity, empty.rule, empty.severity) == ("schema", "block", "empty", "block")
    assert "close is float, not double" in wrong.sentence
    assert "dividend is not there" in wrong.sentence


@pytest.mark.parametrize(
    ("ticker", "before", "day", "open_", "close"),
    [
        ("AAPL", 53.50, "2000-09-29", 28.19, 25.75),  # a warning about its profits, and no split
        ("TSLA", 213.65, "2024-10-24", 244.68, 260.48),
        ("TSLA", 221.86, "2025-04-09", 224.69, 272.20),
        ("META", 323.00, "2022-02-03", 244.65, 237.76),
    ],
)
def test_real_days_that_fell_or_rose_far_are_no_jump(
    spark: SparkSession, ticker: str, before: float, day: str, open_: float, close: float
) -> None:
    """As-traded figures of the tape of those days."""
    session = calendar.sessions_back(date.fromisoformat(day), 2)
    rows = [published_row(ticker, session[0].isoformat(), before), published_row(ticker, day, close, open=open_)]
    rows[1].update(low=min(open_, close), high=max(open_, close))
    assert judge(published_frame(spark, rows)) == []


def test_many_broken_rows_are_counted_and_a_few_named(spark: SparkSession) -> None:
    rows = sound()
    for row in rows:
        row["close"] = None
    found = {finding.rule: finding for finding in judge(published_frame(spark, rows))}
    assert found["nulls"].count == 2 * len(DAYS)
    assert found["nulls"].sentence.endswith(f"(AAPL {DAYS[0]}, AAPL {DAYS[1]}, AAPL {DAYS[2]} and 17 more)")
