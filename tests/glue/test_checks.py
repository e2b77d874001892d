"""Each rule catches its planted case, and none cries over a sound table or a real day that looks like a fault.

Every plant has a ticker of its own, so that one pass of the gate answers for all of them.
"""

from collections.abc import Callable
from datetime import date

import pytest
from pyspark.sql import SparkSession

from glue.checks import TABLE_RULES
from glue.jobs.quality import judge
from glue.report import Finding
from lake import calendar
from tests.glue.bars import DAYS, Row, published_frame, published_row

Plant = Callable[[str, list[Row]], object]


def sound(*tickers: str) -> list[Row]:
    return [published_row(ticker, day) for ticker in tickers for day in DAYS]


def change(place: int, **values: object) -> Plant:
    return lambda _, rows: rows[place].update(values)


def halve_from(place: int) -> Plant:
    def plant(ticker: str, rows: list[Row]) -> None:
        for row in rows[place:]:
            row.update(published_row(ticker, row["date"].isoformat(), 50.4))

    return plant


# ticker: the rule that must name it, what the rule then does, the plant, and the sessions named
PLANTED: dict[str, tuple[str, str, Plant, list[str]]] = {
    "TWICE": ("duplicates", "block", lambda _, rows: rows.append(dict(rows[2])), [DAYS[2], DAYS[2]]),
    "HOLE": ("required", "block", change(3, split_factor=None), [DAYS[3]]),
    "NULL": ("nulls", "block", change(4, close=None), [DAYS[4]]),
    "ZERO": ("non_positive", "block", change(5, low=0.0), [DAYS[5]]),
    "MINUS": ("non_positive", "block", change(5, raw_volume=-1), [DAYS[5]]),
    "LOW": ("ohlc_order", "block", change(6, high=99.0), [DAYS[6]]),
    "HIGH": ("ohlc_order", "block", change(6, raw_low=100.5), [DAYS[6]]),
    "INDEX": ("factors", "block", change(1, total_return_index=-0.1), [DAYS[1]]),
    "SAT": ("off_calendar", "block", lambda _, rows: rows.append(published_row("SAT", "2026-01-10")), ["2026-01-10"]),
    "GAP": ("missing_sessions", "warn", lambda _, rows: rows.pop(3), [DAYS[4]]),
    "NEW": ("new_jump", "quarantine", halve_from(6), [DAYS[6]]),
    "OLD": ("old_jump", "warn", halve_from(2), [DAYS[2]]),
}


@pytest.fixture(scope="module")
def found(spark: SparkSession) -> dict[str, Finding]:
    """What the gate says of two sound tickers and of every plant, by rule."""
    table = sound("AAPL", "VOO")
    for ticker, (_, _, plant, _) in PLANTED.items():
        rows = sound(ticker)
        plant(ticker, rows)
        table += rows
    return {finding.rule: finding for finding in judge(published_frame(spark, table))}


@pytest.mark.parametrize("ticker", PLANTED)
def test_each_rule_catches_its_plant(found: dict[str, Finding], ticker: str) -> None:
    slug, severity, _, days = PLANTED[ticker]
    named = [example["date"] for example in found[slug].examples if example["ticker"] == ticker]
    assert (found[slug].severity, named) == (severity, days)
    assert f"{ticker} {days[0]}" in found[slug].sentence


def test_no_rule_names_a_sound_ticker(found: dict[str, Finding]) -> None:
    named = {example["ticker"] for finding in found.values() for example in finding.examples}
    assert named == set(PLANTED)


def test_every_rule_has_a_plant() -> None:
    assert {rule.slug for rule in TABLE_RULES} == {slug for slug, *_ in PLANTED.values()}


def test_a_sound_table_breaks_no_rule(spark: SparkSession) -> None:
    assert judge(published_frame(spark, sound("AAPL", "VOO"))) == []


def test_a_wrong_schema_and_an_empty_table_block(spark: SparkSession) -> None:
    table = published_frame(spark, sound("AAPL"))
    (wrong,) = judge(table.withColumn("close", table["close"].cast("float")).drop("dividend"))
    (empty,) = judge(table.limit(0))
    assert (wrong.rule, wrong.severity, empty.rule, empty.severity) == ("schema", "block", "empty", "block")
    assert "close is float, not double" in wrong.sentence
    assert "dividend is not there" in wrong.sentence


# As-traded figures of the tape: the close before, the session, and its open, high, low and close
REAL_DAYS = [
    ("AAPL", 53.50, "2000-09-29", (28.19, 29.00, 25.37, 25.75)),  # a warning about its profits, and no split
    ("SCHG", 27.07, "2010-05-06", (26.96, 27.39, 11.23, 26.22)),  # the flash crash
    ("QQQ", 102.40, "2015-08-24", (94.23, 102.53, 84.74, 98.46)),
    ("TSLA", 213.65, "2024-10-24", (244.68, 262.12, 242.65, 260.48)),
    ("MSFT", 221.86, "2025-04-09", (224.69, 274.69, 223.88, 272.20)),  # TSLA's, again under another name
]


def test_real_days_that_fell_or_rose_far_are_no_jump(spark: SparkSession) -> None:
    rows = []
    for ticker, before, day, (opening, high, low, close) in REAL_DAYS:
        eve = calendar.sessions_back(date.fromisoformat(day), 2)[0]
        rows.append(published_row(ticker, eve.isoformat(), before))
        rows.append(published_row(ticker, day, close, open=opening, high=high, low=low))
    assert judge(published_frame(spark, rows)) == []


def test_many_broken_rows_are_counted_and_a_few_named(spark: SparkSession) -> None:
    rows = [row | {"close": None} for row in sound("AAPL", "QQQ", "VOO")]
    found = {finding.rule: finding for finding in judge(published_frame(spark, rows))}
    assert found["nulls"].count == 3 * len(DAYS)
    assert len(found["nulls"].examples) == 20
    assert found["nulls"].sentence.endswith(f"(AAPL {DAYS[0]}, AAPL {DAYS[1]}, AAPL {DAYS[2]} and 27 more)")
