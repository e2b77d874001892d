"""The split rule, written once: as a Python predicate for ingest and the API, and as SQL text for Spark. Pure.

A ratio is new shares for one old share: 4.0 for a 4:1 split, 0.1 for a reverse split of 1:10.
"""

from fractions import Fraction
from math import log

# Vendors round ratios to four decimals: 4:3 arrives as 1.3333.
RATIO_TOLERANCE = 1e-4
# Ratios at or above 1 that exchanges list as splits of shares: any whole number of new shares for one, two or three
# old ones, 5:4, and stock dividends. Wider nets catch spin-offs: 54:43 lies within 2e-5 of 1.2558.
OLD_SHARES = (1, 2, 3)
STOCK_DIVIDENDS = (0.01, 0.02, 0.03, 0.04, 0.05, 0.1, 0.15, 0.2, 0.25)  # 0.25 is 5:4

# Ratios that a price step is compared with. Ratios below 1.5 are left out: an ordinary day moves a price as far.
COMMON_RATIOS = (1.5, 2, 3, 4, 5, 6, 7, 8, 10, 15, 20, 25, 30, 40, 50)
# In natural logs. The market seldom moves more on the day of a split; and AAPL's fall from 53.50 to 25.75 on
# 2000-09-29, which was no split, is 0.038 away from 2:1 at its close and 0.052 at its open.
STEP_TOLERANCE = 0.03


def is_share_split(ratio: float) -> bool:
    """Whether a ratio changes the number of shares; else it is a spin-off, which scales prices only.

    Below 1 always: it is a reverse split, of any ratio. At 1 or above only a conventional one, within RATIO_TOLERANCE.
    2, 1.5, 1.05 and 0.031 are share splits; 1.046, the spin-off of Kyndryl from IBM, is not.
    """
    if ratio < 1:
        return True
    whole = (round(ratio * old) / old for old in OLD_SHARES)
    dividends = (1 + dividend for dividend in STOCK_DIVIDENDS)
    return any(abs(ratio - listed) < RATIO_TOLERANCE for listed in (*whole, *dividends))


def is_share_split_sql(ratio: str) -> str:
    """`is_share_split` as a condition in Spark SQL on the expression `ratio`."""
    whole = [f"round({ratio} * {old}) / {old}" for old in OLD_SHARES]
    dividends = [f"{1 + dividend}D" for dividend in STOCK_DIVIDENDS]
    near = (f"abs({ratio} - {listed}) < {RATIO_TOLERANCE}D" for listed in (*whole, *dividends))
    return f"({' or '.join((f'{ratio} < 1', *near))})"


def split_terms(ratio: float) -> tuple[int, int]:
    """The new and the old number of shares of a split, in lowest terms: (3, 2) of 1.5, (1, 125) of 0.008.

    The plainest terms that the vendor's four decimals allow; where none are plain, those of the decimals themselves.
    """
    for fewer in OLD_SHARES:
        terms = Fraction(round(ratio * fewer), fewer) if ratio >= 1 else Fraction(fewer, round(fewer / ratio))
        # Half of the last decimal: below 1 the ratios of neighbouring terms lie close together.
        if abs(terms - Fraction(ratio)) < (RATIO_TOLERANCE if ratio >= 1 else RATIO_TOLERANCE / 2):
            return terms.numerator, terms.denominator
    exact = Fraction(str(ratio)).limit_denominator(1000)
    return exact.numerator, exact.denominator


def steps_like_a_split(before: float, *prices: float) -> bool:
    """Whether one of the prices differs from the close before by about a common split ratio, up or down."""
    steps = (abs(log(price / before)) for price in prices)
    return any(abs(step - log(ratio)) < STEP_TOLERANCE for step in steps for ratio in COMMON_RATIOS)


def steps_like_a_split_sql(before: str, *prices: str) -> str:
    """`steps_like_a_split` as a condition in Spark SQL on the expressions of the prices."""
    steps = [f"abs(ln(try_divide({price}, {before})))" for price in prices]
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
    steps = [f"abs(ln(try_divide({price}, {before})))" for price in prices]
    return " or ".join(
        f"(abs({step} - {log(ratio)}D) < {STEP_TOLERANCE}D)" for step in steps for ratio in POSSIBLE_RATIOS
    )


# In natural logs, what may be left of a step at a split: the market's own move of that day. Who splits shares up is in
# good health; a reverse split often comes with a fall.
LARGEST_MOVE, LARGEST_MOVE_OF_REVERSE = 0.3, 0.65


def move_beside_split(ratio: float, before: float, *prices: float) -> float:
    """What a split of `ratio` leaves of the step from the close before to the nearest of the prices, as a log."""
    return min(abs(log(price * ratio / before)) for price in prices)


def contradicts_split(ratio: float, before: float, *prices: float) -> bool:
    """Whether no price of the day fits the close before over the split's ratio: it is wrong, or of another day."""
    largest = LARGEST_MOVE if ratio >= 1 else LARGEST_MOVE_OF_REVERSE
    return move_beside_split(ratio, before, *prices) > largest
