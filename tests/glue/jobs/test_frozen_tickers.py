"""One ticker, one problem: it is held back, everything else is published, and it ends by itself."""

import json
from dataclasses import dataclass
from typing import Any

import pytest

from lake import layout
from lake.snapshot import Manifest
from lake.storage import FolderStorage
from tests.glue.bars import DAYS
from tests.glue.scenarios.frozen import CLOSES, NEW, NEXT, TICKERS
from tests.glue.scenarios.lake import RUNS, FiveRuns, only, rows


@dataclass(frozen=True)
class Frozen:
    """The manifest and the rows of TICKERS after the four deliveries, and in between after a rebuild."""

    storage: FolderStorage
    manifests: list[Manifest]
    rows: list[list[dict[str, Any]]]


@pytest.fixture(scope="module")
def frozen(published: FiveRuns) -> Frozen:
    _, first, second, third, fourth = published.manifests
    manifests = [first, second, published.rebuilt, third, fourth]
    of_tickers = [rows(published.storage, one, tickers=TICKERS) for one in manifests]
    return Frozen(published.storage, [only(one, TICKERS) for one in manifests], of_tickers)


def last_sessions(manifest: Manifest) -> dict[str, str]:
    return {ticker: str(entry.last) for ticker, entry in manifest.tickers.items()}


def test_each_problem_is_held_back_and_everything_else_is_published(frozen: Frozen) -> None:
    second = frozen.manifests[1]
    behind = {"GME", "IBM", "META", "MSFT", "NFLX", "QQQ"}
    assert last_sessions(second) == {one: DAYS[7] if one in behind else NEW for one in TICKERS} | {"KO": DAYS[3]}
    assert {one: entry.rule for one, entry in second.frozen.items()} == {
        "AAPL": "withdrawn_split",
        "ADBE": "implausible_dividend",
        "GME": "unexplained_jump",
        "IBM": "absurd_price",
        "KO": "wrong_split",
        "META": "restated",
        "MSFT": "no_price",
        "NFLX": "no_price",
        "PEP": "withdrawn_split",
        "QQQ": "absurd_price",
        "TSLA": "implausible_split",
    }
    of_splits = ("AAPL", "KO", "PEP", "TSLA")
    others = {entry.since for one, entry in second.frozen.items() if one not in (*of_splits, "META")}
    assert others == {NEW}
    assert {second.frozen[one].since for one in of_splits} == {DAYS[4]}
    assert second.frozen["META"].since == "2026-01-15"
    assert f"150 with ex-date {NEW} is above the close before: 150 against 100" in second.frozen["ADBE"].message
    assert all(entry.advice for entry in second.frozen.values())


def test_what_was_published_stays_as_it_was(frozen: Frozen) -> None:
    for one in ("GME", "IBM", "META", "MSFT", "NFLX", "QQQ"):
        before, after = ([row for row in of_run if row["ticker"] == one] for of_run in frozen.rows[:2])
        assert before == after
    assert max(row["high"] for of_run in frozen.rows for row in of_run if row["ticker"] != "IBM") < 160


def closes_of(of_run: list[dict[str, Any]], ticker: str) -> list[float]:
    return [row["close"] for row in of_run if row["ticker"] == ticker]


def test_a_split_that_an_answer_lacks_counts_until_one_has_it_again(frozen: Frozen) -> None:
    first = [CLOSES[day] / 2 for day in DAYS[:8]]
    assert closes_of(frozen.rows[0], "AAPL") == pytest.approx(first)
    assert closes_of(frozen.rows[1], "AAPL") == pytest.approx([*first, 50.5])
    assert closes_of(frozen.rows[-1], "AAPL") == pytest.approx([*first, 50.5, 51.0])
    for manifest in frozen.manifests:
        events = rows(frozen.storage, manifest, "corporate_actions", ["AAPL"])
        assert (DAYS[4], 2.0) in [(str(row["date"]), row["value"]) for row in events]
    assert "AAPL" not in frozen.manifests[-1].frozen


def test_a_stock_dividend_that_an_answer_lacks_counts_until_one_has_it_again(frozen: Frozen) -> None:
    for of_run in frozen.rows:
        closes = closes_of(of_run, "PEP")
        assert closes == pytest.approx([close / 1.1 for close in [*CLOSES.values(), 101.0, 102.0]][: len(closes)])
    assert "PEP" not in frozen.manifests[-1].frozen


