"""The simulated market has the statistical properties of a real one."""

import subprocess
import sys
from collections.abc import Sequence
from datetime import date
from itertools import pairwise
from math import exp, log
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import kstest, spearmanr

from ingest.simulator.market import Bar, _extreme, bar_of, bounded, history
from ingest.simulator.parameters import EPOCH, PARAMETERS
from lake.calendar import all_sessions, sessions
from lake.universe import universe

ROOT = Path(__file__).parent.parent.parent.parent
UNTIL = date(2026, 10, 30)
SPLITS = {
    "AAPL": {"2020-08-31": 4},
    "NVDA": {"2021-07-20": 4, "2024-06-10": 10},
    "TSLA": {"2020-08-31": 5, "2022-08-25": 3},
    "AMZN": {"2022-06-06": 20},
    "GOOGL": {"2022-07-18": 20},
    "SCHG": {"2022-03-11": 2, "2024-10-11": 4},
}
LEVELS = {
    "VOO": 650, "QQQ": 670, "SCHG": 33, "AAPL": 290, "AMZN": 275, "META": 650, "GOOGL": 400, "MSFT": 420, "NVDA": 190,
    "TSLA": 400,
}  # fmt: skip


def bars(ticker: str) -> Sequence[Bar]:
    return [bar for bar in history(ticker).bars if bar.session <= UNTIL]


def ratios(ticker: str) -> list[float]:
    known = {date.fromisoformat(day): ratio for day, ratio in SPLITS.get(ticker, {}).items()}
    return [known.get(bar.session, 1) for bar in bars(ticker)]


def returns(ticker: str) -> NDArray[np.float64]:
    """Split-adjusted log returns of the closes."""
    raw = np.diff(np.log([bar.close for bar in bars(ticker)]))
    return np.asarray(raw + np.log(ratios(ticker)[1:]))


def autocorrelation(values: NDArray[np.float64], lag: int) -> float:
    return float(np.corrcoef(values[lag:], values[:-lag])[0, 1])


def test_the_parameters_are_those_of_the_universe() -> None:
    assert set(PARAMETERS) == set(universe())


@pytest.mark.parametrize("ticker", PARAMETERS)
def test_every_session_is_there_in_order_and_possible(ticker: str) -> None:
    assert [bar.session for bar in history(ticker).bars] == list(sessions(EPOCH, all_sessions()[-1]))
    for bar in history(ticker).bars:
        assert 0 < bar.low <= min(bar.open, bar.close)
        assert max(bar.open, bar.close) <= bar.high
        assert bar.volume > 0


