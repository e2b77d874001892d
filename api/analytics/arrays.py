"""What the metrics share."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

SESSIONS_A_YEAR = 252
UNKNOWN = float("nan")
_CONSTANT = 1e-12


def is_constant(values: Floats) -> bool:
    """Whether `values`, daily returns or log prices, do not move but for the rounding of their last bits."""
    return bool(np.ptp(values) < _CONSTANT)


def quotient(upper: Floats, lower: Floats) -> Floats:
    """`upper ÷ lower`, NaN where either is NaN or `lower` is not positive: prices and indices are positive."""
    ratio: Floats = np.divide(upper, lower, out=np.full(np.shape(upper), UNKNOWN), where=np.asarray(lower) > 0)
    return ratio
