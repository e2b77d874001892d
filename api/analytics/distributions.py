"""The few probability distributions that tests and intervals need, exact, so that the service runs without scipy.

scipy would add over 100 MB to a Lambda package of 250 MB at most, and seconds to a cold start.
"""

from functools import cache
from math import atan, exp, pi, sqrt

_MAX_BISECTIONS = 200


def chi_square_4_tail(value: float) -> float:
    """P(X ≥ value) of the chi-square distribution with 4 degrees of freedom: e^(−x/2) · (1 + x/2)."""
    return exp(-value / 2) * (1 + value / 2)


@cache
def student_quantile(share: float, freedom: int) -> float:
    """The t with P(|T| ≤ t) = share, 0 ≤ share < 1, of Student's distribution with `freedom` ≥ 1 degrees of freedom."""
    low, high = 0.0, 1.0
    while _student_within(high, freedom) < share:
        high *= 2
    # Bisection until the two bounds are neighbouring floats: slower than Newton, but it cannot diverge.
    for _ in range(_MAX_BISECTIONS):
        middle = (low + high) / 2
        if middle in {low, high}:
            break
        low, high = (middle, high) if _student_within(middle, freedom) < share else (low, middle)
    return high


def _student_within(t: float, freedom: int) -> float:
    """P(|T| ≤ t): the finite sums of Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    cosine_squared = freedom / (freedom + t * t)
    sine = t / sqrt(freedom + t * t)
    odd = freedom % 2
    term, total = (sqrt(cosine_squared), 0.0) if odd else (1.0, 0.0)
    for order in range(2 + odd, freedom + 1, 2):
        total += term
        term *= cosine_squared * (order - 1) / order
    return 2 / pi * (atan(t / sqrt(freedom)) + sine * total) if odd else sine * total
