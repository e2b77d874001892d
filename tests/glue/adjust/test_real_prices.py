"""Adjusting, against thirteen years of real prices: the public-domain WIKI series that bokeh-sampledata carries.

The source's own adjusted close carries later events too, so that ratios are compared. It reinvests as CRSP does and as
we do, at the close of the ex-date: (C_t + D_t)/C_{t-1}.
"""

from typing import Any

import pytest
from bokeh_sampledata import stocks
from pyspark.sql import SparkSession

from glue.adjust.daily_prices import adjusted_prices
from tests.glue.bars import Row, bar, dividend_frame, dividends, price_frame, split_frame, splits

SPLITS = {"AAPL": [("2000-06-21", 2.0), ("2005-02-28", 2.0)], "MSFT": [("2003-02-18", 2.0)]}
# As paid, by the companies' own accounts; MSFT's of 2004-11-15 is its special one of 3.00 and the quarter's 0.08.
DIVIDENDS = {
    "AAPL": {2.65: "2012-08-09 2012-11-07 2013-02-07"},
    "MSFT": {
        0.08: "2003-02-19 2004-08-23 2005-02-15 2005-05-16 2005-08-15 2005-11-15",
        0.16: "2003-10-15 2010-11-16 2011-02-15 2011-05-17 2011-08-16",
        3.08: "2004-11-15",
        0.09: "2006-02-15 2006-05-15 2006-08-15",
        0.10: "2006-11-14 2007-02-13 2007-05-15 2007-08-14",
        0.11: "2007-11-13 2008-02-19 2008-05-13 2008-08-19",
        0.13: "2008-11-18 2009-02-17 2009-05-19 2009-08-18 2009-11-17 2010-02-16 2010-05-18 2010-08-17",
        0.20: "2011-11-15 2012-02-14 2012-05-15 2012-08-14",
        0.23: "2012-11-13 2013-02-19",
    },
    "FB": {},
}
TICKERS = tuple(DIVIDENDS)


def bars_of(ticker: str) -> list[Row]:
    names = ("date", "open", "high", "low", "close", "volume")
    columns = zip(*(getattr(stocks, ticker)[name] for name in names), strict=True)
    return [bar(ticker, values[0], **dict(zip(names[1:], values[1:], strict=True))) for values in columns]


@pytest.fixture(scope="module")
def table(spark: SparkSession) -> dict[str, list[Any]]:
    """The published rows of each ticker, ascending."""
    prices = price_frame(spark, [row for ticker in TICKERS for row in bars_of(ticker)])
    answers = [splits(ticker, *SPLITS.get(ticker, ())) for ticker in TICKERS]
    paid = [
        dividends(ticker, *((day, amount) for amount, days in DIVIDENDS[ticker].items() for day in days.split()))
        for ticker in TICKERS
    ]
    rows = adjusted_prices(prices, None, split_frame(spark, *answers), dividend_frame(spark, *paid))
    found: dict[str, list[Any]] = {ticker: [] for ticker in TICKERS}
    for row in rows.orderBy("ticker", "date").collect():
        found[row["ticker"]].append(row)
    return found


@pytest.mark.parametrize("ticker", TICKERS)
def test_every_sessions_growth_is_the_sources(table: dict[str, list[Any]], ticker: str) -> None:
    rows, source = table[ticker], getattr(stocks, ticker)["adj_close"]
    assert len(rows) == len(source) > 190
    for place in range(1, len(rows)):
        row, before = rows[place], rows[place - 1]
        chained = row["total_return_index"] / before["total_return_index"]
        assert chained == pytest.approx(source[place] / source[place - 1], rel=1e-6), row["date"]


@pytest.mark.parametrize("ticker", SPLITS)
def test_a_split_scales_the_shares_too(table: dict[str, list[Any]], ticker: str) -> None:
    for row in table[ticker]:
        ahead = sum(day > str(row["date"]) for day, _ in SPLITS[ticker])
        assert row["volume"] == row["raw_volume"] * 2**ahead
        assert row["close"] == row["raw_close"] / 2**ahead


def test_without_its_splits_the_growth_is_not_the_sources(spark: SparkSession) -> None:
    """So that the comparison can fail."""
    prices = price_frame(spark, bars_of("AAPL")[:100])
    rows = adjusted_prices(prices, None, split_frame(spark, splits("AAPL")), dividend_frame(spark)).orderBy("date")
    closes = [row["close"] for row in rows.collect()]
    source = stocks.AAPL["adj_close"]
    off = [n for n in range(1, 100) if closes[n] / closes[n - 1] != pytest.approx(source[n] / source[n - 1], rel=1e-6)]
    assert [stocks.AAPL["date"][n] for n in off] == ["2000-06-21"]
