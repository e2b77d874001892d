"""`make run` as a newcomer starts it: all of Bellwether, with nothing but the repository."""

import json
import os
import signal
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingest.simulator.parameters import PARAMETERS
from ingest.simulator.path import bars_between, dividends_between
from lake import calendar, layout
from lake.snapshot import current_manifest
from lake.storage import FolderStorage
from lake.tables import DAILY_PRICES
from lake.universe import universe

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 150.0
TICKERS = {"VOO", "QQQ", "SCHG", "AAPL", "AMZN", "META", "GOOGL", "MSFT", "NVDA", "TSLA"}
PRICES = ("open", "high", "low", "close")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def wait_past_the_bell() -> None:
    """Wait if a close or New York's midnight is near: after it, a second run would have something to fetch."""
    now = datetime.now(calendar.NEW_YORK)
    midnight = datetime.combine(now.date() + timedelta(days=1), datetime.min.time(), calendar.NEW_YORK)
    bells = [calendar.close_of(now.date())] if calendar.is_session(now.date()) else []
    for moment in (*bells, midnight):
        if timedelta() < moment - now < timedelta(minutes=4):
            time.sleep((moment - now).total_seconds() + 1)


def environment(lake: Path, port: int) -> dict[str, str]:
    """A user's environment, without a key, a feed or the address of a cloud."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "LAKE": str(lake), "PORT": str(port), "AWS_EC2_METADATA_DISABLED": "true"}


@dataclass
class Running:
    """A running `make run`, in a process group of its own."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return json.loads(answer.read())

    def wait_for(self, text: str) -> None:
        """Wait until `text` was printed."""
        end = time.monotonic() + PATIENCE
        while text not in self.log.read_text(encoding="utf-8"):
            assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
            assert time.monotonic() < end, f"no {text!r} in {self.log.read_text(encoding='utf-8')}"
            time.sleep(0.05)

    def signal(self, number: int) -> None:
        """Send a signal to the whole group, as a terminal does, and wait until none of it is left."""
        os.killpg(self.process.pid, number)
        self.process.wait(30)
        end = time.monotonic() + 10
        while not self.is_gone:
            assert time.monotonic() < end, "something that make run started is still there"
            time.sleep(0.02)

    @property
    def is_gone(self) -> bool:
        """Whether no process of the group is left."""
        try:
            os.killpg(self.process.pid, 0)
        except ProcessLookupError:
            return True
        return False


@contextmanager
def make_run(lake: Path, log: Path, port: int | None = None) -> Iterator[Running]:
    port = port or free_port()
    with log.open("wb") as terminal:
        process = subprocess.Popen(
            ["make", "run"],
            cwd=ROOT,
            env=environment(lake, port),
            stdin=subprocess.DEVNULL,
            stdout=terminal,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    running = Running(process, port, log)
    try:
        yield running
    finally:
        if not running.is_gone:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait(10)


def content(lake: Path) -> list[tuple[Any, ...]]:
    """Every row of the served snapshot."""
    manifest = current_manifest(FolderStorage(lake))
    assert manifest is not None
    files = str(lake / layout.table(manifest.snapshot, "daily_prices") / "year=*" / "*.parquet")
    with duckdb.connect() as connection:
        return connection.execute("SELECT * FROM read_parquet(?) ORDER BY ticker, date", [files]).fetchall()


@pytest.fixture(scope="module")
def first_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Running, Path]]:
    """The first run on a fresh lake that comes to its end, serving.

    Two before it were killed: one while it fetched, and one while it transformed.
    tests/glue/jobs/test_workflow.py has one that ends after transform.
    """
    wait_past_the_bell()
    folder = tmp_path_factory.mktemp("run")
    for place, moment in enumerate(("SPLITS of QQQ", "job=clean")):
        with make_run(folder / "lake", folder / f"killed-{place}") as running:
            running.wait_for(moment)
            running.signal(signal.SIGKILL)
        assert current_manifest(FolderStorage(folder / "lake")) is None
    with make_run(folder / "lake", folder / "log") as running:
        running.wait_for(f"http://127.0.0.1:{running.port}")
        yield running, folder


