"""Paths that are drawn a year at a time: as possible, and as like a market, as those of `market.py`."""

from datetime import date
from itertools import pairwise
from math import log

import numpy as np
import pytest

from ingest.simulator import years
from ingest.simulator.market import Bar
from ingest.simulator.parameters import EPOCH, PARAMETERS
from ingest.simulator.path import bars_between, closes_between, dividends_between
from lake.calendar import sessions

FIRST, LAST = date(2006, 1, 3), date(2026, 10, 30)
TICKERS = ("MMM", "AES", "BRK.B", "ZTS")


def path(ticker: str, first: date = FIRST, last: date = LAST) -> list[Bar]:
    return bars_between(ticker, first, last)


def moves(bars: list[Bar]) -> list[float]:
    return [log(bar.close / before.close) for before, bar in pairwise(bars)]


@pytest.mark.parametrize("ticker", [*TICKERS, "NVDA", "VOO"])
def test_every_session_of_twenty_years_is_there_and_possible(ticker: str) -> None:
    bars = path(ticker)
    assert [bar.session for bar in bars] == list(sessions(FIRST, LAST))
    for bar in bars:
        assert 0.01 < bar.low <= min(bar.open, bar.close) <= max(bar.open, bar.close) <= bar.high < 100_000
        assert bar.volume > 0


@pytest.mark.parametrize("ticker", TICKERS)
def test_a_bar_does_not_depend_on_how_much_is_requested(ticker: str) -> None:
    assert path(ticker, date(2026, 6, 1)) == path(ticker)[-len(sessions(date(2026, 6, 1), LAST)) :]


@pytest.mark.parametrize("ticker", [*TICKERS, "NVDA"])
def test_closes_are_those_of_the_bars(ticker: str) -> None:
    span = date(2015, 11, 2), date(2017, 3, 31)
    assert closes_between(ticker, *span) == [(bar.session, bar.close) for bar in path(ticker, *span)]


@pytest.mark.parametrize("ticker", TICKERS)
def test_nothing_jumps_where_one_year_joins_the_next(ticker: str) -> None:
    bars = path(ticker)
    assert max(map(abs, moves(bars))) < log(1.35)
    turns = [
        abs(move)
        for move, bar in zip(moves(bars), bars[1:], strict=True)
        if bar.session.month == 1 and bar.session.day < 6
    ]
    assert np.mean(turns) < 2 * np.mean(np.abs(moves(bars)))


@pytest.mark.parametrize("ticker", PARAMETERS)
def test_the_years_before_the_epoch_end_where_its_path_begins(ticker: str) -> None:
    (before,) = path(ticker, date(2015, 12, 31), date(2015, 12, 31))
    assert before.close == pytest.approx(PARAMETERS[ticker].start, rel=0.02)
    around = moves(path(ticker, date(2015, 11, 2), date(2016, 2, 29)))
    assert max(map(abs, around)) < log(1.2)
    assert bars_between(ticker, EPOCH, EPOCH)[0].session == EPOCH


@pytest.mark.parametrize("ticker", TICKERS)
def test_tickers_move_with_the_market_and_not_only_with_it(ticker: str) -> None:
    market, own = (np.array(moves(path(one, date(2016, 1, 4)))) for one in ("VOO", ticker))
    assert 0.3 < np.corrcoef(market, own)[0, 1] < 0.95


@pytest.mark.parametrize("ticker", TICKERS)
def test_volatility_clusters(ticker: str) -> None:
    squared = np.array(moves(path(ticker))) ** 2
    lags = [np.corrcoef(squared[lag:], squared[:-lag])[0, 1] for lag in range(1, 11)]
    assert np.mean(lags) > 0.02


def test_dividends_are_quarterly_and_the_price_drops_by_them() -> None:
    paid = list(years.dividends("MMM", FIRST, LAST))
    assert {sum(day.year == year for day, _ in paid) for year in range(2006, 2026)} == {4}
    bars = {bar.session: bar for bar in path("MMM")}
    days = list(bars)
    nights = {day: log(bars[day].open / bars[before].close) for before, day in pairwise(days)}
    ex = dict(paid)
    other = np.mean([night for day, night in nights.items() if day not in ex])
    yields = np.mean([amount / bars[day].open for day, amount in ex.items()])
    error = np.std(list(nights.values())) / np.sqrt(len(ex))
    assert np.mean([nights[day] for day in ex]) - other == pytest.approx(-yields, abs=2 * error)


@pytest.mark.parametrize(("ticker", "since"), [("VOO", 2010), ("AAPL", 2006), ("META", 2024), ("GOOGL", 2024)])
def test_the_ten_pay_before_the_epoch_what_they_paid_then(ticker: str, since: int) -> None:
    first = date(2010, 9, 9) if ticker == "VOO" else FIRST
    assert dividends_between(ticker, first, LAST)[0][0].year == since
    assert bool(dividends_between(ticker, first, date(2015, 12, 31))) == (since < 2016)


def test_tickers_differ() -> None:
    closes = {ticker: path(ticker, LAST)[0].close for ticker in TICKERS}
    assert len(set(closes.values())) == len(TICKERS)


def test_no_session_is_unlike_a_market_at_the_size_of_an_index() -> None:
    """Of 60 tickers over two years: no move that a quality rule would take for a fault, and no price that is none."""
    for number in range(60):
        bars = path(f"T{number}", date(2024, 1, 2), date(2025, 12, 31))
        assert max(map(abs, moves(bars))) < log(1.35), number
        assert min(bar.low for bar in bars) > 0.1, number
