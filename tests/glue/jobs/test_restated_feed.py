"""A feed that goes wrong for one ticker and right again: frozen meanwhile, then published without an operator."""

import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from pyspark.sql import SparkSession

from api.store.duckdb import DuckDBStore
from glue.arguments import Arguments
from glue.workflow import STEPS
from lake import calendar
from lake.snapshot import current_manifest
from lake.storage import FolderStorage
from tests.support.client import Client
from tests.support.publishing import served

ROOT = Path(__file__).parents[3]
DAYS = [str(day) for day in calendar.sessions_back(date(2025, 12, 2), 30)]
TICKERS = ("NVDA", "AMZN", "VOO")


def write_feed(folder: Path, days: list[str], scale: float = 1.0) -> None:
    """Recorded answers of three tickers; NVDA's prices `scale` times too high."""
    for ticker in TICKERS:
        factor = scale if ticker == "NVDA" else 1.0
        rows = {day: _bar((180 + DAYS.index(day) % 4) * factor, 1_000_000 + DAYS.index(day)) for day in days}
        meta = {"2. Symbol": ticker, "3. Last Refreshed": days[-1]}
        for kind, body in {
            "daily": {"Meta Data": meta, "Time Series (Daily)": rows},
            "splits": {"symbol": ticker, "data": []},
            "dividends": {"symbol": ticker, "data": []},
        }.items():
            (folder / kind).mkdir(parents=True, exist_ok=True)
            (folder / kind / f"{ticker}.json").write_text(json.dumps(body))


def _bar(close: float, volume: int) -> dict[str, str]:
    prices = {"1. open": close, "2. high": close * 1.01, "3. low": close * 0.99, "4. close": close}
    return {name: f"{price:.4f}" for name, price in prices.items()} | {"5. volume": str(volume)}


def ingest(command: str, feed: Path, lake: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "FEED": str(feed), "LAKE": str(lake)}
    done = subprocess.run(
        [sys.executable, "-m", "ingest", command],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr  # 1: the other tickers of the universe have no answer here


def publish(lake: Path, run: str) -> None:
    for job in STEPS.values():
        job(Arguments(FolderStorage(lake), run))


def answers(lake: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    """What `/health` and `/compare` say."""
    store = DuckDBStore(lake)
    try:
        client = Client.of(store, datetime(2025, 12, 3, 1, 0, tzinfo=UTC))
        return client.json("/health"), client.json("/compare", tickers="NVDA,AMZN", range="10d")
    finally:
        store.close()


def test_a_series_on_a_wrong_basis_freezes_its_ticker_until_the_right_one_comes(
    spark: SparkSession, tmp_path: Path
) -> None:
    feed, lake = tmp_path / "feed", tmp_path / "lake"
    write_feed(feed, DAYS[:-5])
    ingest("daily", feed, lake)
    publish(lake, "20251203T010000Z")
    before, _ = answers(lake)
    rows = [row for row in served(lake) if row[0] == "NVDA"]
    assert (before["status"], before["as_of"]) == ("ok", DAYS[-6])

    write_feed(feed, DAYS, scale=10)
    for number, command in enumerate(("daily", "history")):  # the last sessions, then all of the series, tenfold
        ingest(command, feed, lake)
        publish(lake, f"20251203T02000{number}Z")
    for job in STEPS.values():  # a rebuild from all of raw/ keeps what is published too
        job(Arguments(FolderStorage(lake), "20251203T020010Z", rebuild=True))
    health, _ = answers(lake)
    assert (health["status"], health["as_of"], health["last_refusal"]) == ("degraded", DAYS[-1], None)
    (frozen,) = health["frozen"]
    assert (frozen["ticker"], frozen["rule"]) == ("NVDA", "restated")
    assert f"published close of {DAYS[-10]} from" in frozen["message"]
    assert "--replace" in frozen["advice"]
    manifest = current_manifest(FolderStorage(lake))
    assert manifest is not None
    assert {ticker: str(entry.last) for ticker, entry in manifest.tickers.items()} == {
        "NVDA": DAYS[-6], "AMZN": DAYS[-1], "VOO": DAYS[-1],
    }  # fmt: skip
    assert [row for row in served(lake) if row[0] == "NVDA"] == rows

    write_feed(feed, DAYS)
    ingest("daily", feed, lake)
    publish(lake, "20251203T030000Z")
    after, right = answers(lake)
    manifest = current_manifest(FolderStorage(lake))
    assert manifest is not None
    assert {answer["ticker"] for answer in manifest.withdrawn} == {"NVDA"}
    assert len(manifest.withdrawn) == 2
    assert (after["status"], after["as_of"], manifest.frozen) == ("ok", DAYS[-1], {})
    assert {row["close"] for row in right["rows"]} <= {180.0, 181.0, 182.0, 183.0}
    assert manifest.tickers["NVDA"].sessions == 30

    for path in sorted((lake / "raw" / "prices").rglob("*-NVDA-*")):  # the wrong answers once more, and the right ones
        path.with_name(f"again-{path.name}").write_bytes(path.read_bytes())
    publish(lake, "20251203T040000Z")
    again = current_manifest(FolderStorage(lake))
    assert again is not None
    assert (again.frozen, len(again.withdrawn), again.rows) == ({}, 2, manifest.rows)
