"""A full rebuild has the same content as a sequence of increments, to the last bit."""

import random
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from pyspark.sql import SparkSession

from glue.arguments import Arguments
from glue.workflow import STEPS
from lake import calendar, layout
from lake.snapshot import Manifest, current_manifest, read_manifest, snapshots
from lake.storage import FolderStorage
from tests.glue.bars import Row, bar, deliver, dividends, splits

DAYS = [str(day) for day in calendar.sessions(date(2023, 12, 18), date(2026, 1, 16))]
TABLES = ("daily_prices", "corporate_actions", "daily_sentiment", "kept/prices", "kept/sentiment")
SPLIT = 500  # the session from which on NVDA trades at a tenth
ABSURD = 300  # the session at which MSFT's bar is 400 times too high
TICKERS = ("AAPL", "MSFT", "NVDA", "VOO")


def fetched(day: int) -> str:
    return f"2026-02-{day:02}T01:00:00.000000Z"


def walk(ticker: str, seed: int, jump: int | None = None) -> dict[str, Row]:
    """Every bar of a ticker, by session; from session `jump` on it trades at a tenth."""
    draws, close, rows = random.Random(seed), 100.0, {}
    for place, day in enumerate(DAYS):
        close *= 1 + draws.gauss(0.0005, 0.01)
        traded = round(close / 10 if jump is not None and place >= jump else close, 2)
        rows[day] = bar(ticker, day, traded, high=round(traded * 1.01, 2), low=round(traded * 0.99, 2))
        rows[day]["volume"] = draws.randint(1000, 2000)
    return rows


def quarterly(ticker: str, upto: str, fetched_at: str, amount: float = 0.25) -> Row:
    return dividends(ticker, *((day, amount) for day in DAYS[20::63] if day <= upto), fetched_at=fetched_at)


def times(row: Row, factor: float) -> Row:
    """A bar with all four prices so many times as high."""
    return row | {name: row[name] * factor for name in ("open", "high", "low", "close")}


def deliveries() -> list[list[tuple[layout.RawKind, list[Row]]]]:
    """What is delivered before each run: a new year, gaps, an import, a split, dividends, sentiment, corrections.

    And what is held back: a bar of MSFT for good, one of AAPL until it is corrected, a dividend of MSFT.
    """
    market = {ticker: walk(ticker, seed, SPLIT if ticker == "NVDA" else None) for seed, ticker in enumerate(TICKERS)}
    market["MSFT"][DAYS[ABSURD]] = times(market["MSFT"][DAYS[ABSURD]], 400)

    def sessions(ticker: str, first: int, last: int | None, day: int, **other: object) -> list[Row]:
        return [row | {"fetched_at": fetched(day), **other} for row in list(market[ticker].values())[first:last]]

    first: list[tuple[layout.RawKind, list[Row]]] = [
        ("prices", [row for ticker in TICKERS[:3] for row in sessions(ticker, 100, 490, 1)]),
        ("splits", [splits(ticker, fetched_at=fetched(1)) for ticker in TICKERS[:3]]),
        ("dividends", [quarterly(ticker, DAYS[485], fetched(1)) for ticker in ("AAPL", "NVDA")]),
        ("sentiment", [sentiment("AAPL", DAYS[480], 0.25, 1)]),
    ]
    # AAPL continues with a gap, MSFT's dividends become known, NVDA falls to a tenth without a known split
    wrong = [times(row, 400) for row in sessions("AAPL", 504, 505, 2)]
    paid = quarterly("MSFT", DAYS[400], fetched(2))
    paid["events"].append({"ex_date": DAYS[450], "amount": 5000.0})
    second: list[tuple[layout.RawKind, list[Row]]] = [
        (
            "prices",
            sessions("AAPL", 485, 500, 2) + sessions("AAPL", 502, 504, 2) + wrong + sessions("NVDA", 485, 503, 2),
        ),
        ("dividends", [paid, of_file(dividends("AAPL", (DAYS[300], 0.5)), 295, 305)]),
        ("splits", [of_file(splits("MSFT", (DAYS[50], 1.046), (DAYS[300], 1.02)), 50, 300)]),
        ("sentiment", [sentiment("AAPL", DAYS[480], -0.5, 2), sentiment("MSFT", DAYS[10], 0.1, 2)]),
    ]
    # NVDA's split; older history of MSFT from a file, which overlaps the vendor's; a ticker without known splits
    third: list[tuple[layout.RawKind, list[Row]]] = [
        ("prices", sessions("MSFT", 0, 200, 3, source="csv:old.csv") + sessions("VOO", 0, None, 3)),
        ("splits", [splits("NVDA", (DAYS[SPLIT], 10.0), fetched_at=fetched(3))]),
    ]
    # AAPL's gap is filled, a volume corrected, a dividend withdrawn; VOO's split and spin-off become known
    corrected = sessions("AAPL", 500, 502, 4) + sessions("AAPL", 504, 505, 4, volume=7777)
    fourth: list[tuple[layout.RawKind, list[Row]]] = [
        ("prices", corrected + sessions("MSFT", 490, None, 4)),
        ("splits", [splits("VOO", (DAYS[300], 1.046), (DAYS[-1], 2.0), fetched_at=fetched(4))]),
        ("dividends", [quarterly("AAPL", DAYS[410], fetched(4)), quarterly("VOO", DAYS[-1], fetched(4), 1.5)]),
    ]
    # No events, but bars of the vendor that reach back beyond the spin-off of MSFT which a file alone knows
    fifth: list[tuple[layout.RawKind, list[Row]]] = [("prices", sessions("MSFT", 40, 45, 5))]
    return [first, second, third, fourth, fifth]


