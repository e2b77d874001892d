"""Volumes with a zero too many, and busy days that are none; and that the simulated market has neither."""

import csv
from collections.abc import Sequence
from datetime import date
from math import exp
from pathlib import Path
from random import Random

import pytest
from pyspark.sql import SparkSession

from glue.quality.evaluate import findings_of, violations_in
from glue.quality.findings import Finding
from glue.quality.rules import TABLE_RULES
from ingest.simulator.market import history
from ingest.simulator.parameters import PARAMETERS
from lake import calendar
from tests.glue.bars import Row, published_frame, published_row

CASE = Path(__file__).parent.parent.parent / "cases" / "ten-times-volume"
LAST = date(2026, 11, 20)


def evaluate(spark: SparkSession, rows: Sequence[Row]) -> list[Finding]:
    return findings_of(violations_in(published_frame(spark, rows)), TABLE_RULES)


def of_volume(ticker: str, day: date | str, volume: int, **prices: float) -> Row:
    return published_row(ticker, str(day), raw_volume=volume, volume=float(volume), **prices)


def case(ticker: str) -> list[Row]:
    with (CASE / f"{ticker}.csv").open() as file:
        lines = [{name.lower(): value for name, value in line.items()} for line in csv.DictReader(file)]
    return [of_volume(ticker, line["date"], int(line["volume"])) for line in lines]


def traded(ticker: str, usual: int, sigma: float, days: Sequence[date]) -> list[Row]:
    """Sessions whose log volumes have the standard deviation `sigma`."""
    draw = Random(ticker)
    return [of_volume(ticker, day, round(usual * exp(draw.gauss(0, sigma)))) for day in days]


def times(row: Row, factor: float) -> None:
    row.update(raw_volume=round(row["raw_volume"] * factor), volume=row["volume"] * factor)


# The cases below are evaluated at once, and a ticker's market is whatever else traded on the day. So each case has
# sessions of its own, and the letter of the case stands behind its tickers.


def wrong_days() -> list[Row]:
    return [*case("QQQ"), *case("VOO"), *case("AAPL")]


def four_in_a_row(days: Sequence[date]) -> list[Row]:
    """The first wrong days are in the usual volume of the later ones. Real stocks have a sigma of about 0.25."""
    rows = traded("QQQ", 40_000_000, 0.25, days)
    for row in rows[-4:]:
        row.update(raw_volume=400_000_000, volume=400_000_000.0)
    return [*rows, *traded("VOO", 5_000_000, 0.1, days), *traded("AAPL", 50_000_000, 0.1, days)]


def thin_etf(days: Sequence[date]) -> list[Row]:
    """As VOO in its first years: 5.4 times the usual on 2011-08-19, where the log volumes' sigma was 0.4."""
    thin = traded("VOO", 200_000, 0.4, days)
    thin[-1].update(raw_volume=1_150_000, volume=1_150_000.0)
    return [*thin, *traded("AAPL", 50_000_000, 0.25, days), *traded("QQQ", 50_000_000, 0.25, days)]


def all_busy(days: Sequence[date]) -> list[Row]:
    rows = {ticker: traded(ticker, 10_000_000, 0.2, days) for ticker in ("AAPL", "QQQ", "VOO")}
    for table in rows.values():
        times(table[-1], 6)
    return [row for table in rows.values() for row in table]


def two_in_the_middle(days: Sequence[date]) -> list[Row]:
    """AAPL on 2024-09-20, an index expiry: 4.4 times the usual of a day on which the others were busy too, or not."""
    rows = {ticker: traded(ticker, 10_000_000, 0.02, days) for ticker in ("AAPL", "MSFT", "QQQ", "VOO")}
    for ticker, factor in (("AAPL", 4.8), ("MSFT", 0.8), ("QQQ", 0.8), ("VOO", 1.3)):
        times(rows[ticker][-1], factor)
    return [row for table in rows.values() for row in table]


def new_ticker(days: Sequence[date]) -> list[Row]:
    """QQQ on 2010-09-09, when VOO was new: beside SCHG alone, which was busy, it looked idle."""
    busy = traded("SCHG", 2_000_000, 0.02, days)
    times(busy[-1], 4.5)
    new = [of_volume("VOO", day, 30_000) for day in days[-2:]]
    return [*traded("QQQ", 50_000_000, 0.02, days), *busy, *new]


def alone(days: Sequence[date], share: float) -> list[Row]:
    """QQQ by itself, whose last session has that share of the usual volume."""
    rows = [of_volume("QQQ", day, 50_000_000 + 100_000 * (place % 7)) for place, day in enumerate(days)]
    times(rows[-1], share)
    return rows


def hundred(last: date) -> Sequence[date]:
    return calendar.sessions_back(last, 100)


