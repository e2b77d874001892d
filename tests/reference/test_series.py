"""Figures of each session against pandas and TA-Lib, and distributions and tests against scipy."""

import numpy as np
import pandas as pd
import pytest
import talib
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from api.analytics.arrays import Floats
from api.analytics.breadth import share_above_mean, share_rising
from api.analytics.cone import CONE_WINDOWS, cone, percentile_rank
from api.analytics.distributions import chi_square_4_tail, student_quantile
from api.analytics.ewma_atr import average_true_ranges, ewma_variances
from api.analytics.rank_statistics import average_ranks, dense_ranks, kruskal_wallis, lagged_spearman, spearman
from api.analytics.returns import simple_returns
from api.analytics.rolling import (
    rolling_beta,
    rolling_correlation,
    rolling_sharpe,
    rolling_volatility,
    rolling_yang_zhang,
)
from api.analytics.weekdays import joint_test, mean_interval
from tests.reference import golden

STOCK, BENCHMARK = golden.frames()
BARS = STOCK.assign(previous_close=STOCK["close"].shift(1))
RETURNS = STOCK["close"].pct_change().iloc[1:]
PAIR = pd.concat({"r": STOCK["close"], "b": BENCHMARK["close"]}, axis=1, join="inner").pct_change().iloc[1:]


def arrays(frame: pd.DataFrame, *names: str) -> list[Floats]:
    return [frame[name].to_numpy() for name in names]


def test_simple_returns() -> None:
    np.testing.assert_allclose(simple_returns(STOCK["close"].to_numpy()), RETURNS, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("window", CONE_WINDOWS)
def test_rolling_volatility(window: int) -> None:
    wanted = RETURNS.rolling(window).std() * np.sqrt(252)
    np.testing.assert_allclose(rolling_volatility(RETURNS.to_numpy(), window), wanted, rtol=1e-9)


def test_rolling_correlation_and_beta() -> None:
    returns, benchmark = arrays(PAIR, "r", "b")
    wanted = PAIR["r"].rolling(60).corr(PAIR["b"])
    np.testing.assert_allclose(rolling_correlation(returns, benchmark), wanted, rtol=1e-9)
    wanted = PAIR["r"].rolling(60).cov(PAIR["b"]) / PAIR["b"].rolling(60).var()
    np.testing.assert_allclose(rolling_beta(returns, benchmark), wanted, rtol=1e-9)


def test_rolling_sharpe() -> None:
    rolled = RETURNS.rolling(60)
    wanted = (rolled.mean() - 0.0001) / rolled.std() * np.sqrt(252)
    np.testing.assert_allclose(rolling_sharpe(RETURNS.to_numpy(), 0.0001), wanted, rtol=1e-9)


def test_rolling_yang_zhang() -> None:
    """R's TTR, volatility(n = 20, calc = "yang.zhang", N = 252)."""
    bars = BARS.iloc[1:]
    k = 0.34 / (1.34 + 21 / 19)
    up = np.log(bars["high"] / bars["close"]) * np.log(bars["high"] / bars["open"])
    down = np.log(bars["low"] / bars["close"]) * np.log(bars["low"] / bars["open"])
    s2o = np.log(bars["open"] / bars["previous_close"]).rolling(20).var()
    s2c = np.log(bars["close"] / bars["open"]).rolling(20).var()
    wanted = np.sqrt(252 * (s2o + k * s2c + (1 - k) * (up + down).rolling(20).mean()))
    opens, highs, lows, closes, previous_closes = arrays(bars, "open", "high", "low", "close", "previous_close")
    np.testing.assert_allclose(rolling_yang_zhang(opens, highs, lows, closes, previous_closes), wanted, rtol=1e-9)


def test_ewma_at_each_session() -> None:
    wanted = (RETURNS**2).ewm(alpha=0.06, adjust=False).mean()
    np.testing.assert_allclose(ewma_variances(RETURNS.to_numpy()), wanted, rtol=1e-9)


def test_average_true_range_at_each_session() -> None:
    """TA-Lib takes the first bar too, and gives nothing at it."""
    highs, lows, closes, previous_closes = arrays(BARS, "high", "low", "close", "previous_close")
    np.testing.assert_allclose(
        average_true_ranges(highs[1:], lows[1:], previous_closes[1:]), talib.ATR(highs, lows, closes, 14)[1:], rtol=1e-9
    )


def test_cone() -> None:
    for window, piece in zip(CONE_WINDOWS, cone(RETURNS.to_numpy()), strict=True):
        rolled = (RETURNS.rolling(window).std() * np.sqrt(252)).dropna()
        wanted = [window, *rolled.quantile([0, 0.25, 0.5, 0.75, 1]), rolled.iloc[-1]]
        assert list(piece)[:-1] == pytest.approx(wanted, rel=1e-9)
        place = stats.percentileofscore(rolled, rolled.iloc[-1], kind="mean") / 100
        assert piece.percentile == pytest.approx(place, abs=1e-12)


def test_a_percentile_counts_ties_half() -> None:
    values = np.array([1.0, 2.0, 2.0, np.nan, 3.0])
    assert percentile_rank(values, np.array(2.0)) == stats.percentileofscore([1, 2, 2, 3], 2, kind="mean") / 100


def test_breadth() -> None:
    closes = pd.DataFrame({"a": STOCK["close"], "b": BENCHMARK["close"], "c": STOCK["close"] ** -1})
    means = closes.rolling(20).mean()
    known = closes.notna() & means.notna()
    wanted = ((closes > means) & known).sum(axis=1) / known.sum(axis=1)
    np.testing.assert_allclose(share_above_mean(closes.to_numpy()), wanted.where(known.any(axis=1)), rtol=1e-12)
    before = closes.shift(1)
    known = closes.notna() & before.notna()
    wanted = ((closes > before) & known).sum(axis=1) / known.sum(axis=1)
    np.testing.assert_allclose(share_rising(closes.to_numpy()), wanted.where(known.any(axis=1)), rtol=1e-12)


@given(st.lists(st.integers(-3, 3), min_size=1, max_size=40))
def test_ranks_with_ties(values: list[int]) -> None:
    np.testing.assert_array_equal(
        average_ranks(dense_ranks(np.array(values, dtype=np.float64))), stats.rankdata(values)
    )


def test_spearman_with_ties() -> None:
    returns, benchmark = np.round(PAIR["r"], 2).to_numpy(), np.round(PAIR["b"], 2).to_numpy()
    wanted = stats.spearmanr(returns, benchmark).statistic
    assert spearman(returns, benchmark) == pytest.approx(wanted, rel=1e-9)


@pytest.mark.parametrize("lag", [-1, 0, 1, 3])
def test_lagged_spearman_is_spearman_of_the_shifted_pairs(lag: int) -> None:
    pair = STOCK.assign(move=STOCK["close"].pct_change(), other=np.log(STOCK["volume"]).shift(-lag)).dropna()
    found = lagged_spearman(STOCK["close"].pct_change().to_numpy(), STOCK["volume"].to_numpy(dtype=np.float64), lag)
    assert found.rho == pytest.approx(stats.spearmanr(pair["move"], pair["other"]).statistic, rel=1e-9)
    assert found.n == len(pair)
    assert found.low < found.rho < found.high


def test_kruskal_wallis_of_weekdays() -> None:
    weekdays = RETURNS.index.day_of_week.to_numpy().astype(np.intp)
    wanted = stats.kruskal(*(group for _, group in RETURNS.groupby(RETURNS.index.day_of_week)))
    found = joint_test(RETURNS.to_numpy(), weekdays)
    assert found.statistic == pytest.approx(wanted.statistic, rel=1e-9)
    assert found.p_value == pytest.approx(wanted.pvalue, rel=1e-9)


@given(st.lists(st.integers(0, 4), min_size=20, max_size=60))
def test_kruskal_wallis_with_ties(values: list[int]) -> None:
    groups = np.arange(len(values), dtype=np.intp) % 5
    if len(set(values)) > 1:
        wanted = stats.kruskal(*(np.array(values)[groups == group] for group in range(5))).statistic
        found = kruskal_wallis(np.array(values, dtype=np.float64), groups)
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-9)