@pytest.mark.parametrize("seed", ["1", "2"])
def test_another_process_sees_the_same_market(seed: str) -> None:
    """Whatever that process's hash seed is: a bar depends on its ticker and session alone."""
    show = "from ingest.simulator.market import history; print(history('VOO').bars[2000])"
    seen = subprocess.run(
        [sys.executable, "-c", show],
        cwd=ROOT,
        env={"PYTHONHASHSEED": seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert seen.stdout.strip() == str(history("VOO").bars[2000])


@pytest.mark.parametrize("ticker", PARAMETERS)
def test_volatility_clusters(ticker: str) -> None:
    squared = returns(ticker) ** 2
    assert np.mean([autocorrelation(squared, lag) for lag in range(1, 11)]) > 0.03
    assert abs(autocorrelation(returns(ticker), 1)) < 0.08


@pytest.mark.parametrize("ticker", [ticker for ticker in PARAMETERS if ticker != "VOO"])
def test_tickers_move_with_the_market(ticker: str) -> None:
    correlation = np.corrcoef(returns("VOO"), returns(ticker))[0, 1]
    assert 0.4 < correlation < 0.99


@pytest.mark.parametrize("ticker", PARAMETERS)
def test_volume_goes_with_range(ticker: str) -> None:
    ranges = [log(bar.high / bar.low) for bar in bars(ticker)]
    adjusted = np.array([bar.volume for bar in bars(ticker)]) / np.cumprod(ratios(ticker))
    assert spearmanr(ranges, adjusted).statistic > 0.3


def busyness(ticker: str) -> NDArray[np.float64]:
    """The log of each volume to the mean of the sixty sessions before it."""
    adjusted = np.array([bar.volume for bar in bars(ticker)]) / np.cumprod(ratios(ticker))
    sums = np.concatenate([[0], np.cumsum(adjusted)])
    return np.asarray(np.log(adjusted[60:] / ((sums[60:-1] - sums[:-61]) / 60)))


def test_volumes_vary_as_real_ones_do() -> None:
    """Measured on the histories of AAPL, AMZN, GOOGL, MSFT, TSLA and QQQ from May 2021 to May 2026."""
    busy = np.array([busyness(ticker) for ticker in PARAMETERS])
    market = np.median(busy, axis=0)
    own = busy - market
    assert np.all((busy.std(axis=1) > 0.27) & (busy.std(axis=1) < 0.37))  # 0.30 to 0.35
    assert 0.18 < market.std() < 0.28  # 0.23
    assert np.all((own.std(axis=1) > 0.17) & (own.std(axis=1) < 0.31))  # 0.18 to 0.30
    assert np.abs(own).max() < log(5)  # 1.5
    assert own.min() > -log(3)  # no session of theirs had under a third of the usual volume


@pytest.mark.parametrize("ticker", SPLITS)
def test_a_split_is_a_step_in_price_and_volume_on_its_day(ticker: str) -> None:
    by_day = {bar.session: place for place, bar in enumerate(bars(ticker))}
    for day, ratio in SPLITS[ticker].items():
        place = by_day[date.fromisoformat(day)]
        around = bars(ticker)[place - 1 : place + 1]
        assert around[0].close / around[1].close == pytest.approx(ratio, rel=0.2)
        volumes = [np.median([bar.volume for bar in part]) for part in (
            bars(ticker)[place - 40 : place], bars(ticker)[place : place + 40])]  # fmt: skip
        assert volumes[1] / volumes[0] == pytest.approx(ratio, rel=0.5)


@pytest.mark.parametrize("ticker", PARAMETERS)
def test_only_splits_jump(ticker: str) -> None:
    assert np.abs(returns(ticker)).max() < log(1.35)


@pytest.mark.parametrize("ticker", PARAMETERS)
def test_levels_are_plausible_after_ten_years(ticker: str) -> None:
    assert LEVELS[ticker] / 2 < bars(ticker)[-1].close < LEVELS[ticker] * 2


@pytest.mark.parametrize("ticker", ["VOO", "QQQ", "SCHG", "AAPL", "MSFT", "NVDA", "META", "GOOGL"])
def test_dividends_are_quarterly_on_sessions(ticker: str) -> None:
    paid = [(day, amount) for day, amount in history(ticker).dividends if day <= UNTIL]
    years = range(max(paid[0][0].year, 2015) + 1, 2026)
    assert {sum(day.year == year for day, _ in paid) for year in years} <= {4}
    assert paid[0][0].year == (2024 if ticker in {"META", "GOOGL"} else 2016)
    by_day = {bar.session: bar for bar in bars(ticker)}
    assert all(0 < amount < 0.006 * by_day[day].close for day, amount in paid)


@pytest.mark.parametrize("ticker", ["AMZN", "TSLA"])
def test_two_pay_no_dividend(ticker: str) -> None:
    assert history(ticker).dividends == ()


def test_the_price_drops_by_the_dividend() -> None:
    """On ex-dates VOO's nights are lower than on other days by about what is paid."""
    closes = {bar.session: bar for bar in history("VOO").bars}
    days = list(closes)
    nights = {day: log(closes[day].open / closes[before].close) for before, day in pairwise(days)}
    ex = dict(history("VOO").dividends)
    other = np.mean([night for day, night in nights.items() if day not in ex])
    paid = np.mean([amount / closes[day].open for day, amount in ex.items()])
    error = np.std(list(nights.values())) / np.sqrt(len(ex))
    assert np.mean([nights[day] for day in ex]) - other == pytest.approx(-paid, abs=2 * error)
    assert paid > error


def test_extremes_have_the_distribution_of_a_brownian_bridge() -> None:
    """P(max > m | end) = exp(-2 m (m - end) / variance): Karatzas and Shreve, 4.3.40."""
    end, deviation = 0.01, 0.02
    draws = [_extreme(end, deviation, (n + 0.5) / 1000) for n in range(1000)]
    assert min(draws) >= end
    law = [1 - exp(-2 * m * (m - end) / deviation**2) for m in draws]
    assert kstest(law, "uniform").pvalue > 0.99


def test_no_bar_looks_like_the_error_of_a_vendor() -> None:
    """Draws of five deviations: one in a few million, and an index has millions of bars.

    At 2.5 of them a quiet day goes 1.6 of its deviations beyond its open and close: sqrt(-ln(0.0062) / 2).
    """
    wild = bar_of(date(2026, 11, 20), 100.0, 0.0, 0.01, (-5.0, -5.0), typical=0.01, volume=1000)
    assert log(wild.high / wild.close) == pytest.approx(0.0159, abs=1e-4)
    assert log(wild.close / wild.low) == pytest.approx(0.0159, abs=1e-4)
    quiet = bar_of(date(2026, 11, 20), 100.0, 0.0, 0.01, (5.0, 5.0), typical=0.05, volume=1000)
    assert quiet.volume == round(1000 * exp(-0.5))
    assert [bounded(draw) for draw in (-9.0, -1.0, 9.0)] == [-2.5, -1.0, 2.5]
