"""Each rule catches its planted case, and none blocks a real day that looks like a fault.

Every planted case has a ticker of its own, so that one evaluation covers all of them.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from pyspark.sql import SparkSession

from glue.quality.evaluate import evaluate_schema, findings_of, flags_of, violations_in
from glue.quality.findings import Finding
from glue.quality.rules import FLAG_RULES, TABLE_RULES
from lake import calendar
from tests.glue.bars import Row, published_frame, published_row

Plant = Callable[[str, list[Row]], object]

LAST = date(2026, 1, 16)
DAYS = tuple(day.isoformat() for day in calendar.sessions_back(LAST, 40))
OLD = 30


def evaluate(spark: SparkSession, rows: list[Row]) -> list[Finding]:
    return findings_of(violations_in(published_frame(spark, rows)), TABLE_RULES)


def sound(*tickers: str) -> list[Row]:
    """Forty calm sessions of each, no two the same."""
    return [
        published_row(ticker, day, 100 + place % 3 / 2, raw_volume=1000 + place, volume=1000.0 + place)
        for ticker in tickers
        for place, day in enumerate(DAYS)
    ]


def change(place: int, **values: object) -> Plant:
    return lambda _, rows: rows[place].update(values)


def from_then_on(place: int, factor: float, **values: object) -> Plant:
    """From a session on, another price level."""

    def plant(ticker: str, rows: list[Row]) -> None:
        for row in rows[place:]:
            level = published_row(ticker, row["date"].isoformat(), row["raw_close"] * factor, **values)
            row.update({name: level[name] for name in level if "volume" not in name})

    return plant


def basis_without_move(place: int) -> Plant:
    """A split of 2:1 that the traded price does not show: the traded price continues, the adjusted one doubles."""

    def plant(ticker: str, rows: list[Row]) -> None:
        for row in rows[:place]:
            half = {name: row[f"raw_{name}"] / 2 for name in ("open", "high", "low", "close")}
            row.update({**half, "split_factor": 0.5, "share_factor": 0.5})

    return plant


def repeat(place: int) -> Plant:
    def plant(_: str, rows: list[Row]) -> None:
        names = ("open", "high", "low", "close")
        same = {name: rows[place - 1][name] for name in (*names, *(f"raw_{name}" for name in (*names, "volume")))}
        rows[place].update(same)

    return plant


# ticker: the rule that must name it, what the rule then does, the plant, and the session named
PLANTED: dict[str, tuple[str, str, Plant, str]] = {
    "TWICE": ("duplicates", "block", lambda _, rows: rows.append(dict(rows[2])), DAYS[2]),
    "HOLE": ("required", "block", change(3, split_factor=None), DAYS[3]),
    "NULL": ("nulls", "block", change(4, close=None), DAYS[4]),
    "ZERO": ("non_positive", "block", change(5, low=0.0), DAYS[5]),
    "MINUS": ("non_positive", "block", change(5, raw_volume=-1), DAYS[5]),
    "LOW": ("ohlc_order", "block", change(6, high=99.0), DAYS[6]),
    "HIGH": ("ohlc_order", "block", change(6, raw_low=101.5), DAYS[6]),
    "INDEX": ("factors", "block", change(1, total_return_index=-0.1), DAYS[1]),
    "SAT": ("off_calendar", "block", lambda _, rows: rows.append(published_row("SAT", "2026-01-10")), "2026-01-10"),
    "GAP": ("missing_sessions", "warn", lambda _, rows: rows.pop(3), DAYS[4]),
    "JUMP": ("jump", "warn", from_then_on(OLD, 0.504), DAYS[OLD]),
    "FIVE": ("absurd_price", "warn", from_then_on(OLD, 4.5), DAYS[OLD]),
    "FLAT": ("split_without_jump", "warn", basis_without_move(OLD), DAYS[OLD]),
    # META 2016-06-02: a high of 135.60 where the tape had 119.44; and 2016-05-10: a low of 114.80, and not 119.00
    "META": ("high_far_out", "warn", change(OLD, high=100 * 135.60 / 118.93, raw_high=114.0), DAYS[OLD]),
    "METB": ("low_far_out", "warn", change(OLD, low=100 * 114.80 / 119.0 - 1, raw_low=95.0), DAYS[OLD]),
    # MSFT 2013-04-23: 15.5 million where 59.1 million were traded; QQQ 2026-08-20: ten times its neighbours
    "MSFT": ("odd_volume", "warn", change(OLD, volume=1000 * 15.5 / 59.1), DAYS[OLD]),
    "QQQ": ("odd_volume", "warn", change(OLD, volume=10_000.0), DAYS[OLD]),
    "IDLE": ("odd_volume", "warn", change(OLD, volume=0.0, raw_volume=0), DAYS[OLD]),
    "STALE": ("stale_repeat", "warn", repeat(OLD), DAYS[OLD]),
    "WILD": ("extreme_move", "warn", from_then_on(OLD, 1.25), DAYS[OLD]),
}


def planted(*tickers: str) -> list[Row]:
    """Three sound tickers and those plants."""
    table = sound("AAPL", "VOO", "SCHG")
    for ticker in tickers:
        rows = sound(ticker)
        _, _, plant, _ = PLANTED[ticker]
        plant(ticker, rows)
        table += rows
    return table


def assert_caught(found: dict[str, Finding], ticker: str) -> None:
    slug, severity, _, day = PLANTED[ticker]
    named = [example["date"] for example in found[slug].examples if example["ticker"] == ticker]
    assert (found[slug].severity, named) == (severity, [day])


@pytest.fixture(scope="module")
def found(spark: SparkSession) -> dict[str, Finding]:
    """By rule, the findings in three sound tickers and every planted case."""
    return {finding.rule: finding for finding in evaluate(spark, planted(*PLANTED))}


@pytest.mark.parametrize("ticker", PLANTED)
def test_each_rule_catches_its_plant(found: dict[str, Finding], ticker: str) -> None:
    assert_caught(found, ticker)


@pytest.fixture(scope="module")
def without_rules(spark: SparkSession) -> dict[str, Finding]:
    """By rule, the findings in the same rows with every rule disabled."""
    disabled = tuple(replace(rule, broken="false") for rule in TABLE_RULES)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("glue.quality.evaluate.TABLE_RULES", disabled)
        return {finding.rule: finding for finding in evaluate(spark, planted(*PLANTED))}


@pytest.mark.parametrize("ticker", PLANTED)
def test_without_its_rule_a_plant_is_not_caught(without_rules: dict[str, Finding], ticker: str) -> None:
    """The test above fails for each rule that is disabled. A finding has its rule's name: no other can cover for it."""
    with pytest.raises(KeyError, match=PLANTED[ticker][0]):
        assert_caught(without_rules, ticker)


