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
DAYS = calendar.sessions_back(date(2026, 11, 20), 100)


def evaluate(spark: SparkSession, rows: Sequence[Row]) -> list[Finding]:
    return findings_of(violations_in(published_frame(spark, rows)), TABLE_RULES)


def flagged(spark: SparkSession, rows: Sequence[Row]) -> list[tuple[str, str]]:
    findings = [found for found in evaluate(spark, rows) if found.rule == "odd_volume"]
    return [(example["ticker"], example["date"]) for found in findings for example in found.examples]


def of_volume(ticker: str, day: date | str, volume: int, **prices: float) -> Row:
    return published_row(ticker, str(day), raw_volume=volume, volume=float(volume), **prices)


def case(ticker: str) -> list[Row]:
    with (CASE / f"{ticker}.csv").open() as file:
        lines = [{name.lower(): value for name, value in line.items()} for line in csv.DictReader(file)]
    return [of_volume(ticker, line["date"], int(line["volume"])) for line in lines]


def traded(ticker: str, usual: int, sigma: float) -> list[Row]:
    """A hundred sessions whose log volumes have the standard deviation `sigma`."""
    draw = Random(ticker)
    return [of_volume(ticker, day, round(usual * exp(draw.gauss(0, sigma)))) for day in DAYS]


def times(row: Row, factor: float) -> None:
    row.update(raw_volume=round(row["raw_volume"] * factor), volume=row["volume"] * factor)


def test_a_zero_too_many_is_flagged_and_a_busy_day_is_not(spark: SparkSession) -> None:
    """QQQ's two days are 7.6 times the usual; AAPL's 4.3 times, on 2025-09-29, are true."""
    found = flagged(spark, [*case("QQQ"), *case("VOO"), *case("AAPL")])
    assert found == [("QQQ", "2025-09-23"), ("QQQ", "2025-10-02")]


def test_four_days_in_a_row_with_a_zero_too_many(spark: SparkSession) -> None:
    """The first wrong days are in the usual volume of the later ones. Real stocks have a sigma of about 0.25."""
    rows = traded("QQQ", 40_000_000, 0.25)
    for row in rows[-4:]:
        row.update(raw_volume=400_000_000, volume=400_000_000.0)
    found = flagged(spark, [*rows, *traded("VOO", 5_000_000, 0.1), *traded("AAPL", 50_000_000, 0.1)])
    assert found == [("QQQ", str(day)) for day in DAYS[-4:]]


def test_a_thin_etf_has_busy_days(spark: SparkSession) -> None:
    """As VOO in its first years: 5.4 times the usual on 2011-08-19, where the log volumes' sigma was 0.4."""
    thin = traded("VOO", 200_000, 0.4)
    thin[-1].update(raw_volume=1_150_000, volume=1_150_000.0)
    found = flagged(spark, [*thin, *traded("AAPL", 50_000_000, 0.25), *traded("QQQ", 50_000_000, 0.25)])
    assert found == []


def test_a_day_on_which_all_are_busy_is_silent(spark: SparkSession) -> None:
    rows = {ticker: traded(ticker, 10_000_000, 0.2) for ticker in ("AAPL", "QQQ", "VOO")}
    for table in rows.values():
        times(table[-1], 6)
    assert flagged(spark, [row for table in rows.values() for row in table]) == []


def test_of_an_even_number_of_tickers_the_median_is_between_the_two_in_the_middle(spark: SparkSession) -> None:
    """AAPL on 2024-09-20, an index expiry: 4.4 times the usual of a day on which the others were busy too, or not."""
    rows = {ticker: traded(ticker, 10_000_000, 0.02) for ticker in ("AAPL", "MSFT", "QQQ", "VOO")}
    for ticker, factor in (("AAPL", 4.8), ("MSFT", 0.8), ("QQQ", 0.8), ("VOO", 1.3)):
        times(rows[ticker][-1], factor)
    assert flagged(spark, [row for table in rows.values() for row in table]) == []


def test_a_ticker_in_its_first_sessions_is_no_market_to_the_others(spark: SparkSession) -> None:
    """QQQ on 2010-09-09, when VOO was new: beside SCHG alone, which was busy, it looked idle."""
    busy = traded("SCHG", 2_000_000, 0.02)
    times(busy[-1], 4.5)
    new = [of_volume("VOO", day, 30_000) for day in DAYS[-2:]]
    assert flagged(spark, [*traded("QQQ", 50_000_000, 0.02), *busy, *new]) == []


@pytest.mark.parametrize(("half_day", "share", "odd"), [(True, 0.3, []), (True, 0.1, [-1]), (False, 0.3, [-1])])
def test_a_half_day_of_a_ticker_by_itself_is_quiet(
    spark: SparkSession, half_day: bool, share: float, odd: list[int]
) -> None:
    """The day after Thanksgiving ends at 13:00; the Friday before it does not."""
    days = calendar.sessions_back(date(2025, 11, 28 if half_day else 21), 60)
    rows = [of_volume("QQQ", day, 50_000_000 + 100_000 * (place % 7)) for place, day in enumerate(days)]
    times(rows[-1], share)
    assert flagged(spark, rows) == [("QQQ", str(days[place])) for place in odd]


def test_the_simulated_market_breaks_no_rule(spark: SparkSession) -> None:
    """What a newcomer sees first is a lake without a warning, as the real histories have hardly any."""
    rows = [row for ticker in PARAMETERS for row in simulated(ticker)]
    assert [found.sentence for found in evaluate(spark, rows)] == []


def simulated(ticker: str) -> list[Row]:
    """The simulated bars up to 2026-11-20, adjusted for splits by hand."""
    rows = []
    for bar in history(ticker).bars:
        if bar.session > DAYS[-1]:
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
