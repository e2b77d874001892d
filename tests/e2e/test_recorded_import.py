"""History from files next to the recorded answers: the folder `csv` next to RECORDED_FEED, as traded, `T.csv` a ticker.

Skipped without it, as the other recorded tests are. Steps that the splits must leave none of are those of the files.
"""

import csv
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from api.store.duckdb import DuckDBStore
from tests.support.client import Client

FEED = os.environ.get("RECORDED_FEED", "")
CSV = Path(FEED).resolve().parent / "csv"
if not FEED or not CSV.is_dir():
    pytest.skip(
        "no recorded answers with a folder csv beside them: name theirs in RECORDED_FEED", allow_module_level=True
    )

ROOT = Path(__file__).parent.parent.parent
TICKERS = "AAPL,AMZN,GOOGL,MSFT,QQQ,SCHG,TSLA,VOO"
SPLITS = [
    ("SCHG", "2022-03-11", 2),
    ("AMZN", "2022-06-06", 20),
    ("GOOGL", "2022-07-18", 20),
    ("TSLA", "2022-08-25", 3),
    ("SCHG", "2024-10-11", 4),
]


@pytest.fixture(scope="module")
def lake(tmp_path_factory: pytest.TempPathFactory) -> Path:
    lake = tmp_path_factory.mktemp("imported")
    feed = str(Path(FEED).resolve())
    files = [*CSV.glob("*.csv"), *Path(feed, "splits").glob("*.json")]
    for variables, step, codes in (
        ({"FEED": feed}, ["ingest", "daily"], {0, 1}),  # the folder has no dividends of META
        ({}, ["ingest", "import", "--basis", "raw", *map(str, files)], {0}),
        ({}, ["glue"], {0}),
    ):
        environment = {"PATH": os.environ["PATH"], "LAKE": str(lake), **variables}
        done = subprocess.run(
            [sys.executable, "-m", *step], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in codes, done.stdout + done.stderr
    return lake


@pytest.fixture(scope="module")
def client(lake: Path) -> Iterator[Client]:
    store = DuckDBStore(lake)
    yield Client.of(store)
    store.close()


def test_no_session_is_repeated_and_the_vendor_takes_precedence(lake: Path) -> None:
    files = str(lake / "published" / "*" / "daily_prices" / "*" / "*.parquet")
    with duckdb.connect() as connection:
        (rows, keys) = connection.execute(
            "SELECT count(*), count(DISTINCT (ticker, date)) FROM read_parquet(?)", [files]
        ).fetchall()[0]
        recorded = connection.execute(
            "SELECT raw_volume FROM read_parquet(?) WHERE ticker = 'AAPL' AND date = '2025-11-05'", [files]
        ).fetchall()
    assert rows == keys > 19_000
    assert recorded == [(42586288,)]  # the file says 43,683,100


def test_four_years_are_covered_whole(client: Client) -> None:
    body = client.json("/compare", tickers=TICKERS, first="2022-01-03", last="2025-11-28")
    assert {one["ticker"]: one["ratio"] for one in body["meta"]["coverage"]} == dict.fromkeys(TICKERS.split(","), 1.0)
    assert {one["expected"] for one in body["meta"]["coverage"]} == {981}


@pytest.mark.parametrize(("ticker", "day", "ratio"), SPLITS)
def test_a_split_is_not_a_jump_in_price_or_volume(client: Client, ticker: str, day: str, ratio: int) -> None:
    """The close and the median volume of twenty sessions move as in the files, without the split's factor."""
    rows = client.json("/prices", tickers=ticker, first="2022-01-03", last="2025-11-28")["rows"]
    served = {row["time"][:10]: (row["close"], row["volume"]) for row in rows}
    with (CSV / f"{ticker}.csv").open() as file:
        traded = {row["date"]: (float(row["close"]), float(row["volume"])) for row in csv.DictReader(file)}
    close, volume = _step(served, day)
    traded_close, traded_volume = _step(traded, day)
    assert close == pytest.approx(traded_close * ratio, rel=1e-9)
    assert volume == pytest.approx(traded_volume / ratio, rel=0.02)  # the vendor's volumes differ a little
    assert 0.9 < close < 1.1
    assert 0.6 < volume < 1.25


def _step(history: dict[str, tuple[float, float]], day: str) -> tuple[float, float]:
    """The close on the close before, and the median volume of twenty sessions on that of the twenty before."""
    days = sorted(history)
    place = days.index(day)
    after, before = (
        statistics.median(history[one][1] for one in days[start : start + 20]) for start in (place, place - 20)
    )
    return history[day][0] / history[days[place - 1]][0], after / before


def test_the_answers_say_that_the_tickers_end_on_different_days(client: Client) -> None:
    body = client.json("/compare", tickers="AAPL,QQQ,META", range="3m")
    ends = {"QQQ": "2026-05-01", "META": "2025-12-02"}
    assert body["meta"]["as_of"] == "2026-05-06"
    for ticker, end in ends.items():
        assert any(text.startswith(f"{ticker}:") and f"ends on {end}" in text for text in body["warnings"])


def test_the_answers_name_both_sources(client: Client) -> None:
    sources = client.json("/prices", tickers="AAPL", range="1w")["meta"]["sources"]
    assert {"recorded", "csv:AAPL.csv"} <= set(sources)
