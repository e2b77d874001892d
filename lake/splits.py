"""The split rule, written once: as a Python predicate for ingest and the API, and as SQL text for Spark. Pure.

A ratio is new shares for one old share: 4.0 for a 4:1 split, 0.1 for a reverse split of 1:10.
"""

from fractions import Fraction
from math import log

# The larger side of a split: exchanges list splits such as 50:1 and reverse splits such as 1:50, hardly ever wider
# ones.
MAX_SHARES = 50
# Vendors round ratios to four decimals: 4:3 arrives as 1.3333.
RATIO_TOLERANCE = 1e-4

# Ratios that a price step is compared with. Ratios below 1.5 are left out: an ordinary day moves a price as far.
COMMON_RATIOS = (1.5, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50)
# In natural logs. The market seldom moves more on the day of a split; and AAPL's fall from 53.50 to 25.75 on
# 2000-09-29, which was no split, is 0.038 away from 2:1 at its close and 0.052 at its open.
STEP_TOLERANCE = 0.03


def is_share_split(ratio: float) -> bool:
    """Whether a ratio is one of whole numbers up to 50, so that the number of shares changes; else it is a spin-off.

    2, 1.5 and 0.05 are share splits; 1.046, the spin-off of Kyndryl from IBM, is not: it scales prices only.
    """
    return any(
        1 <= round(ratio * old) <= MAX_SHARES and abs(ratio - round(ratio * old) / old) < RATIO_TOLERANCE
        for old in range(1, MAX_SHARES + 1)
    )


def is_share_split_sql(ratio: str) -> str:
    """`is_share_split` as a condition in Spark SQL on the expression `ratio`."""
    new = f"round({ratio} * old)"
    matches = f"{new} between 1 and {MAX_SHARES} and abs({ratio} - {new} / old) < {RATIO_TOLERANCE}D"
    return f"exists(sequence(1, {MAX_SHARES}), old -> {matches})"


def split_terms(ratio: float) -> tuple[int, int]:
    """The new and the old number of shares of a split, in lowest terms: (3, 2) of 1.5."""
    fraction = Fraction(ratio).limit_denominator(MAX_SHARES)
    return fraction.numerator, fraction.denominator


def steps_like_a_split(before: float, *prices: float) -> bool:
    """Whether one of the prices differs from the close before by about a common split ratio, up or down."""
    steps = (abs(log(price / before)) for price in prices)
    return any(abs(step - log(ratio)) < STEP_TOLERANCE for step in steps for ratio in COMMON_RATIOS)


def steps_like_a_split_sql(before: str, *prices: str) -> str:
    """`steps_like_a_split` as a condition in Spark SQL on the expressions of the prices."""
    steps = [f"abs(ln({price} / {before}))" for price in prices]
    return " or ".join(
        f"(abs({step} - {log(ratio)}D) < {STEP_TOLERANCE}D)" for step in steps for ratio in COMMON_RATIOS
    )


# A new bar that moves like one of these may be the first of a split, and waits until the splits are known. 5:4 too,
# although an ordinary day may move a price as far: waiting costs little.
POSSIBLE_RATIOS = (1.25, *COMMON_RATIOS)


def may_be_a_split(before: float, *prices: float) -> bool:
    """As `steps_like_a_split`, with 5:4 among the ratios."""
    steps = (abs(log(price / before)) for price in prices)
    return any(abs(step - log(ratio)) < STEP_TOLERANCE for step in steps for ratio in POSSIBLE_RATIOS)


def may_be_a_split_sql(before: str, *prices: str) -> str:
    """`may_be_a_split` as a condition in Spark SQL on the expressions of the prices."""
    steps = [f"abs(ln({price} / {before}))" for price in prices]
    return " or ".join(
        f"(abs({step} - {log(ratio)}D) < {STEP_TOLERANCE}D)" for step in steps for ratio in POSSIBLE_RATIOS
    )
