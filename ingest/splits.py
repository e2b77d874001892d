"""What ratios of splits look like. Pure."""

from math import log

from lake.splits import NEAR_A_SPLIT, SPLIT_RATIOS

_WIDEST_SPLIT = 50
_TOLERANCE = 1e-4


def moves_like_a_split(before: float, *prices: float) -> bool:
    """Whether one of the prices is away from the close before by about a common split ratio, either way."""
    moves = (abs(log(price / before)) for price in prices)
    return any(abs(move - log(ratio)) < NEAR_A_SPLIT for move in moves for ratio in SPLIT_RATIOS)


def is_share_split(ratio: float) -> bool:
    """Whether a ratio is of whole numbers up to 50, within 1e-4; any other is a spin-off, and leaves the shares."""
    return any(
        1 <= round(ratio * old) <= _WIDEST_SPLIT and abs(ratio - round(ratio * old) / old) < _TOLERANCE
        for old in range(1, _WIDEST_SPLIT + 1)
    )
