"""Metrics of the trend line through the log closes."""

from api.analytics import trend
from api.analytics.metric import Metric

_SHORT = "fewer than three sessions"

METRICS = (
    Metric(
        "trend_slope",
        "log price a session",
        "Slope of the least squares line of ln close on the session number; 0.001 is about 0.1 % a session",
        _SHORT,
        ("numbers", "closes"),
        trend.slope,
        "ordinary least squares",
        "scipy.stats.linregress",
    ),
    Metric(
        "trend_standard_error",
        "log price a session",
        "Standard error of trend_slope; a lower bound, because the errors of daily prices are autocorrelated",
        _SHORT,
        ("numbers", "closes"),
        trend.standard_error,
        "ordinary least squares",
        "scipy.stats.linregress",
    ),
    Metric(
        "trend_r_squared",
        "fraction",
        "Share of the variance of ln close that the trend line explains",
        f"{_SHORT}, or the close never moves",
        ("numbers", "closes"),
        trend.r_squared,
        "ordinary least squares",
        "scipy.stats.linregress",
    ),
)
