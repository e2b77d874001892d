"""Forty sessions without a run, then three daily runs on a free key: one is killed, and the vendor is faulty in all.

The vendor is a simulator that allows a free key's 25 requests a day. It throttles one answer in three, has nothing for
AAPL, is down for MSFT, and breaks off in the middle of NVDA.
"""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path

import pytest

from ingest.alpha_vantage.budget import RequestBudget
from ingest.alpha_vantage.parse import OVERLAP_SESSIONS
from ingest.alpha_vantage.plans import FREE
from ingest.report import RunReport
from ingest.run import run
from ingest.settings import settings_of
from ingest.simulator.faults import Fault, Faults
from ingest.simulator.limits import PlanLimits
from ingest.simulator.market import history
from ingest.simulator.server import serve
from ingest.simulator.simulated import SimulatedFeed
from lake import layout
from lake.calendar import NEW_YORK, evening_of, sessions_back
from lake.storage import FolderStorage
from lake.universe import universe
from tests.support.publishing import publish, served

ROOT = Path(__file__).parent.parent.parent
DAYS = sessions_back(date(2026, 11, 20), 143)
BEFORE, AFTER = DAYS[-43], DAYS[-3:]  # the last run before the outage, and the three after its forty sessions
FAULTY: dict[str, Fault] = {"AAPL": "empty", "MSFT": "outage", "NVDA": "malformed"}
SOUND = universe().keys() - FAULTY.keys()
UNPACED = replace(FREE, per_second=None)  # the pace has tests of its own

# A run in another process, at a time that the test sets. It never sleeps, because this simulator has no pace.
KILLED = """
import sys
from datetime import datetime
from ingest.run import run
from ingest.settings import settings_of
from ingest.alpha_vantage.plans import FREE
from dataclasses import replace
lake, url, now = sys.argv[1:]
settings = settings_of({"LAKE": lake, "ALPHA_VANTAGE_URL": url})
settings = settings.model_copy(update={"plan": replace(FREE, per_second=None)})
run(settings, "daily", lambda: datetime.fromisoformat(now), lambda *step: print(*step, flush=True),
    sleep=lambda _: None)
"""


@dataclass
class SimulatedVendor:
    """The simulator, its faults and its clock. `requests` counts the requests to it by New York day."""

    lake: Path
    url: str = ""
    faults: Faults = field(default_factory=Faults)
    now: datetime = field(default_factory=lambda: evening_of(BEFORE))
    requests: Counter[date] = field(default_factory=Counter)

    def today(self) -> date:
        return self.now.astimezone(NEW_YORK).date()

    def run(self) -> RunReport:
        settings = settings_of({"LAKE": str(self.lake), "ALPHA_VANTAGE_URL": self.url})
        paced = settings.model_copy(update={"plan": UNPACED})
        return run(paced, "daily", lambda: self.now, sleep=lambda _: None)

    def run_killed(self, at: str) -> None:
        """A run that is killed when it comes to that request."""
        command = [sys.executable, "-c", KILLED, str(self.lake), self.url, self.now.isoformat()]
        with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
            assert process.stdout is not None
            assert any(at in line for line in process.stdout)
            process.send_signal(signal.SIGKILL)
        assert process.returncode == -signal.SIGKILL


class CountingLimits(PlanLimits):
    """Counts every request."""

    def __init__(self, vendor: SimulatedVendor) -> None:
        super().__init__(UNPACED, today=vendor.today)
        self.vendor = vendor

    def refusal(self, function: str, key: str, outputsize: str) -> bytes | None:
        self.vendor.requests[self.vendor.today()] += 1
        return super().refusal(function, key, outputsize)


@pytest.fixture
def vendor(tmp_path: Path) -> Iterator[SimulatedVendor]:
    """Before the outage there is no fault, and a free key has its first day."""
    vendor = SimulatedVendor(tmp_path / "lake")
    with serve(SimulatedFeed(lambda: vendor.now), CountingLimits(vendor), vendor.faults) as vendor.url:
        assert vendor.run().ok
        vendor.faults.by_ticker, vendor.faults.throttle_every = FAULTY, 3
        yield vendor


def test_three_runs_make_up_for_an_outage_whatever_the_vendor_does(vendor: SimulatedVendor) -> None:
    publish(vendor.lake, layout.stamp(vendor.now))
    vendor.now = evening_of(AFTER[0])
    vendor.run_killed("TIME_SERIES_DAILY of META")
    vendor.now = evening_of(AFTER[1])
    second = vendor.run()
    manifest = publish(vendor.lake, layout.stamp(vendor.now))
    vendor.now = evening_of(AFTER[2])
    third = vendor.run()

    found: dict[str, list[tuple[object, ...]]] = {ticker: [] for ticker in universe()}
    for row in served(vendor.lake):
        found[row[0]].append((row[1], *row[2:7]))
    for ticker in SOUND:
        bars = [bar for bar in history(ticker).bars if DAYS[0] < bar.session <= AFTER[1]]
        assert found[ticker] == [(b.session, b.open, b.high, b.low, b.close, b.volume) for b in bars], ticker
    assert {manifest.tickers[ticker].last for ticker in FAULTY} == {BEFORE}

    # Nothing is left to heal: one new session, the one before, whose volume was provisional, and five more again.
    assert third.delivered["prices"] == len(SOUND) * (2 + OVERLAP_SESSIONS)
    for report in (second, third):
        assert set(report.failed_tickers) == FAULTY.keys()
        reasons = {failure.request: failure.reason for failure in report.failures}
        assert reasons["TIME_SERIES_DAILY of AAPL"] == "empty answer"
        assert reasons["TIME_SERIES_DAILY of MSFT"] == "vendor not reachable (HTTP 503)"
        assert reasons["TIME_SERIES_DAILY of NVDA"].startswith("answer not understood")


def test_no_day_exceeds_its_budget(vendor: SimulatedVendor) -> None:
    """Not even a day whose first run was killed, and that had four more."""
    storage = FolderStorage(vendor.lake)
    vendor.now = evening_of(AFTER[0])
    vendor.run_killed("TIME_SERIES_DAILY of SCHG")
    spent_by_the_killed = RequestBudget(storage, 25, lambda: vendor.now).spent()
    assert spent_by_the_killed >= vendor.requests[AFTER[0]] > 0
    for _ in range(4):
        vendor.run()
    assert vendor.requests[AFTER[0]] <= 25
    assert RequestBudget(storage, 25, lambda: vendor.now).spent() == 25
    assert all(count <= 25 for count in vendor.requests.values())
    assert {key.rsplit("/", 1)[1] for key in storage.list("state/spend/")} == {f"{BEFORE}.json", f"{AFTER[0]}.json"}
