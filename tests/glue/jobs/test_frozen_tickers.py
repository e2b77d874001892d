"""One ticker, one problem: it is held back, everything else is published, and it ends by itself."""

import json
from typing import Any

import duckdb
import pytest
from pyspark.sql import SparkSession

from glue.arguments import Arguments
from glue.workflow import STEPS
from lake import layout
from lake.snapshot import Manifest, current_manifest
from lake.storage import FolderStorage
from tests.glue.bars import DAYS, Row, bar, deliver, dividends, splits

NEW, NEXT = DAYS[8], DAYS[9]
FIRST, SECOND, THIRD, FOURTH = (f"2026-01-{day}T22:00:00.000000Z" for day in ("14", "15", "16", "20"))
RUNS = ("20260114T230000Z", "20260115T230000Z", "20260116T230000Z", "20260120T230000Z")
# Each with a problem of its own, but for VOO and SCHG, whose pay-out of 60 of 100 its price shows.
CLOSES = {day: round(99.3 + place / 10, 2) for place, day in enumerate(DAYS[:8])}  # to 100.00
TICKERS = ("AAPL", "AMZN", "GME", "IBM", "KO", "META", "MSFT", "NVDA", "PEP", "QQQ", "SCHG", "TSLA", "VOO")
# AAPL: 2 for 1. PEP: a stock dividend of 10 %, which steps like an ordinary day. KO: 10 for 1, and the vendor says 4.
RATIOS = {"AAPL": 2.0, "KO": 10.0, "PEP": 1.1}


def first_delivery(storage: FolderStorage) -> None:
    rows = [priced(one, day, traded(one, day, CLOSES[day])) for one in TICKERS for day in DAYS[:8]]
    deliver(storage, "prices", at(FIRST, rows), "bars-1")
    known = [splits(one) for one in TICKERS if one not in RATIOS]
    named = [splits(one, (DAYS[4], ratio)) for one, ratio in (RATIOS | {"KO": 4.0}).items()]
    deliver(storage, "splits", at(FIRST, [*known, *named]), "splits-1")
    deliver(storage, "dividends", at(FIRST, [dividends(one) for one in TICKERS]), "dividends-1")


def second_delivery(storage: FolderStorage) -> None:
    """The problems arrive. AAPL's split and PEP's are gone, and TSLA has one that no price shows."""
    closes = {"GME": 151.0, "IBM": 500.0, "META": 102.0, "QQQ": 40000.0, "SCHG": 41.0}
    new = [priced(one, NEW, closes.get(one, traded(one, NEW, 101.0))) for one in TICKERS if one not in ("MSFT", "NVDA")]
    impossible = [priced("MSFT", NEW, 1e-9), priced("NVDA", NEW, 1e308)]
    restated = [priced("META", DAYS[7], 102.0)]
    deliver(storage, "prices", at(SECOND, [*new, *impossible, *restated]), "bars-2")
    paid = [dividends("AMZN", (NEW, 150.0)), dividends("SCHG", (NEW, 60.0))]
    deliver(storage, "dividends", at(SECOND, paid), "dividends-2")
    without = [splits("AAPL"), splits("PEP"), splits("TSLA", (DAYS[4], 3.0))]
    deliver(storage, "splits", at(SECOND, without), "splits-2")


def third_delivery(storage: FolderStorage) -> None:
    """QQQ is corrected, GME's splits explain nothing, IBM is confirmed once; META's answer is as before."""
    again = [priced("QQQ", NEW, 100.5), priced("IBM", NEW, 500.0), priced("META", DAYS[7], 102.0)]
    closes = {"GME": 152.0, "IBM": 505.0, "META": 103.0, "SCHG": 41.0}
    new = [priced(one, NEXT, closes.get(one, traded(one, NEXT, 102.0))) for one in TICKERS]
    deliver(storage, "prices", at(THIRD, [*again, *new]), "bars-3")
    deliver(storage, "splits", at(THIRD, [splits("GME")]), "splits-3")


def fourth_delivery(storage: FolderStorage) -> None:
    """IBM is confirmed a second time, META's answer agrees with what is published, AAPL's and PEP's splits are
    back, KO's has the right ratio, and an operator says that TSLA's is right."""
    agreeing = [priced("META", day, close) for day, close in ((DAYS[7], 100.0), (NEW, 101.0), (NEXT, 102.0))]
    rows = [priced("IBM", NEW, 500.0), priced("IBM", NEXT, 505.0), *agreeing]
    deliver(storage, "prices", at(FOURTH, rows), "bars-4")
    operators = splits("TSLA", (DAYS[4], 3.0), source="replace:TSLA_splits.csv")
    right = [splits(one, (DAYS[4], ratio)) for one, ratio in RATIOS.items()]
    deliver(storage, "splits", at(FOURTH, [*right, operators]), "splits-4")


