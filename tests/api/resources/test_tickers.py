"""`/tickers`."""

from pathlib import Path

from api.store.duckdb import DuckDBStore
from benchmarks.support.lakes import History, publish
from benchmarks.support.markets import LAST, SESSIONS, walk
from lake.snapshot import Frozen
from tests.support.client import Client


def test_tickers(client: Client) -> None:
    rows = {row["value"]: row for row in client.json("/tickers")["rows"]}
    assert list(rows)[:3] == ["VOO", "QQQ", "SCHG"]
    voo = rows["VOO"]
    assert (voo["text"], voo["tracks"], voo["listed"]) == ("VOO · Vanguard S&P 500 ETF", "S&P 500", "2010-09-09")
    assert (voo["published"], voo["first"], voo["last"], voo["sessions"]) == (True, str(SESSIONS[0]), str(LAST), 300)
    assert (rows["AAPL"]["published"], rows["AAPL"]["reason"]) == (False, "its splits are unknown")
    assert rows["MSFT"]["reason"] == "no session of it has arrived"
    assert (rows["NEWCO"]["text"], rows["NEWCO"]["name"]) == ("NEWCO", None)


def test_a_frozen_ticker_is_published_and_says_why_the_rest_is_not(tmp_path: Path) -> None:
    frozen = {"GME": Frozen("unexplained_jump", "2026-11-20", "GME's bar of 2026-11-20 moves like a split", "wait")}
    publish(
        tmp_path, {"GME": History(walk(1, SESSIONS[:5], 100)), "VOO": History(walk(2, SESSIONS, 500))}, frozen=frozen
    )
    store = DuckDBStore(tmp_path)
    rows = {row["value"]: row for row in Client.of(store).json("/tickers")["rows"]}
    store.close()
    gme = rows["GME"]
    assert (gme["published"], gme["frozen"], gme["frozen_since"]) == (True, "unexplained_jump", "2026-11-20")
    assert gme["reason"] == "GME's bar of 2026-11-20 moves like a split"
    assert (rows["VOO"]["reason"], rows["VOO"]["frozen"], rows["VOO"]["frozen_since"]) == (None, None, None)
