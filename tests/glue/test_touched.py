"""What a run computes anew of what is published, and what it may leave as it is."""

from datetime import date

import pytest
from pyspark.sql import SparkSession

from glue.increments.event_diff import states_of
from glue.increments.scope import has_untouched, in_effect
from glue.quality.features import USUAL_SESSIONS, context_since
from lake import calendar
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
def test_whether_others_stand_in_the_years_that_are_written(
    years: set[int], computed: dict[str, int], *, has: bool
) -> None:
    assert has_untouched(PUBLISHED, years, computed) is has


def test_a_split_counts_once_its_ticker_trades_on_its_day(spark: SparkSession) -> None:
    """Known since long, its day comes with this run; a later one waits, and one of a ticker without bars too."""
    day, later = ("2026-01-21", 2.0), ("2026-02-02", 3.0)
    answers = split_frame(spark, splits("AAPL", day, later), splits("NONE", day))
    lasts = {"AAPL": (date(2026, 1, 20), date(2026, 1, 21))}
    found = {row["ticker"]: row for row in in_effect(states_of(answers, answers), lasts).collect()}
    days = {state: [event["date"] for event in found["AAPL"][state]] for state in ("was", "now")}
    assert days == {"was": [], "now": ["2026-01-21"]}
    assert not found["NONE"]["now"]


def test_context_is_a_usual_and_the_close_before_it() -> None:
    held = calendar.sessions(date(2025, 1, 1), date(2025, 12, 31))
    assert context_since(entry("2010-01-04", "2026-01-20"), 2026) == held[-USUAL_SESSIONS - 1]
    gap = held[-3]
    assert context_since(entry("2010-01-04", "2026-01-20", gap), 2026) == held[-USUAL_SESSIONS - 2]
    assert context_since(entry("2025-12-30", "2026-01-20"), 2026) == date(2025, 12, 30)
    assert context_since(None, 2026) == date.max