def test_a_wrong_ratio_holds_back_its_ticker_until_an_answer_has_the_right_one(frozen: Frozen) -> None:
    for of_run in frozen.rows[:-1]:
        assert closes_of(of_run, "KO") == pytest.approx([CLOSES[day] for day in DAYS[:4]])
    assert closes_of(frozen.rows[-1], "KO") == pytest.approx([close / 10 for close in [*CLOSES.values(), 101.0, 102.0]])
    assert "a split of 4 on" in next(one["message"] for one in frozen.manifests[0].held if one["kind"] == "bar")
    assert "KO" not in frozen.manifests[-1].frozen


def test_an_operator_may_say_that_a_split_is_right(frozen: Frozen) -> None:
    assert closes_of(frozen.rows[1], "TSLA")[:2] == pytest.approx([99.3, 99.4])
    assert closes_of(frozen.rows[-1], "TSLA")[:2] == pytest.approx([99.3 / 3, 99.4 / 3])
    assert "TSLA" not in frozen.manifests[-1].frozen


def test_a_rebuild_holds_the_same_back(frozen: Frozen) -> None:
    assert frozen.rows[2] == frozen.rows[1]
    assert (frozen.manifests[2].held, frozen.manifests[2].frozen) == (
        frozen.manifests[1].held,
        frozen.manifests[1].frozen,
    )


def test_an_implausible_dividend_is_not_reinvested_and_no_event(frozen: Frozen) -> None:
    adbe, schg = ([row for row in frozen.rows[1] if row["ticker"] == one][-1] for one in ("ADBE", "SCHG"))
    assert (adbe["dividend"], adbe["total_return_index"]) == (0.0, pytest.approx(101 / 99.3))
    assert (schg["dividend"], schg["total_return_index"]) == (60.0, pytest.approx(101 / 99.3))  # 41 + 60
    events = rows(frozen.storage, frozen.manifests[1], "corporate_actions", TICKERS)
    assert [(row["ticker"], row["value"]) for row in events] == [("AAPL", 2.0), ("PEP", 1.1), ("SCHG", 60.0)]


def test_it_ends_by_itself(frozen: Frozen) -> None:
    """A correction, a confirmation, an answer about the splits, and an answer that agrees with what is published."""
    *_, third, fourth = frozen.manifests
    assert {one: entry.rule for one, entry in third.frozen.items()} == {
        "AAPL": "withdrawn_split",
        "ADBE": "implausible_dividend",
        "IBM": "absurd_price",
        "KO": "wrong_split",
        "META": "restated",
        "MSFT": "no_price",
        "NFLX": "no_price",
        "PEP": "withdrawn_split",
        "TSLA": "implausible_split",
    }
    behind = {"IBM": DAYS[7], "META": DAYS[7], "KO": DAYS[3]}
    assert last_sessions(third) == {one: behind.get(one, NEXT) for one in TICKERS}
    assert set(fourth.frozen) == {"ADBE", "MSFT", "NFLX"}
    assert set(last_sessions(fourth).values()) == {NEXT}
    assert [(str(day)) for day in fourth.tickers["MSFT"].refused] == [NEW]
    assert {one["ticker"] for one in fourth.withdrawn} == {"META"}


def test_a_published_bar_carries_the_rules_that_it_broke(frozen: Frozen) -> None:
    flagged = {(row["ticker"], str(row["date"])): row["flags"] for row in frozen.rows[-1] if row["flags"]}
    assert flagged["IBM", NEW] == "absurd_price,jump"  # 5:1
    assert flagged["GME", NEW] == "jump"
    assert flagged == {
        (ticker, day): flags for ticker, days in frozen.manifests[-1].flagged.items() for day, flags in days.items()
    }


def test_the_held_records_lie_in_quarantine(frozen: Frozen) -> None:
    lines = frozen.storage.read(layout.quarantine(RUNS[2], "held.json")).decode().splitlines()
    held = {json.loads(line)["ticker"] for line in lines}
    assert held & set(TICKERS) == set(frozen.manifests[1].frozen)
