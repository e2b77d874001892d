"""Adjusted prices, against published examples and values computed by hand.

Every case has a ticker of its own, so that one query adjusts all of them.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from pyspark.sql import SparkSession
from pyspark.sql import functions as F  # noqa: N812

from glue.adjust import daily_prices
from lake.tables import DAILY_PRICES
from tests.glue.bars import DAYS, bar, bars, dividend_frame, dividends, price_frame, split_frame, splits

# Yahoo's help page: a split of 2:1 on 2003-02-18 and 0.08 on 02-19 make 46.99 into 23.42, and so on.
YAHOOS = {"2003-02-13": 46.99, "2003-02-14": 48.30, "2003-02-18": 24.96, "2003-02-19": 24.53}
QUARTERED = {day: 100.0 if day < DAYS[5] else 25.0 for day in DAYS}
# Whether a ratio changes the number of shares. 1.046 is IBM's of 2021-11-04 (Kyndryl), 1.998 GOOGL's of 2014-04-03
# (class C as a stock dividend).
RATIOS = {2.0: True, 1.5: True, 0.5: True, 1.3333: True, 50.0: True, 0.05: True, 1.046: False, 1.998: False}
Event = tuple[str, float]


@dataclass(frozen=True)
class Case:
    """Ten sessions at 100 dollars unless `closes` says otherwise; events that are None are not known."""

    splits: Sequence[Event] | None = ()
    dividends: Sequence[Event] | None = None
    closes: dict[str, float] = field(default_factory=lambda: dict.fromkeys(DAYS, 100.0))


CASES = {
    "YAHOO": Case([("2003-02-18", 2.0)], [("2003-02-19", 0.08)], YAHOOS),
    "SPLIT": Case([(DAYS[5], 10.0)]),
    **{f"RATIO{place}": Case([(DAYS[3], ratio)]) for place, ratio in enumerate(RATIOS)},
    "AHEAD": Case([("2026-01-20", 4.0)]),
    "NOSPLITS": Case(None),
    "PAYS": Case(
        (),
        [("2025-12-01", 9.0), (DAYS[3], 1.0), (DAYS[3], 0.5), (DAYS[6], 2.0), ("2026-02-02", 7.0)],
        {day: 100.0 for day in DAYS if day != DAYS[6]},
    ),
    "FIRST": Case((), [(DAYS[0], 2.0)]),
    "BOTH": Case([(DAYS[5], 4.0)], [(DAYS[5], 0.5)], QUARTERED),
    "ABOVE": Case((), [(DAYS[4], 150.0)]),
    "BEFORE": Case([(DAYS[5], 4.0)], [(DAYS[2], 0.16)]),
    "UNKNOWN": Case(),
    "NONE": Case((), ()),
}


@pytest.fixture(scope="module")
def adjusted(spark: SparkSession) -> dict[str, list[Any]]:
    """The adjusted rows of each case, ascending; a ticker without any is not there."""
    table = daily_prices.adjusted_prices(
        price_frame(spark, [row for one, case in CASES.items() for row in bars(one, case.closes, case.closes)]),
        None,
        split_frame(spark, *(splits(one, *case.splits) for one, case in CASES.items() if case.splits is not None)),
        dividend_frame(
            spark, *(dividends(one, *case.dividends) for one, case in CASES.items() if case.dividends is not None)
        ),
    )
    found: dict[str, list[Any]] = {}
    for row in table.orderBy("ticker", "date").collect():
        found.setdefault(row["ticker"], []).append(row)
    return found


Adjusted = dict[str, list[Any]]


def test_yahoos_published_example(adjusted: Adjusted) -> None:
    rows = adjusted["YAHOO"]
    scale = rows[-1]["close"] / rows[-1]["total_return_index"]
    assert [round(row["total_return_index"] * scale, 2) for row in rows] == [23.42, 24.07, 24.88, 24.53]


def test_a_split_scales_prices_and_volume_before_it(adjusted: Adjusted) -> None:
    before, after = adjusted["SPLIT"][4:6]
    assert (before["close"], before["volume"], before["split_factor"], before["share_factor"]) == (
        10.0,
        10000.0,
        0.1,
        0.1,
    )
    assert (before["raw_close"], before["raw_volume"]) == (100.0, 1000)
    assert (after["close"], after["volume"], after["split_factor"]) == (100.0, 1000.0, 1.0)


@pytest.mark.parametrize(("place", "ratio"), list(enumerate(RATIOS)))
def test_a_spin_off_scales_prices_only(adjusted: Adjusted, place: int, ratio: float) -> None:
    row = adjusted[f"RATIO{place}"][0]
    assert row["split_factor"] == pytest.approx(1 / ratio)
    assert row["share_factor"] == pytest.approx(1 / ratio if RATIOS[ratio] else 1.0)
    assert row["volume"] == pytest.approx(1000 * ratio if RATIOS[ratio] else 1000)


def test_a_split_after_the_last_session_waits(adjusted: Adjusted) -> None:
    assert {row["split_factor"] for row in adjusted["AHEAD"]} == {1.0}


def test_a_ticker_without_known_splits_is_left_out(adjusted: Adjusted) -> None:
    assert adjusted.keys() == CASES.keys() - {"NOSPLITS"}


def test_dividends_count_from_their_ex_date_on(adjusted: Adjusted) -> None:
    """Two on one date add up; one on a day without a bar counts on the next; early and future ones do not count."""
    paid = {row["date"].isoformat(): row["dividend"] for row in adjusted["PAYS"]}
    index = {row["date"].isoformat(): row["total_return_index"] for row in adjusted["PAYS"]}
    assert {day: amount for day, amount in paid.items() if amount} == {DAYS[3]: 1.5, DAYS[7]: 2.0}
    assert index[DAYS[0]] == index[DAYS[2]] == 1.0
    assert index[DAYS[3]] == pytest.approx(1.015, abs=1e-15)  # (100 + 1.50) ÷ 100
    assert index[DAYS[9]] == pytest.approx(1.0353, abs=1e-15)  # · (100 + 2) ÷ 100


def test_a_dividend_on_the_first_session_is_shown_and_reinvests_nothing(adjusted: Adjusted) -> None:
    rows = adjusted["FIRST"]
    assert [row["dividend"] for row in rows] == [2.0] + [0.0] * (len(DAYS) - 1)
    assert {row["total_return_index"] for row in rows} == {1.0}


def test_a_dividend_on_the_day_of_a_split_is_on_the_new_basis(adjusted: Adjusted) -> None:
    """100 before a split of 4:1, 25 after it with 0.50 a new share: (25 + 0.50) ÷ 25 = 1.02."""
    rows = adjusted["BOTH"]
    assert [row["total_return_index"] for row in (rows[4], rows[5], rows[9])] == pytest.approx([1, 1.02, 1.02])


def test_a_pay_out_above_the_price_leaves_the_index_positive(adjusted: Adjusted) -> None:
    """A dividend of 150 at 100: the formula has no pole; whether such an event is believed is another question."""
    assert adjusted["ABOVE"][-1]["total_return_index"] == pytest.approx(2.5)


def test_a_dividend_before_a_split_is_as_paid(adjusted: Adjusted) -> None:
    """0.16 on a share of 100 that was split 4:1 later is 0.16 %, whatever today's basis."""
    row = adjusted["BEFORE"][2]
    assert row["dividend"] == 0.16
    assert row["total_return_index"] == pytest.approx(1.0016, abs=1e-15)