def test_no_rule_names_a_sound_ticker(found: dict[str, Finding]) -> None:
    named = {example["ticker"] for finding in found.values() for example in finding.examples}
    assert named == set(PLANTED)


def test_every_rule_has_a_plant() -> None:
    assert {rule.slug for rule in TABLE_RULES} == {slug for slug, *_ in PLANTED.values()}


def test_a_wrong_schema_blocks(spark: SparkSession) -> None:
    table = published_frame(spark, sound("AAPL"))
    (wrong,) = evaluate_schema(table.withColumn("close", table["close"].cast("float")).drop("dividend"))
    assert (wrong.rule, wrong.severity) == ("schema", "block")
    assert "close is float, not double" in wrong.sentence
    assert "dividend is not there" in wrong.sentence
    assert evaluate_schema(table) == []


# As-traded figures of the tape: ticker, the close before, the session, its open, high, low and close
REAL_DAYS = [
    ("AAPL", 53.50, "2000-09-29", (28.19, 29.00, 25.37, 25.75)),  # a warning about its profits, and no split
    ("SCHG", 27.07, "2010-05-06", (26.96, 27.39, 11.23, 26.22)),  # the flash crash
    ("VOO", 56.27, "2011-10-26", (56.88, 57.03, 55.90, 56.81)),  # nineteen times the volume of the day before
    ("QQQ", 102.40, "2015-08-24", (94.23, 102.53, 84.74, 98.46)),
    ("SCHG", 51.54, "2015-08-24", (48.44, 51.23, 40.11, 49.56)),
    ("TSLA", 213.65, "2024-10-24", (244.68, 262.12, 242.65, 260.48)),
    ("TSLA", 221.86, "2025-04-09", (224.69, 274.69, 223.88, 272.20)),
    ("MSFT", 485.50, "2025-11-28", (487.60, 492.63, 486.65, 492.01)),  # a half day
]


