"""A new day evaluates its own session: older rows keep their flags, and sixty sessions before it are context."""

from datetime import date

import pytest
from pyspark.sql import SparkSession

from glue.increments.flags import unchanged_flags
from lake import calendar
from lake.snapshot import Manifest
from lake.storage import FolderStorage
from tests.glue.bars import Row, bar, deliver, splits
from tests.glue.scenarios.lake import rows, run_jobs

DAYS = [str(day) for day in calendar.sessions(date(2025, 11, 3), date(2026, 2, 20))]
BUSY_BEFORE, REPEATED, BUSY_TODAY = DAYS[30], DAYS[50], DAYS[-1]
TICKERS = ("AAPL", "AMZN")  # too few for a median of the day: each is compared with itself


@pytest.fixture(scope="module")
def manifests(spark: SparkSession, lake: FolderStorage) -> list[Manifest]:
    """Of a lake with seventy sessions, and of the same after one more, in the same year."""
    deliver(lake, "prices", [one for ticker in TICKERS for one in market(ticker)[:-1]], "history")
    deliver(lake, "splits", [splits(ticker) for ticker in TICKERS], "none")
    before = run_jobs(lake, "20260221T020000Z")
    deliver(lake, "prices", [market(ticker)[-1] for ticker in TICKERS], "day")
    return [before, run_jobs(lake, "20260221T030000Z")]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> FolderStorage:
    return FolderStorage(tmp_path_factory.mktemp("flags"))


def market(ticker: str) -> list[Row]:
    """Bars with ten times the usual volume on two days of AAPL, the last among them, and one that is given again."""
    found = [bar(ticker, day, 100 + place) for place, day in enumerate(DAYS)]
    if ticker == "AAPL":
        for one in found:
            one["volume"] = 10_000 if one["date"] in (BUSY_BEFORE, BUSY_TODAY) else 1000
        place = DAYS.index(REPEATED)
        found[place] = found[place - 1] | {"date": REPEATED}
    return found


def test_the_flags_of_both_years_stay_and_the_new_session_is_judged(manifests: list[Manifest]) -> None:
    before, after = manifests
    known = {BUSY_BEFORE: "odd_volume", REPEATED: "stale_repeat"}
    assert (BUSY_BEFORE[:4], REPEATED[:4]) == ("2025", "2026")
    assert before.flagged == {"AAPL": known}
    assert after.flagged == {"AAPL": known | {BUSY_TODAY: "odd_volume"}}


def test_the_rows_have_the_flags_of_the_manifest(manifests: list[Manifest], lake: FolderStorage) -> None:
    for manifest in manifests:
        flagged = {str(row["date"]): row["flags"] for row in rows(lake, manifest, tickers=["AAPL"]) if row["flags"]}
        assert {"AAPL": flagged} == manifest.flagged
        assert not any(row["flags"] for row in rows(lake, manifest, tickers=["AMZN"]))


def test_the_report_names_what_the_run_has_found(manifests: list[Manifest]) -> None:
    found = [{one["rule"]: [example["date"] for example in one["examples"]] for one in of.quality} for of in manifests]
    assert found == [{"odd_volume": [BUSY_BEFORE], "stale_repeat": [REPEATED]}, {"odd_volume": [BUSY_TODAY]}]


def test_flags_of_other_years_and_of_sessions_that_change_are_not_taken(manifests: list[Manifest]) -> None:
    assert unchanged_flags(manifests[-1], [2026], date.fromisoformat(BUSY_TODAY)) == {
        "AAPL": {REPEATED: "stale_repeat"}
    }
    assert unchanged_flags(manifests[-1], [2026], date.fromisoformat(REPEATED)) == {}