def test_the_first_run_serves_ten_simulated_tickers_and_says_so(first_run: tuple[Running, Path]) -> None:
    running, _ = first_run
    tickers = running.get("/tickers")
    assert {row["value"] for row in tickers["rows"] if row["published"]} == TICKERS
    health = running.get("/health")
    assert (health["status"], health["simulated"], health["sessions_behind"]) == ("ok", True, 0)
    assert "simulated market" in running.log.read_text(encoding="utf-8")


def test_the_first_run_has_twenty_years_or_all_since_the_listing(first_run: tuple[Running, Path]) -> None:
    running, _ = first_run
    newest = date.fromisoformat(running.get("/health")["as_of"])
    for row in running.get("/tickers")["rows"]:
        assert row["last"] == newest.isoformat()
        first = date.fromisoformat(row["first"])
        listed, begin = universe()[row["value"]].listed, newest.replace(year=newest.year - 20) + timedelta(days=1)
        assert first == calendar.sessions(max(begin, listed or begin), newest)[0]
        assert row["sessions"] == len(calendar.sessions(first, newest))


def test_the_first_run_answers_a_comparison(first_run: tuple[Running, Path]) -> None:
    running, _ = first_run
    answer = running.get("/compare?tickers=NVDA,AMZN&range=3m")
    assert answer["meta"]["simulated"] is True
    assert [one["ratio"] for one in answer["meta"]["coverage"]] == [1.0, 1.0, 1.0]
    unknown = {name for one in answer["summary"] for name, value in one.items() if value is None}
    assert unknown <= {"excess_return_ratio"}  # which is null where the benchmark fell


def test_a_taken_port_is_reported_at_once_in_one_line(first_run: tuple[Running, Path]) -> None:
    running, folder = first_run
    with make_run(folder / "other", folder / "taken", running.port) as second:
        assert second.process.wait(20) != 0
    line, *rest = second.log.read_text(encoding="utf-8").splitlines()
    assert line == (
        f"make run: port {running.port} on 127.0.0.1 cannot be used (Address already in use); "
        "choose another: make run PORT=8001"
    )
    assert [text for text in rest if not text.startswith("make: ***")] == []
    assert not (folder / "other").exists()


def test_killed_at_any_moment_the_next_run_publishes_what_the_vendor_has(first_run: tuple[Running, Path]) -> None:
    """Nothing is lost and nothing is there twice of what the simulator gives: bars, dividends and splits."""
    _, folder = first_run
    found: dict[str, list[dict[str, Any]]] = {ticker: [] for ticker in TICKERS}
    for row in content(folder / "lake"):
        named = dict(zip(DAILY_PRICES.column_names, row, strict=False))  # the last is the year of the file
        found[named["ticker"]].append(named)
    for ticker, rows in found.items():
        first, last = rows[0]["date"], rows[-1]["date"]
        bars = bars_between(ticker, first, last)
        prices = [(one["date"], *(one[f"raw_{name}"] for name in PRICES)) for one in rows]
        assert prices == [(bar.session, bar.open, bar.high, bar.low, bar.close) for bar in bars], ticker
        volumes = [(one["date"], one["raw_volume"]) for one in rows]
        assert volumes[:-1] == [(bar.session, bar.volume) for bar in bars[:-1]], ticker  # the last is provisional
        paid = [(one["date"], one["dividend"]) for one in rows if one["dividend"]]
        assert paid == list(dividends_between(ticker, first, last)), ticker
        steps = {
            after["date"]: pytest.approx(after["split_factor"] / before["split_factor"])
            for before, after in pairwise(rows)
            if after["split_factor"] != before["split_factor"]
        }
        assert steps == {day: ratio for day, ratio in PARAMETERS[ticker].splits.items() if first < day <= last}, ticker


def test_ctrl_c_stops_everything_quietly_and_a_second_run_fetches_nothing(first_run: tuple[Running, Path]) -> None:
    running, folder = first_run
    before = running.log.read_text(encoding="utf-8")
    running.signal(signal.SIGINT)
    assert running.log.read_text(encoding="utf-8") == before
    rows = content(folder / "lake")
    with make_run(folder / "lake", folder / "second") as second:
        second.wait_for(f"http://127.0.0.1:{second.port}")
        second.signal(signal.SIGINT)
    said = second.log.read_text(encoding="utf-8")
    assert "nothing delivered, 0 requests made" in said
    assert "nothing new" in said
    assert content(folder / "lake") == rows
