"""What an outlook is asked for: two baskets, a horizon, and a prior. Pure."""

import re
from dataclasses import dataclass
from typing import NamedTuple

from api.errors import BadParameterError
from api.http.date_range import UNITS
from api.limits import HORIZON

DEFAULT_HORIZON = "3m"
TAU, LONG_RUN = 0.10, 0.08
_HORIZON = re.compile(r"([1-9][0-9]{0,8})([a-z]+)")
# Fixed numbers of sessions, so that 3m is the same question on every day of the year.
_SESSIONS = {"d": 1, "w": 5, "m": 21}
_BOUND = "a number and d, w or m, such as 10d, 2w or 3m; a week is 5 sessions, a month 21"


@dataclass(frozen=True)
class Horizon:
    """`sessions` ahead, asked for as `count` of a `unit`: d, w or m."""

    sessions: int
    count: int
    unit: str


class Prior(NamedTuple):
    """Both a year. `tau`: standard deviation of the true spread around 0; `long_run`: the return of each basket."""

    tau: float = TAU
    long_run: float = LONG_RUN


class OutlookRequest(NamedTuple):
    """Which is likelier to return more over `horizon` under `prior`: the tickers `a` or the tickers `b`?"""

    a: tuple[str, ...]
    b: tuple[str, ...]
    horizon: Horizon
    prior: Prior = Prior()

    @property
    def tickers(self) -> tuple[str, ...]:
        """The members of both baskets, once each."""
        return tuple(dict.fromkeys((*self.a, *self.b)))

    @property
    def sign(self) -> int:
        """1 where the baskets are in canonical order, −1 where they have to be swapped for it.

        Everything is simulated in canonical order and swapped back, so that P(A, B) + P(B, A) is exactly 1.
        """
        return -1 if sorted(self.a) > sorted(self.b) else 1


def parse_horizon(text: str) -> Horizon:
    """The horizon of a text such as `3m`; BadParameterError for any other text, or beyond the limit."""
    found = _HORIZON.fullmatch(text.strip().lower())
    unit = UNITS.get(found[2]) if found else None
    if found is None or unit not in _SESSIONS:
        raise BadParameterError("horizon", text, "not a horizon", _BOUND)
    count = int(found[1])
    HORIZON.check(count * _SESSIONS[unit], text)
    return Horizon(count * _SESSIONS[unit], count, unit)
