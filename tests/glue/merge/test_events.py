"""A ticker's responses, each with the days that it covers, merged into one list of events."""

import random
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession

from glue.merge.events import merged_events, waiting_for_bars
from glue.spark import literal_frame
from lake.tables import RAW_DIVIDENDS
from tests.glue.bars import Row, dividend_frame, dividends

MON, TUE, WED = (f"2026-01-{day}T01:00:00.000000Z" for day in (19, 20, 21))
VENDOR, FILE, REPLACING = "alpha_vantage", "csv:old.csv", "replace:right.csv"
MARCH, JUNE, SEPTEMBER, DECEMBER = (
    ("2024-03-05", 0.04),
    ("2024-06-11", 0.01),
    ("2024-09-12", 0.02),
    ("2024-12-05", 0.03),
)
Event = tuple[str, float]
Range = tuple[str, str] | None


def response(source: str, at: str, *events: Event, covers: Range = None, ticker: str = "NVDA") -> Row:
    first, last = covers or (None, None)
    return dividends(ticker, *events, source=source, fetched_at=at, covers_from=first, covers_to=last)


def bars(spark: SparkSession, first_bars: Mapping[str, str]) -> DataFrame:
    rows = [{"ticker": ticker, "first_bar": day} for ticker, day in first_bars.items()]
    return literal_frame(rows, "ticker string, first_bar string")


CASES: dict[str, tuple[list[Row], list[Event]]] = {
    "a file replaces events inside its dates only": (
        [
            response(FILE, MON, MARCH, DECEMBER, covers=("2024-03-05", "2024-12-05")),
            response(FILE, TUE, JUNE, SEPTEMBER, covers=("2024-06-10", "2024-12-04")),
        ],
        [MARCH, JUNE, SEPTEMBER, DECEMBER],
    ),
    "a file that says there are none withdraws them": (
        [
            response(FILE, MON, MARCH, JUNE, covers=("2024-03-05", "2024-06-11")),
            response(FILE, TUE, covers=("2024-06-01", "2024-06-30")),
        ],
        [MARCH],
    ),
    "an older file says nothing against a newer one": (
        [
            response(FILE, TUE, ("2024-06-11", 0.5), covers=("2024-06-11", "2024-06-11")),
            response(FILE, MON, MARCH, JUNE, SEPTEMBER, covers=("2024-03-05", "2024-09-12")),
        ],
        [MARCH, ("2024-06-11", 0.5), SEPTEMBER],
    ),
    "the vendor covers all days": (
        [response(FILE, WED, MARCH, covers=("2024-03-05", "2024-03-05")), response(VENDOR, MON, JUNE)],
        [JUNE],
    ),
    "a replacing file overrules the vendor inside its dates": (
        [
            response(REPLACING, MON, ("2024-06-11", 0.5), covers=("2024-06-01", "2024-06-30")),
            response(VENDOR, WED, MARCH, JUNE, SEPTEMBER),
        ],
        [MARCH, ("2024-06-11", 0.5), SEPTEMBER],
    ),
    "the vendor's newest response replaces its older ones": (
        [response(VENDOR, MON, MARCH, JUNE), response(VENDOR, TUE, JUNE)],
        [JUNE],
    ),
    "an empty file without a date withdraws nothing": (
        [response(FILE, MON, MARCH, covers=("2024-03-05", "2024-03-05")), response(FILE, TUE)],
        [MARCH],
    ),
    "an empty replacing file withdraws everything": ([response(REPLACING, MON), response(VENDOR, TUE, MARCH)], []),
    "the same dividend twice counts once, two of a day are two": (
        [response(VENDOR, MON, MARCH, MARCH, ("2024-03-05", 0.05))],
        [MARCH, ("2024-03-05", 0.05)],
    ),
    "a record from before there were ranges covers all days": (
        [response(FILE, MON, MARCH, covers=("2024-03-05", "2024-03-05")), response(FILE, TUE, JUNE)],
        [JUNE],
    ),
}


EMPTY_ANSWER = [
    response(FILE, TUE, MARCH, SEPTEMBER, covers=("2024-03-05", "2024-09-12")),
    response(VENDOR, MON, JUNE),
    response(VENDOR, WED),
]
FIRST_BARS: dict[str | None, list[Event]] = {None: [MARCH, SEPTEMBER], "2024-06-03": [MARCH], "2024-01-02": []}


def renamed(rows: Iterable[Row], ticker: str) -> list[Row]:
    return [row | {"ticker": ticker} for row in rows]


@pytest.fixture(scope="module")
def merged(spark: SparkSession) -> dict[str, list[Event]]:
    """By ticker the merged events: each case in three orders, and the empty answer with each first bar."""
    responses, first_bars = [], {}
    for name, (rows, _) in CASES.items():
        for place, order in enumerate((rows, rows[::-1], [*rows, *rows])):
            responses += renamed(order, f"{name} {place}")
    for first_bar in FIRST_BARS:
        responses += renamed(EMPTY_ANSWER, f"from {first_bar}")
        if first_bar:
            first_bars[f"from {first_bar}"] = first_bar
    found = merged_events(dividend_frame(spark, *responses), bars(spark, first_bars), RAW_DIVIDENDS).collect()
    assert len(found) == 3 * len(CASES) + len(FIRST_BARS)
    return {row["ticker"]: [(event["ex_date"], event["amount"]) for event in row["events"]] for row in found}


