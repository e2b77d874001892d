"""`horizon=3m`: how many sessions ahead. Pure."""

import re
from dataclasses import dataclass

from api.errors import BadParameterError
from api.limits import HORIZON

DEFAULT_HORIZON = "3m"
_HORIZON = re.compile(r"([1-9][0-9]{0,8})([dwm])")
_SESSIONS = {"d": 1, "w": 5, "m": 21}
_WORDS = {"d": "session", "w": "week", "m": "month"}
_BOUND = "a number and d, w or m, such as 10d, 2w or 3m; a week is 5 sessions, a month 21"


@dataclass(frozen=True)
class Horizon:
    """The sessions ahead; `words` as a person says them: three months, 10 sessions."""

    sessions: int
    count: int
    unit: str

    @property
    def words(self) -> str:
        """As a person says it after "over the next": 3 months, or month alone."""
        return _WORDS[self.unit] if self.count == 1 else f"{self.count} {_WORDS[self.unit]}s"


def parse_horizon(text: str) -> Horizon:
    """The horizon of `3m` and its kin; BadParameterError for any other text, or beyond the limit."""
    found = _HORIZON.fullmatch(text.strip().lower())
    if found is None:
        raise BadParameterError("horizon", text, "is no horizon", _BOUND)
    count, unit = int(found[1]), found[2]
    HORIZON.check(count * _SESSIONS[unit], text)
    return Horizon(count * _SESSIONS[unit], count, unit)
