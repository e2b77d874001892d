"""What each weekday brings, and whether the five differ by more than chance."""

from typing import NamedTuple

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats
from api.analytics.distributions import chi_square_4_tail, student_quantile
from api.analytics.rank_statistics import Codes, kruskal_wallis

NAMES = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
FEWEST_A_DAY = 5  # chi-square's law is an approximation that smaller groups break
_COVER = 0.95


class MeanInterval(NamedTuple):
    """A mean and its 95 % interval by Student's law; the interval NaN for n < 2, the mean too for n = 0."""

    mean: float
    low: float
    high: float


class JointTest(NamedTuple):
    """Kruskal and Wallis's H of five weekdays and the probability of one as great by chance."""

    statistic: float
    p_value: float


def mean_interval(values: Floats) -> MeanInterval:
    """Of (n,) independent values: mean ± t · s ÷ √n, ddof 1."""
    n = len(values)
    if n < 2:
        return MeanInterval(float(values[0]) if n else UNKNOWN, UNKNOWN, UNKNOWN)
    mean = float(values.mean())
    margin = student_quantile(_COVER, n - 1) * float(values.std(ddof=1)) / n**0.5
    return MeanInterval(mean, mean - margin, mean + margin)


def joint_test(returns: Floats, weekdays: Codes) -> JointTest:
    """Whether (n,) returns differ by weekday, 0 for Monday to 4; NaN where one of the five has fewer than five."""
    if np.bincount(weekdays, minlength=len(NAMES)).min() < FEWEST_A_DAY:
        return JointTest(UNKNOWN, UNKNOWN)
    statistic = kruskal_wallis(returns, weekdays)
    return JointTest(statistic, chi_square_4_tail(statistic))
