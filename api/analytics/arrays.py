"""Types, constants and helpers that the metrics share.

Time runs along axis 0. A function takes an (n,) array, or an (n, …) array that it treats column by column.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.intp]
Flags = npt.NDArray[np.bool_]

# The convention of the field; since 1990 a year of the NYSE has had 248 to 254 sessions.
SESSIONS_PER_YEAR = 252
# The fewest NYSE sessions in any twelve months since 1970: a window of a whole year is never taken for a shorter one.
# (In 1968 the exchange closed on Wednesdays, to catch up with its paperwork, and had 226.)
MIN_SESSIONS_PER_YEAR = 246
NAN = float("nan")
_CONSTANT = 1e-12


def is_constant(values: Floats) -> Flags:
    """Whether `values`, daily returns or log prices, stay the same along axis 0; n ≥ 1.

    The tolerance covers rounding: a price that does not move would otherwise have a standard deviation of 1e-17, and
    a Sharpe ratio of 1e16.
    """
    constant: Flags = np.ptp(values, axis=0) < _CONSTANT
    return constant


def quotient(upper: Floats, lower: Floats) -> Floats:
    """`upper ÷ lower`; NaN where either is NaN or `lower` is not positive.

    Prices, indices and variances are positive, so a denominator of 0 or below means that the figure is undefined.
    """
    ratio: Floats = upper / np.where(lower > 0, lower, NAN)
    return ratio


def nan_like(values: Floats) -> Floats:
    """NaN for each column of `values`: the result of a metric that has too few sessions."""
    return np.full(values.shape[1:], NAN)


def nan_unless(condition: Flags, values: Floats) -> Floats:
    """`values` where `condition` holds, else NaN."""
    return np.where(condition, values, NAN)
