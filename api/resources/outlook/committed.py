"""Committed forecasts: which are made, and how one is written and read. Pure.

One object a session and pair of baskets, one line of JSON a horizon: a row of `lake.tables.FORECASTS`.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Annotated

from pydantic import AwareDatetime, ConfigDict, Field, ValidationError

from api.http.schemas import Model
from api.resources.outlook.request import Horizon, OutlookRequest, Prior, parse_horizon
from lake import calendar, layout
from lake.errors import CalendarError

Pair = tuple[tuple[str, ...], tuple[str, ...]]

# A small set, fixed in advance: the fourth question's, funds against the market, and the market's largest stocks
# against it. One that is added later begins its own record; one that is taken out keeps what it has.
PAIRS: Sequence[Pair] = (
    (("META", "GOOGL"), ("VOO", "SCHG")),
    (("QQQ",), ("VOO",)),
    (("SCHG",), ("VOO",)),
    (("AAPL", "AMZN", "GOOGL", "META", "MSFT", "NVDA", "TSLA"), ("VOO",)),
)
HORIZONS: Sequence[Horizon] = (parse_horizon("1m"), parse_horizon("3m"))
WINDOW_MONTHS = 6  # the past that a forecast is made from, as by default in /outlook

_Basket = Annotated[tuple[str, ...], Field(min_length=1)]


class CommittedBaskets(Model):
    """The tickers of the two baskets of a forecast."""

    model_config = ConfigDict(frozen=True)

    a: _Basket
    b: _Basket


class Committed(Model):
    """One forecast as it was committed, a row of the table `forecasts`.

    `made`: by the clock of who made it; `as_of`: the last session it knew; `horizon`: in sessions; `probability`: that
    basket A returns more than B.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")  # a later release may add fields

    made: AwareDatetime
    as_of: date
    horizon: int = Field(ge=1)
    baskets: CommittedBaskets
    probability: float = Field(ge=0, le=1, allow_inf_nan=False)
    snapshot: str
    window_months: int
    tau: float

    @property
    def pair(self) -> Pair:
        """Both baskets, A first."""
        return self.baskets.a, self.baskets.b

    @property
    def ahead(self) -> bool:
        """Whether it was made before the next session closed, so that no part of its outcome was known."""
        try:
            closed = calendar.last_closed(self.made)
        except CalendarError:
            return False
        return closed <= self.as_of

    @property
    def ends(self) -> date | None:
        """The session at whose close the horizon ends; None beyond the end of the calendar."""
        later = [day for day in calendar.all_sessions() if day > self.as_of]
        return later[self.horizon - 1] if len(later) >= self.horizon else None


def requests_of(pair: Pair) -> list[OutlookRequest]:
    """The request of each horizon for a pair of baskets, under the prior that /outlook has by default."""
    return [OutlookRequest(*pair, horizon, Prior()) for horizon in HORIZONS]


def key_of(as_of: date, pair: Pair) -> str:
    """Where the forecasts about a pair are committed."""
    return layout.forecast(as_of, "_".join("-".join(basket) for basket in pair))


def committed(request: OutlookRequest, probability: float, *, made: datetime, as_of: date, snapshot: str) -> Committed:
    """A forecast to commit."""
    return Committed(
        made=made,
        as_of=as_of,
        horizon=request.horizon.sessions,
        baskets=CommittedBaskets(a=request.a, b=request.b),
        probability=probability,
        snapshot=snapshot,
        window_months=WINDOW_MONTHS,
        tau=request.prior.tau,
    )


def to_lines(forecasts: Sequence[Committed]) -> bytes:
    """Newline JSON, as the raw records of the lake are."""
    return "".join(f"{one.model_dump_json()}\n" for one in forecasts).encode()


def read_committed(objects: Mapping[str, bytes]) -> tuple[list[Committed], list[str]]:
    """The forecasts of all objects, ascending by session, and a sentence for each object that is not one of ours."""
    found: list[Committed] = []
    damaged: list[str] = []
    for key, body in sorted(objects.items()):
        try:
            found += [Committed.model_validate(json.loads(line)) for line in body.splitlines() if line.strip()]
        except (ValueError, ValidationError, RecursionError):
            damaged.append(f"{key} is damaged, so its forecasts are left out")
    return sorted(found, key=lambda one: (one.as_of, one.horizon, one.pair)), damaged
