"""What the metrics share. Time runs along axis 0; a function works on (n,) or, column by column, on (n, …) arrays."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]

SESSIONS_A_YEAR = 252
FEWEST_IN_A_YEAR = 246  # sessions of the NYSE in any twelve months since 1990
UNKNOWN = float("nan")
_CONSTANT = 1e-12


def is_constant(values: Floats) -> Flags:
    """Whether `values`, daily returns or log prices, do not move along axis 0 but for the rounding of their last bits.

    Of one value at least.
    """
    still: Flags = np.ptp(values, axis=0) < _CONSTANT
    return still


def quotient(upper: Floats, lower: Floats) -> Floats:
    """`upper ÷ lower`, NaN where either is NaN or `lower` is not positive: prices and indices are positive."""
    ratio: Floats = upper / np.where(lower > 0, lower, UNKNOWN)
    return ratio


def unknown_like(values: Floats) -> Floats:
    """NaN for each column of `values`: what a metric says of too few of them."""
    return np.full(values.shape[1:], UNKNOWN)


def where_known(known: Flags, values: Floats) -> Floats:
    """`values` where `known`, else NaN."""
    return np.where(known, values, UNKNOWN)
