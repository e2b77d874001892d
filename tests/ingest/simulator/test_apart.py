"""The simulated market in a process of its own answers as the one in this process does."""

from datetime import UTC, datetime, timedelta

import pytest
import requests

from ingest.alpha_vantage.plans import FREE, SIMULATED
from ingest.simulator.apart import ReadAhead, serve_apart
from ingest.simulator.simulated import SimulatedFeed
from lake.calendar import evening_of
from tests.ingest.fakes import FRIDAY

NOW = evening_of(FRIDAY)


class Counted(SimulatedFeed):
    def __init__(self) -> None:
        super().__init__(lambda: NOW)
        self.made: list[str] = []

    def daily(self, symbol: str, outputsize: str) -> bytes:
        self.made.append(f"{symbol} {outputsize}")
        return super().daily(symbol, outputsize)


def test_the_next_symbols_answer_is_prepared_and_made_once() -> None:
    feed = Counted()
    ahead = ReadAhead(feed, ["VOO", "AAPL", "MSFT"])
    plain = SimulatedFeed(lambda: NOW)
    for symbol in ("VOO", "AAPL", "MSFT"):
        assert ahead.daily(symbol, "compact") == plain.daily(symbol, "compact")
    assert feed.made == ["VOO compact", "AAPL compact", "MSFT compact"]


def test_any_other_order_is_answered_too() -> None:
    ahead, plain = ReadAhead(SimulatedFeed(lambda: NOW), ["VOO", "AAPL", "MSFT"]), SimulatedFeed(lambda: NOW)
    assert ahead.daily("AAPL", "compact") == plain.daily("AAPL", "compact")
    assert ahead.daily("AAPL", "full") == plain.daily("AAPL", "full")
    assert ahead.daily("ZZZZ", "full") == plain.daily("ZZZZ", "full")
    after = NOW.astimezone(UTC) - timedelta(days=5)
    assert ahead.news("AAPL", after, NOW, "LATEST", 5) == plain.news("AAPL", after, NOW, "LATEST", 5)
    assert ahead.dividends("VOO") == plain.dividends("VOO")
    assert ahead.splits("AAPL") == plain.splits("AAPL")


def test_another_process_serves_the_same_market_within_the_same_limits() -> None:
    asked = {"function": "TIME_SERIES_DAILY", "symbol": "AAPL", "outputsize": "full", "apikey": "any"}
    session = requests.Session()
    session.trust_env = False
    with serve_apart(NOW, SIMULATED) as url:
        body = session.get(f"{url}/query", params=asked, timeout=30).content
    assert body == SimulatedFeed(lambda: NOW).daily("AAPL", "full")
    with pytest.raises(requests.ConnectionError):
        session.get(f"{url}/query", params=asked, timeout=5)
    with serve_apart(datetime(2026, 11, 20, 23, tzinfo=UTC), FREE) as url:
        assert "premium feature" in session.get(f"{url}/query", params=asked, timeout=30).text