# By letter: the rows, and the tickers and days that are odd. A case's sessions end before the next one's begin.
FOUR, HALF_DAY, HALF_DAY_AGAIN, FULL_DAY = date(2024, 6, 28), date(2023, 11, 24), date(2022, 11, 25), date(2021, 11, 19)
CASES: dict[str, tuple[list[Row], list[tuple[str, date]]]] = {
    # QQQ's two days are 7.6 times the usual; AAPL's 4.3 times, on 2025-09-29, are true
    "A": (wrong_days(), [("QQQ", date(2025, 9, 23)), ("QQQ", date(2025, 10, 2))]),
    "B": (four_in_a_row(hundred(FOUR)), [("QQQ", day) for day in hundred(FOUR)[-4:]]),
    "C": (thin_etf(hundred(date(2020, 6, 30))), []),
    "D": (all_busy(hundred(date(2019, 6, 28))), []),
    "E": (two_in_the_middle(hundred(date(2018, 6, 29))), []),
    "F": (new_ticker(hundred(date(2017, 6, 30))), []),
    # the day after Thanksgiving ends at 13:00; the Friday before it does not
    "G": (alone(calendar.sessions_back(HALF_DAY, 60), 0.3), []),
    "H": (alone(calendar.sessions_back(HALF_DAY_AGAIN, 60), 0.1), [("QQQ", HALF_DAY_AGAIN)]),
    "I": (alone(calendar.sessions_back(FULL_DAY, 60), 0.3), [("QQQ", FULL_DAY)]),
}


@pytest.fixture(scope="module")
def flagged(spark: SparkSession) -> list[tuple[str, str]]:
    """Ticker and day of every odd volume in all cases."""
    rows = [row | {"ticker": f"{row['ticker']}.{one}"} for one, (of_case, _) in CASES.items() for row in of_case]
    findings = [found for found in evaluate(spark, rows) if found.rule == "odd_volume"]
    return [(example["ticker"], example["date"]) for found in findings for example in found.examples]


def test_each_case_has_days_of_its_own() -> None:
    days = [{row["date"] for row in rows} for rows, _ in CASES.values()]
    assert sum(map(len, days)) == len(set().union(*days))


def assert_flagged(flagged: list[tuple[str, str]], letter: str) -> None:
    odd = [(f"{ticker}.{letter}", str(day)) for ticker, day in CASES[letter][1]]
    assert [found for found in flagged if found[0].endswith(f".{letter}")] == odd


def test_a_zero_too_many_is_flagged_and_a_busy_day_is_not(flagged: list[tuple[str, str]]) -> None:
    assert_flagged(flagged, "A")


def test_four_days_in_a_row_with_a_zero_too_many(flagged: list[tuple[str, str]]) -> None:
    assert_flagged(flagged, "B")


def test_a_thin_etf_has_busy_days(flagged: list[tuple[str, str]]) -> None:
    assert_flagged(flagged, "C")


def test_a_day_on_which_all_are_busy_is_silent(flagged: list[tuple[str, str]]) -> None:
    assert_flagged(flagged, "D")


def test_of_an_even_number_of_tickers_the_median_is_between_the_two_in_the_middle(
    flagged: list[tuple[str, str]],
) -> None:
    assert_flagged(flagged, "E")


def test_a_ticker_in_its_first_sessions_is_no_market_to_the_others(flagged: list[tuple[str, str]]) -> None:
    assert_flagged(flagged, "F")


@pytest.mark.parametrize("letter", ["G", "H", "I"])
def test_a_half_day_of_a_ticker_by_itself_is_quiet(flagged: list[tuple[str, str]], letter: str) -> None:
    assert_flagged(flagged, letter)


def test_the_simulated_market_breaks_no_rule(spark: SparkSession) -> None:
    """What a newcomer sees first is a lake without a warning, as the real histories have hardly any."""
    rows = [row for ticker in PARAMETERS for row in simulated(ticker)]
    assert [found.sentence for found in evaluate(spark, rows)] == []


def simulated(ticker: str) -> list[Row]:
    """The simulated bars up to 2026-11-20, adjusted for splits by hand."""
    rows = []
    for bar in history(ticker).bars:
        if bar.session > LAST:
            break
        splits = [ratio for day, ratio in PARAMETERS[ticker].splits.items() if day > bar.session]
        factor = 1.0
        for ratio in splits:
            factor /= ratio
        prices = {"open": bar.open, "high": bar.high, "low": bar.low, "close": bar.close}
        adjusted = {name: price * factor for name, price in prices.items()}
        raw = {f"raw_{name}": price for name, price in prices.items()}
        factors = {"split_factor": factor, "share_factor": factor}
        volumes = {"raw_volume": bar.volume, "volume": bar.volume / factor}
        rows.append({**published_row(ticker, str(bar.session)), **adjusted, **raw, **factors, **volumes})
    return rows
