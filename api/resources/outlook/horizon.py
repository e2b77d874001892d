"""`horizon=3m`: how many sessions ahead. Pure."""

import re
from dataclasses import dataclass

from api.errors import BadParameterError
from api.limits import HORIZON

DEFAULT_HORIZON = "3m"
_HORIZON = re.compile(r"([1-9][0-9]{0,8})([dwm])")
_SESSIONS = {"d": 1, "w": 5, "m": 21}
_BOUND = "a number and d, w or m, such as 10d, 2w or 3m; a week is 5 sessions, a month 21"


@dataclass(frozen=True)
class Horizon:
    """`sessions` ahead, asked for as `count` of a `unit`: d, w or m."""

    sessions: int
    count: int
    unit: str


def parse_horizon(text: str) -> Horizon:
    """The horizon of `3m` and its kin; BadParameterError for any other text, or beyond the limit."""
    found = _HORIZON.fullmatch(text.strip().lower())
    if found is None:
        raise BadParameterError("horizon", text, "is no horizon", _BOUND)
    count, unit = int(found[1]), found[2]
    HORIZON.check(count * _SESSIONS[unit], text)
    return Horizon(count * _SESSIONS[unit], count, unit)