def traded(ticker: str, day: str, close: float) -> float:
    """What a close would have traded at, had the splits of RATIOS not been."""
    return close / RATIOS[ticker] if ticker in RATIOS and day >= DAYS[4] else close


def at(moment: str, rows: list[Row]) -> list[Row]:
    return [row | {"fetched_at": moment} for row in rows]


def priced(ticker: str, day: str, close: float) -> Row:
    return bar(ticker, day, close, high=close * 1.01, low=close * 0.99)


def publish(storage: FolderStorage, run: str, *, rebuild: bool = False) -> Manifest:
    for job in STEPS.values():
        job(Arguments(storage, run, rebuild=rebuild))
    manifest = current_manifest(storage)
    assert manifest is not None
    return manifest


def content(storage: FolderStorage, manifest: Manifest, table: str = "daily_prices") -> list[dict[str, Any]]:
    files = f"{storage.url}/{layout.table(manifest.snapshot, table)}*/*.parquet"
    with duckdb.connect() as connection:
        found = connection.execute("SELECT * FROM read_parquet(?) ORDER BY ALL", [files])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


@pytest.fixture(scope="module")
def published(
    spark: SparkSession, tmp_path_factory: pytest.TempPathFactory
) -> tuple[FolderStorage, list[Manifest], list[list[dict[str, Any]]]]:
    """The manifest and the rows after each of the four runs, and after a rebuild."""
    storage = FolderStorage(tmp_path_factory.mktemp("frozen"))
    manifests, rows = [], []
    for run, deliver_more in zip(RUNS, (first_delivery, second_delivery, third_delivery, fourth_delivery), strict=True):
        deliver_more(storage)
        manifests.append(publish(storage, run))
        rows.append(content(storage, manifests[-1]))
        if run == RUNS[1]:
            manifests.append(publish(storage, "20260115T233000Z", rebuild=True))
            rows.append(content(storage, manifests[-1]))
    return storage, manifests, rows


def last_sessions(manifest: Manifest) -> dict[str, str]:
    return {ticker: str(entry.last) for ticker, entry in manifest.tickers.items()}


def test_each_problem_is_held_back_and_everything_else_is_published(published: Any) -> None:
    _, (_, second, *_), _ = published
    behind = {"GME", "IBM", "META", "MSFT", "NVDA", "QQQ"}
    assert last_sessions(second) == {one: DAYS[7] if one in behind else NEW for one in TICKERS} | {"KO": DAYS[3]}
    assert {one: frozen.rule for one, frozen in second.frozen.items()} == {
        "AAPL": "withdrawn_split",
        "AMZN": "implausible_dividend",
        "GME": "unexplained_jump",
        "IBM": "absurd_price",
        "KO": "wrong_split",
        "META": "restated",
        "MSFT": "no_price",
        "NVDA": "no_price",
        "PEP": "withdrawn_split",
        "QQQ": "absurd_price",
        "TSLA": "implausible_split",
    }
    of_splits = ("AAPL", "KO", "PEP", "TSLA")
    others = {frozen.since for one, frozen in second.frozen.items() if one not in (*of_splits, "META")}
    assert others == {NEW}
    assert {second.frozen[one].since for one in of_splits} == {DAYS[4]}
    assert second.frozen["META"].since == "2026-01-15"
    assert f"150 with ex-date {NEW} is above the close before: 150 against 100" in second.frozen["AMZN"].message
    assert all(frozen.advice for frozen in second.frozen.values())


def test_what_was_published_stays_as_it_was(published: Any) -> None:
    _, _, rows = published
    for one in ("GME", "IBM", "META", "MSFT", "NVDA", "QQQ"):
        before, after = ([row for row in of_run if row["ticker"] == one] for of_run in rows[:2])
        assert before == after
    assert max(row["high"] for of_run in rows for row in of_run if row["ticker"] != "IBM") < 160


def closes_of(rows: list[dict[str, Any]], ticker: str) -> list[float]:
    return [row["close"] for row in rows if row["ticker"] == ticker]


def test_a_split_that_an_answer_lacks_counts_until_one_has_it_again(published: Any) -> None:
    storage, manifests, rows = published
    first = [CLOSES[day] / 2 for day in DAYS[:8]]
    assert closes_of(rows[0], "AAPL") == pytest.approx(first)
    assert closes_of(rows[1], "AAPL") == pytest.approx([*first, 50.5])
    assert closes_of(rows[-1], "AAPL") == pytest.approx([*first, 50.5, 51.0])
    for manifest in manifests:
        events = content(storage, manifest, "corporate_actions")
        assert (DAYS[4], 2.0) in [(str(row["date"]), row["value"]) for row in events if row["ticker"] == "AAPL"]
    assert "AAPL" not in manifests[-1].frozen


