"""Weekday effects: the mean of each weekday with its interval, and one joint test of all five."""

from typing import NamedTuple

import numpy as np

from api.analytics.arrays import NAN, Floats, Integers
from api.analytics.distributions import chi_square_4_tail, student_quantile
from api.analytics.rank_statistics import kruskal_wallis

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
MIN_RETURNS_PER_WEEKDAY = 5  # H follows the chi-square distribution only approximately, and not in smaller groups
_CONFIDENCE = 0.95


class MeanInterval(NamedTuple):
    """A mean and its 95 % interval by Student's t; the interval is NaN for n < 2, the mean for n = 0."""

    mean: float
    low: float
    high: float


class JointTest(NamedTuple):
    """H of the Kruskal-Wallis test over five weekdays, and the probability of an H as large by chance."""

    statistic: float
    p_value: float


def mean_interval(values: Floats) -> MeanInterval:
    """mean ± t · s ÷ √n, ddof 1, of (n,) independent values."""
    n = len(values)
    if n < 2:
        return MeanInterval(float(values[0]) if n else NAN, NAN, NAN)
    mean = float(values.mean())
    margin = student_quantile(_CONFIDENCE, n - 1) * float(values.std(ddof=1)) / n**0.5
    return MeanInterval(mean, mean - margin, mean + margin)


def joint_test(returns: Floats, weekdays: Integers) -> JointTest:
    """Whether (n,) returns differ by weekday, 0 for Monday to 4; NaN where a weekday has fewer than five.

    One test of all five, because of five separate 95 % intervals one excludes the true mean with a chance of 23 %.
    """
    if np.bincount(weekdays, minlength=len(WEEKDAYS)).min() < MIN_RETURNS_PER_WEEKDAY:
        return JointTest(NAN, NAN)
    # Kruskal-Wallis, not an analysis of variance, because returns have fat tails.
    statistic = kruskal_wallis(returns, weekdays)
    return JointTest(statistic, chi_square_4_tail(statistic))
