"""The published answers to real, recorded prices: `make test RECORDED_FEED=<folder>`, as FEED is laid out.

The figures are of Alpha Vantage's bars of 2025-07-14 to 2025-12-02, computed outside this project. No recorded data
is in the repository, so that without the folder these tests are skipped.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.store.duckdb import DuckDBStore
from tests.support.client import Client

FEED = os.environ.get("RECORDED_FEED", "")
if not FEED:
    pytest.skip("no recorded answers here: name their folder in RECORDED_FEED", allow_module_level=True)

ROOT = Path(__file__).parent.parent.parent
WITHIN = 1e-6


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    lake = tmp_path_factory.mktemp("recorded")
    environment = {"PATH": os.environ["PATH"], "FEED": str(Path(FEED).resolve()), "LAKE": str(lake)}
    for step in (["ingest", "daily"], ["glue"]):
        done = subprocess.run(
            [sys.executable, "-m", *step], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode in (0, 1), done.stderr
    store = DuckDBStore(lake)
    yield Client.of(store)
    store.close()


def test_three_months_of_nvda_and_amzn(client: Client) -> None:
    body = client.json("/compare", tickers="NVDA,AMZN", range="3m")
    window = body["meta"]["window"]
    assert (body["meta"]["as_of"], window["base"], window["sessions"]) == ("2025-12-02", "2025-09-02", 64)
    names = ("cumulative_return", "average_daily_return", "volatility", "max_drawdown")
    nvda, amzn = ([one[name] for name in names] for one in body["summary"])
    assert nvda == pytest.approx([0.062537, 0.001216, 0.370543, -0.145093], abs=WITHIN)
    assert amzn == pytest.approx([0.040295, 0.000849, 0.346463, -0.145118], abs=WITHIN)
    assert body["summary"][0]["cumulative_total_return"] == pytest.approx(0.062597, abs=WITHIN)


def test_the_index_fund_with_its_dividend(client: Client) -> None:
    (voo,) = client.json("/compare", tickers="VOO", range="3m")["summary"]
    assert voo["cumulative_total_return"] == pytest.approx(0.067362, abs=WITHIN)


def test_a_week_of_volume(client: Client) -> None:
    rows = client.json("/prices", tickers="AAPL", range="1w")["rows"]
    assert {row["time"][:10]: row["volume"] for row in rows} == {
        "2025-11-26": 33431423,
        "2025-11-28": 20135620,
        "2025-12-01": 46587722,
        "2025-12-02": 53669532,
    }


def test_six_months_are_incomplete_and_the_answer_says_so(client: Client) -> None:
    body = client.json("/compare", tickers="NVDA,AMZN", range="6m")
    assert [one["found"] for one in body["meta"]["coverage"]] == [100, 100, 100]
    assert all(one["ratio"] < 1 for one in body["meta"]["coverage"])
    assert body["warnings"][0].startswith("NVDA: 100 of the period's 127 sessions are in the lake")
    assert body["summary"][0]["cumulative_return"] is None


def test_a_recorded_lake_stands_at_its_last_evening(client: Client) -> None:
    health = client.json("/health")
    assert (health["origin"], health["sessions_behind"], health["simulated"]) == ("recorded", 0, False)