def test_a_stock_dividend_that_an_answer_lacks_counts_until_one_has_it_again(published: Any) -> None:
    _, manifests, rows = published
    for of_run in rows:
        closes = closes_of(of_run, "PEP")
        assert closes == pytest.approx([close / 1.1 for close in [*CLOSES.values(), 101.0, 102.0]][: len(closes)])
    assert "PEP" not in manifests[-1].frozen


def test_a_wrong_ratio_holds_back_its_ticker_until_an_answer_has_the_right_one(published: Any) -> None:
    _, manifests, rows = published
    for of_run in rows[:-1]:
        assert closes_of(of_run, "KO") == pytest.approx([CLOSES[day] for day in DAYS[:4]])
    assert closes_of(rows[-1], "KO") == pytest.approx([close / 10 for close in [*CLOSES.values(), 101.0, 102.0]])
    assert "a split of 4 on" in next(one["message"] for one in manifests[0].held if one["kind"] == "bar")
    assert "KO" not in manifests[-1].frozen


def test_an_operator_may_say_that_a_split_is_right(published: Any) -> None:
    _, manifests, rows = published
    assert closes_of(rows[1], "TSLA")[:2] == pytest.approx([99.3, 99.4])
    assert closes_of(rows[-1], "TSLA")[:2] == pytest.approx([99.3 / 3, 99.4 / 3])
    assert "TSLA" not in manifests[-1].frozen


def test_a_rebuild_holds_the_same_back(published: Any) -> None:
    _, manifests, rows = published
    assert rows[2] == rows[1]
    assert (manifests[2].held, manifests[2].frozen) == (manifests[1].held, manifests[1].frozen)


def test_an_implausible_dividend_is_not_reinvested_and_no_event(published: Any) -> None:
    storage, (_, second, *_), (_, rows, *_) = published
    amzn = [row for row in rows if row["ticker"] == "AMZN"][-1]
    schg = [row for row in rows if row["ticker"] == "SCHG"][-1]
    assert (amzn["dividend"], amzn["total_return_index"]) == (0.0, pytest.approx(101 / 99.3))
    assert (schg["dividend"], schg["total_return_index"]) == (60.0, pytest.approx(101 / 99.3))  # 41 + 60
    events = content(storage, second, "corporate_actions")
    assert [(row["ticker"], row["value"]) for row in events] == [("AAPL", 2.0), ("PEP", 1.1), ("SCHG", 60.0)]


def test_it_ends_by_itself(published: Any) -> None:
    """A correction, a confirmation, an answer about the splits, and an answer that agrees with what is published."""
    _, (*_, third, fourth), _ = published
    assert {one: frozen.rule for one, frozen in third.frozen.items()} == {
        "AAPL": "withdrawn_split",
        "AMZN": "implausible_dividend",
        "IBM": "absurd_price",
        "KO": "wrong_split",
        "META": "restated",
        "MSFT": "no_price",
        "NVDA": "no_price",
        "PEP": "withdrawn_split",
        "TSLA": "implausible_split",
    }
    behind = {"IBM": DAYS[7], "META": DAYS[7], "KO": DAYS[3]}
    assert last_sessions(third) == {one: behind.get(one, NEXT) for one in TICKERS}
    assert set(fourth.frozen) == {"AMZN", "MSFT", "NVDA"}
    assert set(last_sessions(fourth).values()) == {NEXT}
    assert [(str(day)) for day in fourth.tickers["MSFT"].refused] == [NEW]
    assert {one["ticker"] for one in fourth.withdrawn} == {"META"}


def test_a_published_bar_carries_the_rules_that_it_broke(published: Any) -> None:
    _, manifests, rows = published
    flagged = {(row["ticker"], str(row["date"])): row["flags"] for row in rows[-1] if row["flags"]}
    assert flagged["IBM", NEW] == "absurd_price,jump"  # 5:1
    assert flagged["GME", NEW] == "jump"
    assert flagged == {
        (ticker, day): flags for ticker, days in manifests[-1].flagged.items() for day, flags in days.items()
    }


def test_the_held_records_lie_in_quarantine(published: Any) -> None:
    storage, (_, second, *_), _ = published
    lines = storage.read(layout.quarantine(RUNS[1], "held.json")).decode().splitlines()
    assert {json.loads(line)["ticker"] for line in lines} == set(second.frozen)
