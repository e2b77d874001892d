"""Measures a library on the sample: `.venv-peers/bin/python benchmarks/peers_libraries.py SAMPLE NAME`.

With the name `portfolio` it prints two libraries' figures of a portfolio: library → rebalancing → figure.

Each library is called as its documentation says. A contender is a generator: it imports its library, yields so that
the import can be timed, and then yields its functions. Nothing here uses the network.
"""

import json
import sys

import peers_measure

RF, GAP = 0.05, [50, 51]
RF_A_DAY = (1 + RF) ** (1 / 252) - 1


def frame():
    """The sample's bars with dates as index, and the returns of the ticker and of the benchmark."""
    import pandas as pd

    data = peers_measure.read_sample()
    days = pd.DatetimeIndex(pd.to_datetime(data.pop("days")), name="date")
    bars = pd.DataFrame(data, index=days)
    returns = bars["close"].pct_change().dropna()
    benchmark = bars["benchmark"].pct_change().dropna()
    return bars, returns, benchmark


def empyrical():
    import empyrical as ep

    yield
    _, r, b = frame()
    lacking = b.drop(b.index[GAP])
    paired = r.reindex(lacking.index)
    yield {
        "cumulative_return": lambda: ep.cum_returns_final(r),
        "cagr": lambda: ep.cagr(r),
        "volatility": lambda: ep.annual_volatility(r),
        "sharpe": lambda: ep.sharpe_ratio(r, risk_free=RF_A_DAY),
        "sortino": lambda: ep.sortino_ratio(r, required_return=RF_A_DAY),
        "max_drawdown": lambda: ep.max_drawdown(r),
        "calmar": lambda: ep.calmar_ratio(r),
        "beta": lambda: ep.beta(r, b),
        "beta_gap": lambda: ep.beta(paired, lacking),
        "alpha_jensen": lambda: ep.alpha(r, b),
        "information_ratio": lambda: ep.excess_sharpe(r, b),
        "value_at_risk": lambda: ep.value_at_risk(r),
        "conditional_value_at_risk": lambda: ep.conditional_value_at_risk(r),
    }


def quantstats():
    from quantstats import stats as qs

    yield
    _, r, b = frame()
    lacking = b.drop(b.index[GAP])
    yield {
        "cumulative_return": lambda: qs.comp(r),
        "cagr": lambda: qs.cagr(r),
        "volatility": lambda: qs.volatility(r),
        "sharpe": lambda: qs.sharpe(r, rf=RF),
        "sortino": lambda: qs.sortino(r, rf=RF),
        "max_drawdown": lambda: qs.max_drawdown(r),
        "calmar": lambda: qs.calmar(r),
        "beta alpha_jensen": lambda: qs.greeks(r, b)[["beta", "alpha"]],
        "beta_gap": lambda: qs.greeks(r, lacking)["beta"],
        "information_ratio": lambda: qs.information_ratio(r, b),
        "value_at_risk": lambda: qs.value_at_risk(r),
        "conditional_value_at_risk": lambda: qs.cvar(r),
        "skew": lambda: qs.skew(r),
        "excess_kurtosis": lambda: qs.kurtosis(r),
    }


def ffn():
    import ffn as library

    yield
    bars, r, b = frame()
    prices = bars["close"]

    # PerformanceStats computes all its figures at once; there is no function for a single one.
    def of_all():
        stats = library.PerformanceStats(prices)
        return stats.daily_vol, stats.daily_skew, stats.daily_kurt

    yield {
        "cumulative_return": lambda: library.calc_total_return(prices),
        "cagr": lambda: library.calc_cagr(prices),
        "volatility skew excess_kurtosis": of_all,
        "sharpe": lambda: library.calc_sharpe(r, rf=RF, nperiods=252),
        "sortino": lambda: library.calc_sortino_ratio(r, rf=RF, nperiods=252),
        "max_drawdown": lambda: library.calc_max_drawdown(prices),
        "calmar": lambda: library.calc_calmar_ratio(prices),
        "information_ratio": lambda: library.calc_information_ratio(r, b),
    }