def test_a_weekday_with_four_returns_has_no_joint_test() -> None:
    weekdays = np.arange(25, dtype=np.intp) % 5
    moves = RETURNS.to_numpy()[:25]
    assert np.isfinite(joint_test(moves, weekdays)).all()
    assert np.isnan(joint_test(moves[:24], weekdays[:24])).all()


def test_interval_of_a_mean() -> None:
    values = RETURNS.to_numpy()[:30]
    low, high = stats.t.interval(0.95, 29, loc=values.mean(), scale=stats.sem(values))
    assert mean_interval(values) == pytest.approx((values.mean(), low, high), rel=1e-9)
    assert mean_interval(values[:1])[0] == values[0]
    assert np.isnan([*mean_interval(values[:1])[1:], *mean_interval(values[:0])]).all()


@pytest.mark.parametrize("freedom", [1, 2, 3, 4, 5, 10, 51, 250, 2519])
@pytest.mark.parametrize("share", [0.5, 0.95, 0.999])
def test_quantiles_of_student(share: float, freedom: int) -> None:
    assert student_quantile(share, freedom) == pytest.approx(stats.t.ppf((1 + share) / 2, freedom), rel=1e-9)


@pytest.mark.parametrize("value", [0.0, 0.1, 3.0, 9.49, 40.0])
def test_tail_of_chi_square(value: float) -> None:
    assert chi_square_4_tail(value) == pytest.approx(stats.chi2.sf(value, 4), rel=1e-9)
