"""`/tickers`."""

from benchmarks.support.markets import LAST, SESSIONS
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
