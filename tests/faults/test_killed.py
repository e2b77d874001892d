"""ingest is killed while it waits for an answer: what lies in raw/ is not requested again."""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from ingest.alpha_vantage.plans import FREE, VendorPlan
from ingest.simulator.limits import PlanLimits
from ingest.simulator.recorded import RecordedFeed
from ingest.simulator.server import serve
from lake import calendar
from tests.faults.table import fault
from tests.ingest.fakes import recorded_folder

ROOT = Path(__file__).parents[2]
TICKERS = ("VOO", "QQQ", "SCHG")
REQUESTS = [(function, ticker) for function in ("daily", "splits", "dividends") for ticker in TICKERS]
UNPACED = VendorPlan("a free key's day", FREE.per_day, None, full_history=False)


class Hanging(RecordedFeed):
    """Counts what is requested, and keeps the n-th request waiting until `released`."""

    def __init__(self, folder: Path, hangs_at: int) -> None:
        super().__init__(folder)
        self.requested: Counter[tuple[str, str]] = Counter()
        self.hanging, self.released = Event(), Event()
        self._hangs_at = hangs_at

    def _count(self, function: str, symbol: str) -> None:
        self.requested[function, symbol] += 1
        if self.requested.total() == self._hangs_at:
            self.hanging.set()
            self.released.wait(60)

    def daily(self, symbol: str, outputsize: str) -> bytes:
        self._count("daily", symbol)
        return super().daily(symbol, outputsize)

    def splits(self, symbol: str) -> bytes:
        self._count("splits", symbol)
        return super().splits(symbol)

    def dividends(self, symbol: str) -> bytes:
        self._count("dividends", symbol)
        return super().dividends(symbol)


@contextmanager
def hanging(folder: Path, at: int) -> Iterator[tuple[Hanging, str]]:
    feed = Hanging(recorded_folder(folder, TICKERS, calendar.last_closed(datetime.now(UTC))), at)
    with serve(feed, PlanLimits(UNPACED)) as url:
        yield feed, url
        feed.released.set()


def ingest(command: str, lake: Path, url: str) -> "subprocess.Popen[str]":
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    variables = {
        "LAKE": str(lake),
        "ALPHA_VANTAGE_URL": url,
        "ALPHA_VANTAGE_PLAN": "free",
        "TICKERS": ",".join(TICKERS),
    }
    return subprocess.Popen(
        [sys.executable, "-m", "ingest", command],
        cwd=ROOT,
        env={**kept, **variables, "COLUMNS": "150"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def output_of(command: str, lake: Path, url: str) -> str:
    with ingest(command, lake, url) as process:
        said, _ = process.communicate(timeout=90)
    return said


@fault(
    "ingest",
    "killed while it waits for an answer",
    "the next run requests only what is not in raw/; of the day's budget one request is spent twice",
)
@pytest.mark.parametrize("command", ["daily", "history"])
def test_what_a_killed_run_delivered_is_not_requested_again(tmp_path: Path, command: str) -> None:
    lake = tmp_path / "lake"
    with hanging(tmp_path / "feed", 5) as (feed, url):
        with ingest(command, lake, url) as killed:
            assert feed.hanging.wait(60)
            killed.send_signal(signal.SIGKILL)
            assert killed.wait(30) == -signal.SIGKILL
        feed.released.set()
        said = output_of("plan", lake, url)
        assert "4 answers of earlier runs" in said
        assert "bars of 3 tickers, splits of 1 ticker" in said
        assert "20 of 25" in said
        planned = [line.split("│")[2].strip() for line in said.splitlines() if line.startswith("│")]
        assert planned == ["SPLITS of QQQ", "SPLITS of SCHG", *(f"DIVIDENDS of {ticker}" for ticker in TICKERS)]
        said = output_of(command, lake, url)
        assert "2 splits, 3 dividends delivered, 5 requests made" in said
    assert feed.requested == Counter([*REQUESTS, REQUESTS[4]])
    (spent,) = (json.loads(path.read_text())["spent"] for path in (lake / "state/spend").glob("*.json"))
    assert spent == len(REQUESTS) + 1
    raw = [path.relative_to(lake / "raw").parts for path in lake.glob("raw/*/dt=*/*.json")]
    assert Counter(kind for kind, _, _ in raw) == {"prices": 3, "splits": 3, "dividends": 3}
