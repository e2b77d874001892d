"""The metrics as data: what each is, what it needs, and who says so. Descriptions of answers derive from here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import isfinite
from types import MappingProxyType

from api.analytics import benchmark, drawdown, returns, trend
from api.analytics.arrays import Floats

# What a metric may need, each (n,) or, with the base first, (n+1,).
INPUTS = (
    "prices",  # closes on the basis, the base first
    "total_index",  # total return index, the base first
    "returns",  # daily returns on the basis
    "numbers",  # the number of each session in the window
    "closes",  # the close of each of them
    "paired_prices",  # as prices, on the sessions that the benchmark has too
    "paired_returns",
    "benchmark_prices",
    "benchmark_returns",
)
_NO_BASE = "the close before the window, or the last one, is not in the lake"
_UNPAIRED = "fewer than {} daily returns are shared with the benchmark, or one of the two does not move"
_SHORT_TREND = "fewer than three sessions"


@dataclass(frozen=True)
class Metric:
    """One figure. `needs` names the arguments of `function` among INPUTS, in order; `null` says when it is null."""

    slug: str
    unit: str
    convention: str
    null: str
    needs: tuple[str, ...]
    function: Callable[..., float]
    source: str
    oracle: str

    @property
    def description(self) -> str:
        """For people: convention, unit, and the meaning of null."""
        return f"{self.convention}. Unit: {self.unit}. Null: {self.null}."

    def of(self, inputs: Mapping[str, Floats]) -> float | None:
        """The figure; None where it is not known."""
        value = self.function(*(inputs[name] for name in self.needs))
        return value if isfinite(value) else None


_METRICS = (
    Metric(
        "cumulative_return",
        "fraction",
        "Last close ÷ the base's close − 1, on the chosen basis",
        _NO_BASE,
        ("prices",),
        returns.cumulative_return,
        "definition",
        "hand value",
    ),
    Metric(
        "cumulative_total_return",
        "fraction",
        "As cumulative_return with every dividend reinvested at its ex-date, whatever the basis",
        f"{_NO_BASE}, or the ticker's dividends are unknown",
        ("total_index",),
        returns.cumulative_return,
        "vendors' adjusted closes: I_t = I_(t−1) · C_t ÷ (C_(t−1) − D_t)",
        "hand value",
    ),
    Metric(
        "average_daily_return",
        "fraction a session",
        "Arithmetic mean of the simple daily returns, on the chosen basis",
        "no daily return is known",
        ("returns",),
        returns.average,
        "definition",
        "numpy.mean",
    ),
    Metric(
        "volatility",
        "fraction a year",
        "Standard deviation of the simple daily returns, ddof 1, × √252",
        "fewer than two daily returns",
        ("returns",),
        returns.volatility,
        "definition",
        "scipy.stats.tstd",
    ),
    Metric(
        "max_drawdown",
        "fraction, never positive",
        "Deepest fall of the close below its highest so far; the base counts as a peak",
        "the close before the window is not in the lake",
        ("prices",),
        drawdown.max_drawdown,
        "definition, W_0 = 1 included",
        "hand value",
    ),
    Metric(
        "best_day",
        "fraction",
        "Greatest simple daily return",
        "no daily return is known",
        ("returns",),
        returns.best,
        "definition",
        "hand value",
    ),
    Metric(
        "worst_day",
        "fraction",
        "Least simple daily return",
        "no daily return is known",
        ("returns",),
        returns.worst,
        "definition",
        "hand value",
    ),
    Metric(
        "trend_slope",
        "log price a session",
        "Slope of the least squares line of ln close on the session's number; 0.001 is about 0.1 % a session",
        _SHORT_TREND,
        ("numbers", "closes"),
        trend.slope,
        "ordinary least squares",
        "scipy.stats.linregress",
    ),
    Metric(
        "trend_standard_error",
        "log price a session",
        "Standard error of trend_slope; a lower bound, because the errors of daily prices are autocorrelated",
        _SHORT_TREND,
        ("numbers", "closes"),
        trend.standard_error,
        "ordinary least squares",
        "scipy.stats.linregress",
    ),
    Metric(
        "trend_r_squared",
        "fraction",
        "Share of the variance of ln close that lies on the trend line",
        f"{_SHORT_TREND}, or the close never moves",
        ("numbers", "closes"),
        trend.r_squared,
        "ordinary least squares",
        "scipy.stats.linregress",
    ),
    Metric(
        "excess_return",
        "points: a difference of fractions",
        "Cumulative return less the benchmark's, on the sessions both have",
        f"{_NO_BASE}, of either",
        ("paired_prices", "benchmark_prices"),
        benchmark.excess_return,
        "definition",
        "hand value",
    ),
    Metric(
        "beta",
        "ratio",
        "cov(r, b) ÷ var(b) of the daily returns that the ticker and the benchmark share",
        _UNPAIRED.format("two"),
        ("paired_returns", "benchmark_returns"),
        benchmark.beta,
        "definition",
        "numpy.polyfit",
    ),
    Metric(
        "correlation_to_benchmark",
        "from −1 to 1",
        "Pearson correlation of the daily returns that the ticker and the benchmark share",
        _UNPAIRED.format("three"),
        ("paired_returns", "benchmark_returns"),
        benchmark.correlation,
        "definition",
        "scipy.stats.pearsonr",
    ),
)

REGISTRY: Mapping[str, Metric] = MappingProxyType({metric.slug: metric for metric in _METRICS})
