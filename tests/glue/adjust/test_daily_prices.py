"""Adjusted prices, against published examples and values computed by hand."""

from typing import Any

import pytest
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from glue.adjust import daily_prices
from lake.tables import DAILY_PRICES
from tests.glue.bars import DAYS, bar, bars, dividend_frame, dividends, price_frame, split_frame, splits


def adjusted(prices: DataFrame, split_rows: DataFrame, dividend_rows: DataFrame) -> list[Any]:
    return daily_prices.adjusted_prices(prices, None, split_rows, dividend_rows).orderBy("ticker", "date").collect()


def test_yahoos_published_example(spark: SparkSession) -> None:
    """Yahoo's help page: a split of 2:1 on 2003-02-18 and 0.08 on 02-19 make 46.99 into 23.42, and so on."""
    closes = {"2003-02-13": 46.99, "2003-02-14": 48.30, "2003-02-18": 24.96, "2003-02-19": 24.53}
    rows = adjusted(
        price_frame(spark, bars("MSFT", closes, closes)),
        split_frame(spark, splits("MSFT", ("2003-02-18", 2.0))),
        dividend_frame(spark, dividends("MSFT", ("2003-02-19", 0.08))),
    )
    scale = rows[-1]["close"] / rows[-1]["total_return_index"]
    assert [round(row["total_return_index"] * scale, 2) for row in rows] == [23.42, 24.07, 24.88, 24.53]


def test_a_split_scales_prices_and_volume_before_it(spark: SparkSession) -> None:
    day = DAYS[5]
    rows = adjusted(
        price_frame(spark, bars("NVDA")), split_frame(spark, splits("NVDA", (day, 10.0))), dividend_frame(spark)
    )
    before, after = rows[4], rows[5]
    assert (before["close"], before["volume"], before["split_factor"], before["share_factor"]) == (
        10.0,
        10000.0,
        0.1,
        0.1,
    )
    assert (before["raw_close"], before["raw_volume"]) == (100.0, 1000)
    assert (after["close"], after["volume"], after["split_factor"]) == (100.0, 1000.0, 1.0)


# Whether a ratio changes the number of shares. 1.046 is IBM's of 2021-11-04 (Kyndryl), 1.998 GOOGL's of 2014-04-03
# (class C as a stock dividend).
RATIOS = {2.0: True, 1.5: True, 0.5: True, 1.3333: True, 50.0: True, 0.05: True, 1.046: False, 1.998: False}


def test_a_spin_off_scales_prices_only(spark: SparkSession) -> None:
    tickers = {f"T{place}": ratio for place, ratio in enumerate(RATIOS)}
    rows = adjusted(
        price_frame(spark, [row for ticker in tickers for row in bars(ticker)]),
        split_frame(spark, *(splits(ticker, (DAYS[3], ratio)) for ticker, ratio in tickers.items())),
        dividend_frame(spark),
    )
    for row in (row for row in rows if row["date"].isoformat() == DAYS[0]):
        ratio = tickers[row["ticker"]]
        assert row["split_factor"] == pytest.approx(1 / ratio)
        assert row["share_factor"] == pytest.approx(1 / ratio if RATIOS[ratio] else 1.0)
        assert row["volume"] == pytest.approx(1000 * ratio if RATIOS[ratio] else 1000)


def test_a_split_after_the_last_session_waits(spark: SparkSession) -> None:
    rows = adjusted(
        price_frame(spark, bars("NVDA")), split_frame(spark, splits("NVDA", ("2026-01-20", 4.0))), dividend_frame(spark)
    )
    assert {row["split_factor"] for row in rows} == {1.0}


def test_a_ticker_without_known_splits_is_left_out(spark: SparkSession) -> None:
    rows = adjusted(
        price_frame(spark, bars("NVDA") + bars("META")), split_frame(spark, splits("NVDA")), dividend_frame(spark)
    )
    assert {row["ticker"] for row in rows} == {"NVDA"}


