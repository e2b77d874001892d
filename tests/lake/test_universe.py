"""The universe, and what a ticker may look like."""

import pytest

from lake import calendar
from lake.universe import TICKER_PATTERN, universe


def test_the_ten_tickers() -> None:
    assert list(universe()) == ["VOO", "QQQ", "SCHG", "AAPL", "AMZN", "META", "GOOGL", "MSFT", "NVDA", "TSLA"]
    assert [item.ticker for item in universe().values() if item.kind == "etf"] == ["VOO", "QQQ", "SCHG"]


def test_every_etf_says_what_it_tracks_and_every_listing_is_a_session() -> None:
    for item in universe().values():
        assert TICKER_PATTERN.fullmatch(item.ticker)
        assert (item.tracks is not None) == (item.kind == "etf")
        assert item.listed < calendar.all_sessions()[0] or calendar.is_session(item.listed)


@pytest.mark.parametrize("ticker", ["A", "BRK.B", "BF-B", "GOOGL"])
def test_tickers(ticker: str) -> None:
    assert TICKER_PATTERN.fullmatch(ticker)


@pytest.mark.parametrize("text", ["", "voo", "A'", "A;B", "../A", "A B", "A\n", "TOOLONGNAME", "1A", "A.", "Ａ"])
def test_what_is_no_ticker(text: str) -> None:
    assert not TICKER_PATTERN.fullmatch(text)