def of_file(response: Row, first: int, last: int) -> Row:
    """The response as a file gives it, which covers some sessions only."""
    covers = {"covers_from": DAYS[first], "covers_to": DAYS[last]}
    return response | {"source": "csv:events.csv", "fetched_at": fetched(2)} | covers


def sentiment(ticker: str, day: str, score: float, fetch: int) -> Row:
    record = {"ticker": ticker, "date": day, "score": score, "articles": 3}
    return {**record, "source": "simulated", "fetched_at": fetched(fetch)}


def publish(storage: FolderStorage, run: str) -> Manifest:
    for job in STEPS.values():
        job(Arguments(storage, run))
    manifest = current_manifest(storage)
    assert manifest is not None
    return manifest


def content(storage: FolderStorage, manifest: Manifest, table: str) -> list[tuple[Any, ...]]:
    files = f"{storage.url}/{layout.table(manifest.snapshot, table)}*/*.parquet"
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM read_parquet(?) ORDER BY ALL", [files]).fetchall()


@pytest.fixture(scope="module")
def lakes(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> tuple[FolderStorage, FolderStorage]:
    """The same records, published in five runs and in one."""
    piecewise, whole = (FolderStorage(tmp_path_factory.mktemp(name)) for name in ("piecewise", "whole"))
    for number, delivery in enumerate(deliveries()):
        for kind, rows in delivery:
            for storage in (piecewise, whole):
                deliver(storage, kind, rows, f"{kind}-{number}", date(2026, 2, number + 1))
        publish(piecewise, f"2026020{number + 1}T020000Z")
    publish(whole, "20260205T020000Z")
    return piecewise, whole


def test_an_empty_answer_counts_from_the_vendors_first_bar_on(
    lakes: tuple[FolderStorage, FolderStorage],
) -> None:
    """MSFT's vendor gives no split. Its first bar is DAYS[100], and DAYS[40] at last."""
    storage, _ = lakes
    with duckdb.connect() as connection:
        found = [
            connection.execute(
                "SELECT date::text, value FROM read_parquet(?) WHERE ticker = 'MSFT' AND kind <> 'dividend'",
                [f"{storage.url}/{layout.table(snapshot, 'corporate_actions')}*/*.parquet"],
            ).fetchall()
            for snapshot in snapshots(storage)
        ]
    assert found == [[], *[[(DAYS[50], 1.046)]] * 3, []]


@pytest.mark.parametrize("table", TABLES)
def test_the_content_is_the_same(lakes: tuple[FolderStorage, FolderStorage], table: str) -> None:
    (one, other) = ((storage, current_manifest(storage)) for storage in lakes)
    assert one[1] is not None
    assert other[1] is not None
    rows = content(one[0], one[1], table)
    assert rows == content(other[0], other[1], table)
    assert len(rows) == one[1].tables.get(table, len(rows)) > 0


def test_the_manifests_agree(lakes: tuple[FolderStorage, FolderStorage]) -> None:
    one, other = (current_manifest(storage) for storage in lakes)
    assert one is not None
    assert other is not None
    for name in ("rows", "tickers", "tables", "sources", "raw_days", "held", "frozen", "flagged"):
        assert getattr(one, name) == getattr(other, name), name
    assert one.tickers["AAPL"].sentiment_seen == fetched(2)


def test_a_snapshot_has_one_file_for_each_table_and_year(lakes: tuple[FolderStorage, FolderStorage]) -> None:
    """However many runs have written it: 4 years of prices and events, and two tables without years."""
    for storage in lakes:
        manifest = current_manifest(storage)
        assert manifest is not None
        files = [key for key in storage.list(layout.snapshot(manifest.snapshot)) if key.endswith(".parquet")]
        folders = {key.rsplit("/", 1)[0] for key in files}
        assert len(files) == len(folders) <= 5 * 4 + 2


def test_what_is_held_back_run_by_run(lakes: tuple[FolderStorage, FolderStorage]) -> None:
    storage, _ = lakes
    held = [
        {(found["ticker"], found["kind"], found["date"]) for found in read_manifest(storage, snapshot).held}
        for snapshot in snapshots(storage)
    ]
    bar_of_msft, paid = ("MSFT", "bar", DAYS[ABSURD]), ("MSFT", "dividend", DAYS[450])
    fallen = {("NVDA", "bar", DAYS[SPLIT + place]) for place in range(3)}
    assert held.pop() == held[-1]  # the last run brings bars alone
    assert held == [
        {bar_of_msft},
        {bar_of_msft, paid, ("AAPL", "bar", DAYS[504]), *fallen},
        {bar_of_msft, paid, ("AAPL", "bar", DAYS[504])},
        {bar_of_msft, paid, ("VOO", "split", DAYS[-1])},  # 2:1, and VOO's close does not show it
    ]


def test_unchanged_years_are_the_same_files(lakes: tuple[FolderStorage, FolderStorage]) -> None:
    """The second run changes AAPL and NVDA in 2025, and MSFT from its first dividend on; 2023 is not there yet."""
    storage, _ = lakes
    first, second, *_ = snapshots(storage)

    def files(snapshot: str, table: str) -> dict[str, int]:
        found = Path(storage.url, layout.table(snapshot, table)).rglob("*.parquet")
        return {file.parent.name: file.stat().st_ino for file in found}

    before, after = files(first, "kept/prices"), files(second, "kept/prices")
    assert {year for year in before if after[year] == before[year]} == {"year=2024"}


def test_a_new_split_scales_yesterdays_closes_by_its_factor_and_volumes_by_its_inverse(
    lakes: tuple[FolderStorage, FolderStorage],
) -> None:
    storage, _ = lakes
    _, second, third, *_ = snapshots(storage)
    with duckdb.connect() as connection:
        old, new = (
            connection.execute(
                "SELECT date, close, volume FROM read_parquet(?) WHERE ticker = 'NVDA' ORDER BY date",
                [f"{storage.url}/{layout.table(snapshot, 'daily_prices')}*/*.parquet"],
            ).fetchall()
            for snapshot in (second, third)
        )
    assert len(old) == 400  # up to the session before the fall, which waited
    assert len(new) == 403
    for (day, close, volume), (same_day, new_close, new_volume) in zip(old, new, strict=False):
        assert day == same_day
        assert new_close == pytest.approx(close / 10, rel=1e-15)
        assert new_volume == pytest.approx(volume * 10, rel=1e-15)