def openbb_technical():
    from openbb_core.app.utils import df_to_basemodel
    from openbb_technical import helpers
    from openbb_technical.indicators.statistics import ReturnsStatsQueryParams, returns_stats
    from openbb_technical.indicators.volatility import AtrQueryParams, atr

    yield
    bars, r, _ = frame()
    rows, window = df_to_basemodel(bars.reset_index()), len(r)
    after = bars.iloc[1:]

    def of_all():
        stats = returns_stats(ReturnsStatsQueryParams(data=rows, risk_free_rate=RF)).results[0].model_dump()
        names = ("sharpe", "sortino", "max_drawdown", "calmar", "var_95", "cvar_95", "skew", "kurtosis")
        return [stats[name] for name in names]

    names = "sharpe sortino max_drawdown calmar value_at_risk conditional_value_at_risk skew excess_kurtosis"
    yield {
        names: of_all,
        "parkinson": lambda: helpers.parkinson(after, window=window).iloc[-1],
        "garman_klass": lambda: helpers.garman_klass(after, window=window).iloc[-1],
        "rogers_satchell": lambda: helpers.rogers_satchell(after, window=window).iloc[-1],
        "yang_zhang": lambda: helpers.yang_zhang(bars, window=window).iloc[-1],
        "atr": lambda: atr(AtrQueryParams(data=rows)).results[-1].model_dump().popitem()[1],
    }


def openbb_quantitative():
    from openbb_core.app.utils import df_to_basemodel
    from openbb_quantitative import performance, stats

    yield
    bars, r, _ = frame()
    rows, window = df_to_basemodel(bars.reset_index()), len(r)
    moves = df_to_basemodel(r.rename("move").reset_index())

    def of_moves(function, params):
        return next(iter(function(params(data=moves, target="move")).results.model_dump().values()))

    def ratio(function, params, **more):
        found = function(params(data=rows, target="close", window=window, **more)).results
        return found[-1].model_dump().popitem()[1]

    yield {
        "sharpe": lambda: ratio(performance.sharpe_ratio, performance.SharpeRatioQueryParams, rfr=RF),
        "sortino": lambda: ratio(performance.sortino_ratio, performance.SortinoRatioQueryParams, target_return=RF),
        "skew": lambda: of_moves(stats.skew, stats.StatsSkewQueryParams),
        "excess_kurtosis": lambda: of_moves(stats.kurtosis, stats.StatsKurtosisQueryParams),
    }


def constant_weights(closes, weights):
    """skfolio: every session begins with the targets."""
    import numpy as np
    from skfolio import Portfolio, RiskMeasure

    moves = closes.pct_change().dropna()
    held = Portfolio(X=moves, weights=weights.to_numpy(), compounded=True, annualization_factor=252)
    shares = np.array(held.contribution(measure=RiskMeasure.STANDARD_DEVIATION)) / held.standard_deviation
    return {
        "cumulative return": held.cumulative_returns[-1] - 1,
        "volatility": held.annualized_standard_deviation,
    } | {f"contribution to risk, {name}": share for name, share in zip(weights.index, shares, strict=True)}


def drifting_weights(closes, weights):
    """ffn: each holding is bought at the base and kept."""
    import ffn as library

    value = (library.rebase(closes, 1) * weights).sum(axis=1)
    return {
        "cumulative return": library.calc_total_return(value),
        "volatility": library.PerformanceStats(value).daily_vol,
        "max drawdown": library.calc_max_drawdown(value),
    }


def portfolios():
    """Both on the same holdings."""
    import pandas as pd

    data = peers_measure.read_sample()
    weights = pd.Series(data["weights"])
    closes = pd.DataFrame(data["closes"], index=pd.DatetimeIndex(data["days"]))[weights.index]
    return {"skfolio": {"daily": constant_weights(closes, weights)}, "ffn": {"none": drifting_weights(closes, weights)}}


CONTENDERS = {
    "empyrical-reloaded": empyrical,
    "QuantStats": quantstats,
    "ffn": ffn,
    "OpenBB technical": openbb_technical,
    "OpenBB quantitative": openbb_quantitative,
}

if __name__ == "__main__":
    if sys.argv[2] == "portfolio":
        print(json.dumps(portfolios(), default=float))
        sys.exit()
    contender = CONTENDERS[sys.argv[2]]()
    start = peers_measure.now()
    next(contender)
    imported = peers_measure.now() - start
    peers_measure.print_result(imported, next(contender))
