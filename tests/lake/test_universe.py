"""The universe, and what a ticker may look like."""

from datetime import date

import pytest

from lake import calendar
from lake.universe import TICKER_PATTERN, FormerTicker, renamed, universe


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


def test_a_renamed_ticker_is_found_by_its_former_one() -> None:
    assert universe()["META"].formerly == (FormerTicker("FB", date(2022, 6, 8)),)
    assert renamed("FB") is universe()["META"]
    assert renamed("META") is None
    assert renamed("XYZ") is None


def test_no_former_ticker_is_a_current_one() -> None:
    former = [one for item in universe().values() for one in item.formerly]
    assert all(one.ticker not in universe() and calendar.is_session(one.until) for one in former)