def test_no_real_day_blocks_or_is_absurd(spark: SparkSession) -> None:
    """Each at the end of a calm quarter of its own ticker."""
    rows: list[Row] = []
    for place, (ticker, before, day, (opening, high, low, close)) in enumerate(REAL_DAYS):
        name = f"{ticker[:4]}{chr(ord('A') + place)}"
        quarter = calendar.sessions_back(date.fromisoformat(day), 60)[:-1]
        rows += [published_row(name, str(eve), before, high=before * 1.01, low=before * 0.99) for eve in quarter]
        rows.append(published_row(name, day, close, open=opening, high=high, low=low))
    found = evaluate(spark, rows)
    assert {finding.rule for finding in found if finding.severity != "warn"} == set()
    assert "absurd_price" not in {finding.rule for finding in found}


def test_the_flags_of_a_row_are_the_rules_of_its_bar(spark: SparkSession) -> None:
    """In alphabetical order; sessions that are missing before a bar are no fault of it."""
    rows = planted("JUMP", "QQQ", "GAP")
    next(row for row in rows if row["ticker"] == "JUMP" and str(row["date"]) == DAYS[OLD])["volume"] = 10_000.0
    flags = flags_of(violations_in(published_frame(spark, rows))).collect()
    assert {(row["ticker"], str(row["date"])): row["flags"] for row in flags} == {
        ("JUMP", DAYS[OLD]): "extreme_move,jump,odd_volume",
        ("QQQ", DAYS[OLD]): "odd_volume",
    }
    assert {rule.slug for rule in TABLE_RULES if rule.severity == "warn"} - {rule.slug for rule in FLAG_RULES} == {
        "missing_sessions"
    }


def test_a_first_session_after_listing_is_no_fault(spark: SparkSession) -> None:
    rows = [*sound("AAPL", "VOO", "SCHG"), published_row("SPOT", DAYS[-1], 149.01, high=169.0, low=148.3)]
    assert evaluate(spark, rows) == []


def test_a_spin_off_within_the_volatility_is_silent(spark: SparkSession) -> None:
    """IBM 2021-11-04, 1.046: the as-traded close went from 120.85 to 120.85 by no more than it does on any day."""
    rows = sound("AAPL", "VOO", "SCHG", "IBM")
    of_ibm = [row for row in rows if row["ticker"] == "IBM"]
    for place, row in enumerate(of_ibm):
        wave = 1.01 ** (place % 2)
        prices = {f"raw_{name}": row[f"raw_{name}"] * wave for name in ("open", "high", "low", "close")}
        factor = 1 / 1.046 if place < OLD else 1.0
        adjusted = {name.removeprefix("raw_"): price * factor for name, price in prices.items()}
        row.update({**prices, **adjusted, "split_factor": factor})
    assert "split_without_jump" not in {finding.rule for finding in evaluate(spark, rows)}


@pytest.mark.parametrize(("wick", "is_flagged"), [(0.06, False), (0.2, True)])
def test_a_long_wick_is_judged_by_the_volatility_of_its_ticker(
    spark: SparkSession, wick: float, *, is_flagged: bool
) -> None:
    """Moves of 4.9 % a day, wicks of 1 %: 6 % are six times the usual and hardly more than a day's move."""
    rows = sound("AAPL", "VOO", "SCHG", "SHOCK")
    of_shock = [row for row in rows if row["ticker"] == "SHOCK"]
    for place, row in enumerate(of_shock):
        level = 100 * 1.05 ** (place % 2) + place / 100
        prices = {"open": level, "high": level * 1.01, "low": level * 0.99, "close": level}
        row.update(prices | {f"raw_{name}": price for name, price in prices.items()})
    high = of_shock[OLD]["close"] * (1 + wick)
    of_shock[OLD].update(high=high, raw_high=high)
    assert ("high_far_out" in {finding.rule for finding in evaluate(spark, rows)}) is is_flagged


def test_many_broken_rows_are_counted_and_a_few_named(spark: SparkSession) -> None:
    rows = [row | {"close": None} for row in sound("AAPL", "QQQ", "VOO")]
    found = {finding.rule: finding for finding in evaluate(spark, rows)}
    assert found["nulls"].count == 3 * len(DAYS)
    assert len(found["nulls"].examples) == 20
    assert found["nulls"].sentence.endswith(f"(AAPL {DAYS[0]}, AAPL {DAYS[1]}, AAPL {DAYS[2]} and 117 more)")