def test_dividends_count_from_their_ex_date_on(spark: SparkSession) -> None:
    """Two on one date add up; one on a day without a bar counts on the next; early and future ones do not count."""
    held = [day for day in DAYS if day != DAYS[6]]
    events = [("2025-12-01", 9.0), (DAYS[3], 1.0), (DAYS[3], 0.5), (DAYS[6], 2.0), ("2026-02-02", 7.0)]
    rows = adjusted(
        price_frame(spark, bars("KO", held)),
        split_frame(spark, splits("KO")),
        dividend_frame(spark, dividends("KO", *events)),
    )
    paid = {row["date"].isoformat(): row["dividend"] for row in rows}
    index = {row["date"].isoformat(): row["total_return_index"] for row in rows}
    assert {day: amount for day, amount in paid.items() if amount} == {DAYS[3]: 1.5, DAYS[7]: 2.0}
    assert index[DAYS[0]] == index[DAYS[2]] == 1.0
    assert index[DAYS[3]] == pytest.approx(1.015, abs=1e-15)  # (100 + 1.50) ÷ 100
    assert index[DAYS[9]] == pytest.approx(1.0353, abs=1e-15)  # · (100 + 2) ÷ 100


def test_a_dividend_on_the_first_session_is_shown_and_reinvests_nothing(spark: SparkSession) -> None:
    rows = adjusted(
        price_frame(spark, bars("KO")),
        split_frame(spark, splits("KO")),
        dividend_frame(spark, dividends("KO", (DAYS[0], 2.0))),
    )
    assert [row["dividend"] for row in rows] == [2.0] + [0.0] * (len(DAYS) - 1)
    assert {row["total_return_index"] for row in rows} == {1.0}


def test_a_dividend_on_the_day_of_a_split_is_on_the_new_basis(spark: SparkSession) -> None:
    """100 before a split of 4:1, 25 after it with 0.50 a new share: (25 + 0.50) ÷ 25 = 1.02."""
    closes = {day: 100.0 if day < DAYS[5] else 25.0 for day in DAYS}
    rows = adjusted(
        price_frame(spark, bars("NVDA", DAYS, closes)),
        split_frame(spark, splits("NVDA", (DAYS[5], 4.0))),
        dividend_frame(spark, dividends("NVDA", (DAYS[5], 0.5))),
    )
    assert [row["total_return_index"] for row in (rows[4], rows[5], rows[9])] == pytest.approx([1, 1.02, 1.02])


def test_a_pay_out_above_the_price_leaves_the_index_positive(spark: SparkSession) -> None:
    """A dividend of 150 at 100: the formula has no pole; whether such an event is believed is another question."""
    rows = adjusted(
        price_frame(spark, bars("AMZN")),
        split_frame(spark, splits("AMZN")),
        dividend_frame(spark, dividends("AMZN", (DAYS[4], 150.0))),
    )
    assert rows[-1]["total_return_index"] == pytest.approx(2.5)


def test_a_dividend_before_a_split_is_as_paid(spark: SparkSession) -> None:
    """0.16 on a share of 100 that was split 4:1 later is 0.16 %, whatever today's basis."""
    rows = adjusted(
        price_frame(spark, bars("NVDA")),
        split_frame(spark, splits("NVDA", (DAYS[5], 4.0))),
        dividend_frame(spark, dividends("NVDA", (DAYS[2], 0.16))),
    )
    assert rows[2]["dividend"] == 0.16
    assert rows[2]["total_return_index"] == pytest.approx(1.0016, abs=1e-15)


def test_unknown_dividends_leave_the_total_return_unknown(spark: SparkSession) -> None:
    rows = adjusted(
        price_frame(spark, bars("META") + bars("AMZN")),
        split_frame(spark, splits("META"), splits("AMZN")),
        dividend_frame(spark, dividends("AMZN")),
    )
    found = {row["ticker"]: (row["dividend"], row["total_return_index"]) for row in rows}
    assert found == {"META": (None, None), "AMZN": (0.0, 1.0)}


def test_the_table_is_as_declared(spark: SparkSession) -> None:
    prices = price_frame(spark, [bar("AAPL", "2026-01-05"), bar("AAPL", "2026-01-09", volume=None)])
    table = daily_prices.adjusted_prices(prices, None, split_frame(spark, splits("AAPL")), dividend_frame(spark))
    assert table.columns == [*DAILY_PRICES.column_names, "year"]
    assert [row["day_of_week"] for row in table.orderBy("date").collect()] == [1, 5]
    assert [row["volume"] for row in table.orderBy("date").collect()] == [1000.0, None]


def test_session_numbers_are_the_calendars(spark: SparkSession) -> None:
    days = ["2025-11-26", "2025-11-28", "2025-11-29", "2025-12-01"]  # Thanksgiving lies between, then a Saturday
    numbered = daily_prices.with_session_number(price_frame(spark, bars("AAPL", days))).orderBy("date")
    first, half_day, saturday, monday = (
        row["session_number"] for row in numbered.select(F.col("session_number")).collect()
    )
    assert (half_day - first, monday - half_day, saturday) == (1, 1, None)
