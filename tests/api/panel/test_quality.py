"""What an answer says of frozen tickers and flagged bars in its window."""

from pathlib import Path

from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import SESSIONS, walk
from lake.snapshot import Frozen
from tests.support.client import Client

DAY, LATER = str(SESSIONS[-8]), str(SESSIONS[-3])
FLAGGED = {"VOO": {DAY: "odd_volume", LATER: "high_far_out,odd_volume"}}


def test_flagged_bars_of_the_window_are_named(tmp_path: Path) -> None:
    publish(tmp_path, {"VOO": History(walk(1, SESSIONS, 500)), "QQQ": History(walk(2, SESSIONS, 600))}, flagged=FLAGGED)
    store = DuckDBStore(tmp_path)
    client = Client.of(store)

    def flagged(path: str, tickers: str, window: str) -> list[str]:
        warnings = client.json(path, tickers=tickers, range=window)["warnings"]
        return [words for words in warnings if "quality rule" in words]

    both = f"VOO: 2 bars of the period broke a quality rule: {DAY} (odd_volume), {LATER} (high_far_out, odd_volume)"
    one = f"VOO: the bar of the period broke a quality rule: {LATER} (high_far_out, odd_volume)"
    assert flagged("/prices", "VOO,QQQ", "20d") == [f"{both}; see /snapshots"]
    assert flagged("/compare", "QQQ", "20d") == [f"{both}; see /snapshots"]  # the benchmark counts
    assert flagged("/prices", "VOO", "5d") == [f"{one}; see /snapshots"]
    assert flagged("/prices", "VOO", "2d") == [f"{one}; see /snapshots"]  # its base is that bar
    assert flagged("/prices", "VOO", "1d") == []
    assert flagged("/prices", "QQQ", "20d") == []
    store.close()


def test_a_frozen_ticker_is_named_in_windows_that_reach_what_is_held_back(tmp_path: Path) -> None:
    frozen = {"VOO": Frozen("restated", LATER, "an answer moves its close", "compare")}
    publish(tmp_path, {"VOO": History(walk(1, SESSIONS, 500))}, frozen=frozen)
    store = DuckDBStore(tmp_path)
    client = Client.of(store)
    now = client.json("/prices", tickers="VOO", range="20d")
    before = client.json("/prices", tickers="VOO", first=str(SESSIONS[-20]), last=DAY)
    store.close()
    assert f"VOO: held back since {LATER} (restated): an answer moves its close" in now["warnings"]
    assert not [words for words in before["warnings"] if "held back" in words]
    assert now["meta"]["coverage"][0]["frozen"] == "restated"