@pytest.mark.parametrize("name", CASES)
def test_who_says_what_of_which_day(merged: dict[str, list[Event]], name: str) -> None:
    for order in range(3):
        assert merged[f"{name} {order}"] == CASES[name][1]


@pytest.mark.parametrize("first_bar", FIRST_BARS)
def test_an_empty_answer_of_the_vendor_withdraws_nothing_older_than_its_first_bar(
    merged: dict[str, list[Event]], first_bar: str | None
) -> None:
    assert merged[f"from {first_bar}"] == FIRST_BARS[first_bar]


def test_an_empty_answer_waits_for_a_first_bar(spark: SparkSession) -> None:
    rows = [*renamed(EMPTY_ANSWER, "WAITS"), *renamed(EMPTY_ANSWER[:2], "HAS")]
    assert waiting_for_bars({RAW_DIVIDENDS: dividend_frame(spark, *rows)}) == {RAW_DIVIDENDS: ["WAITS"]}


def test_a_newer_file_does_not_put_off_when_the_vendor_is_asked_again(spark: SparkSession) -> None:
    rows = [response(REPLACING, WED, MARCH), response(VENDOR, MON), response(VENDOR, TUE), response(FILE, WED)]
    (row,) = merged_events(dividend_frame(spark, *rows), bars(spark, {}), RAW_DIVIDENDS).collect()
    assert (row["source"], row["fetched_at"]) == (REPLACING, TUE)


def one_by_one(spark: SparkSession, rows: Sequence[Row], first_bar: str) -> list[Any]:
    """Merged in two runs, the second from what the first has kept."""
    none = bars(spark, {})
    kept = merged_events(dividend_frame(spark, *rows[: len(rows) // 2]), none, RAW_DIVIDENDS)
    before = kept.selectExpr("ticker", "inline(responses)")
    both = before.unionByName(dividend_frame(spark, *rows[len(rows) // 2 :]))
    tickers = sorted({row["ticker"] for row in rows})
    return (
        merged_events(both, bars(spark, dict.fromkeys(tickers, first_bar)), RAW_DIVIDENDS).orderBy("ticker").collect()
    )


def covering(row: Row, first_bar: str) -> tuple[str, str]:
    if row["covers_from"]:
        return row["covers_from"], row["covers_to"]
    if row["events"] or row["source"] == REPLACING:
        return "0001-01-01", "9999-12-31"
    return (first_bar, "9999-12-31") if row["source"] == VENDOR else ("9999-12-31", "0001-01-01")


def by_hand(rows: Iterable[Row], first_bar: str) -> dict[str, list[Event]]:
    """Day by day: the first response in precedence that covers it. Of the vendor's only the newest counts."""
    order = {FILE: 0, VENDOR: 1, REPLACING: 2}
    ranked = sorted(rows, key=lambda row: (order[row["source"]], row["fetched_at"]), reverse=True)
    found: dict[str, list[Event]] = {}
    for ticker in {row["ticker"] for row in rows}:
        own = [row for row in ranked if row["ticker"] == ticker]
        newest = next((row for row in own if row["source"] == VENDOR), None)
        own = [row for row in own if row["source"] != VENDOR or row is newest]
        events = []
        for place, row in enumerate(own):
            for event in row["events"]:
                day = event["ex_date"]
                if not any(a <= day <= b for a, b in (covering(other, first_bar) for other in own[:place])):
                    events.append((day, event["amount"]))
        found[ticker] = sorted(events)
    return found


def test_two_runs_and_one_agree_with_the_rule_by_hand(spark: SparkSession) -> None:
    draws = random.Random(16)
    days = [f"2024-{month:02}-10" for month in range(1, 13)]
    rows = []
    for number in range(240):
        source = draws.choice([FILE, FILE, VENDOR, REPLACING])
        first, last = sorted(draws.sample(range(12), 2))
        whole = source == VENDOR or draws.random() < 0.2
        within = range(12) if whole else range(first, last + 1)
        chosen = sorted(draws.sample(within, draws.randint(0, min(3, len(within)))))
        rows.append(
            response(
                source, f"2026-01-19T01:00:{number:02}.{number:06}Z",
                *((days[month], number / 100 + month) for month in chosen),
                covers=None if whole else (days[first], days[last]), ticker=f"T{number % 30}",
            )
        )  # fmt: skip
    expected = by_hand(rows, days[5])
    draws.shuffle(rows)
    for row in one_by_one(spark, rows, days[5]):
        found = [(event["ex_date"], event["amount"]) for event in row["events"]]
        assert found == expected[row["ticker"]], row["ticker"]