def test_unknown_dividends_leave_the_total_return_unknown(adjusted: Adjusted) -> None:
    found = {
        one: {(row["dividend"], row["total_return_index"]) for row in adjusted[one]} for one in ("UNKNOWN", "NONE")
    }
    assert found == {"UNKNOWN": {(None, None)}, "NONE": {(0.0, 1.0)}}


def test_the_table_is_as_declared(spark: SparkSession) -> None:
    prices = price_frame(spark, [bar("AAPL", "2026-01-05"), bar("AAPL", "2026-01-09", volume=None)])
    table = daily_prices.adjusted_prices(prices, None, split_frame(spark, splits("AAPL")), dividend_frame(spark))
    assert table.columns == [*DAILY_PRICES.column_names, "year"]
    rows = table.orderBy("date").collect()
    assert [row["day_of_week"] for row in rows] == [1, 5]
    assert [row["volume"] for row in rows] == [1000.0, None]


def test_session_numbers_are_the_calendars(spark: SparkSession) -> None:
    days = ["2025-11-26", "2025-11-28", "2025-11-29", "2025-12-01"]  # Thanksgiving lies between, then a Saturday
    numbered = daily_prices.with_session_number(price_frame(spark, bars("AAPL", days))).orderBy("date")
    first, half_day, saturday, monday = (
        row["session_number"] for row in numbered.select(F.col("session_number")).collect()
    )
    assert (half_day - first, monday - half_day, saturday) == (1, 1, None)
