"""What a run computes again, and what it may leave as it is."""

from datetime import date

import pytest
from pyspark.sql import SparkSession

from glue.increments.event_diff import EventDiff, before_and_after
from glue.increments.scope import FROM_THE_START, effective_splits, first_paid, has_unchanged_rows
from lake.snapshot import Manifest, TickerManifest
from tests.glue.bars import split_frame, splits

SEEN = "2026-01-20T22:30:05.000000Z"


def entry(first: str, last: str, *missing: date) -> TickerManifest:
    return TickerManifest(date.fromisoformat(first), date.fromisoformat(last), 0, SEEN, SEEN, None, missing)


PUBLISHED = Manifest(
    "20260120T223005Z", "20260120T223005Z", "simulated", 0, (),
    {"AAPL": entry("2010-01-04", "2026-01-20"), "GONE": entry("2012-01-03", "2022-06-30")},
)  # fmt: skip


@pytest.mark.parametrize(
    ("years", "computed", "has"),
    [
        ({2026}, {"AAPL": 2026}, False),
        ({2025, 2026}, {"AAPL": 2026}, True),  # AAPL's own 2025
        ({2022, 2026}, {"AAPL": 2010}, True),  # GONE's 2022
        ({2022, 2026}, {"AAPL": 2010, "GONE": 2012}, False),
        ({2023, 2026}, {"AAPL": 2010}, False),
        ({2026}, {}, True),
        (set(), {}, False),
    ],
)
def test_whether_a_written_year_has_rows_that_are_not_computed(
    years: set[int], computed: dict[str, int], *, has: bool
) -> None:
    assert has_unchanged_rows(PUBLISHED, years, computed) is has


@pytest.mark.parametrize(
    ("ticker", "diff", "first"),
    [
        ("AAPL", EventDiff(("2009-11-06", "2010-01-01"), is_new=False), None),  # before its first bar: no row changes
        ("AAPL", EventDiff(("2009-11-06", "2026-02-09"), is_new=False), date(2026, 2, 9)),
        ("AAPL", EventDiff(("2010-01-04",), is_new=False), date(2010, 1, 4)),
        ("AAPL", EventDiff(("2009-11-06",), is_new=True), FROM_THE_START),  # unknown before: every row changes
        ("NEW", EventDiff(("2009-11-06",), is_new=False), date(2009, 11, 6)),
    ],
)
def test_a_dividend_before_the_first_bar_computes_nothing_again(
    ticker: str, diff: EventDiff, first: date | None
) -> None:
    assert first_paid({ticker: diff}, PUBLISHED).get(ticker) == first


def test_a_split_counts_once_its_ticker_trades_on_its_day(spark: SparkSession) -> None:
    """An announced split becomes effective in this run; a later one does not, nor one of a ticker without bars."""
    day, later = ("2026-01-21", 2.0), ("2026-02-02", 3.0)
    splits_of_both = split_frame(spark, splits("AAPL", day, later), splits("NONE", day))
    last_sessions = {"AAPL": (date(2026, 1, 20), date(2026, 1, 21))}
    found = {
        row["ticker"]: row
        for row in effective_splits(before_and_after(splits_of_both, splits_of_both), last_sessions).collect()
    }
    days = {name: [event["date"] for event in found["AAPL"][name]] for name in ("before", "after")}
    assert days == {"before": [], "after": ["2026-01-21"]}
    assert not found["NONE"]["after"]
