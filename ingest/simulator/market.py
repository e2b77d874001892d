"""The simulated market: a bar is a function of its ticker and session alone, whenever it is requested.

Every draw is seeded by name and session. Every path runs from the epoch to the end of the calendar, and a feed cuts off
what is after its clock. Log returns are beta times one market factor plus a factor of the ticker's own. The variance of
both follows a GARCH(1,1), so that volatility clusters. A night and the day after it share a session's variance. How
far a day swings between its open and close, and how busy it is, has a part that all tickers share as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import exp, hypot, log, sqrt
from random import Random
from statistics import NormalDist
from typing import NamedTuple

from ingest.simulator.parameters import EPOCH, PARAMETERS, Parameters, Payout
from lake import calendar

YEAR = 252  # sessions
MARKET_VOLATILITY = 0.16  # a year
NIGHT = 0.25  # the part of a session's variance between the close before and the open
REACTION, MEMORY = 0.08, 0.89  # GARCH(1,1): of the last shock, of the last variance
# A pull back to the trend, as a fraction of the distance each session: a random walk alone would reach implausible
# levels within ten years.
_PULL = 0.003
# The mean range of Brownian motion over a unit of time, sqrt(8 / pi).
_BROWNIAN_RANGE = 1.596
# The part of the variance of a day's swings that is the market's.
SWING = 0.8
# Measured on real stocks and ETFs from 2016 to 2026: the elasticity of volume to the day's range; the deviations of the
# log of what the range does not explain, for all tickers together and for each; how much of it lasts to the next day.
_VOLUME_ON_RANGE, MARKET_BUSY, OWN_BUSY, BUSY_MEMORY = 0.5, 0.15, 0.18, 0.4
# The bound of the draws of swings and busyness, in deviations, and the quietest day, as a log. Among the millions of
# bars of an index some would lie beyond and look like the errors of a vendor, which a simulated market has none of.
_LONGEST_DRAW, _QUIETEST = 2.5, -0.5


class Bar(NamedTuple):
    """A session as traded: USD a share with four decimals, and shares."""

    session: date
    open: float
    high: float
    low: float
    close: float
    volume: int


@dataclass(frozen=True)
class History:
    """One ticker, ascending. `dividends`: ex-date and amount as paid."""

    bars: tuple[Bar, ...]
    dividends: tuple[tuple[date, float], ...]


@dataclass(frozen=True)
class _SessionMove:
    """Log returns of a night and a day, and the day's standard deviation."""

    night: float
    day: float
    deviation: float


# Cached, because every answer about a ticker needs its whole path.
@cache
def history(ticker: str) -> History:
    """The path of a ticker with parameters, from the epoch to the end of the calendar."""
    parameters = PARAMETERS[ticker]
    typical = typical_deviation(parameters)
    bars: list[Bar] = []
    dividends: list[tuple[date, float]] = []
    close, shares = parameters.start, 1.0  # shares: what one share of the epoch has become by splits
    days = zip(_sessions(), _moves_of(ticker), _swings_of(ticker), _busy_of(ticker), strict=True)
    for place, (session, move, swing, busy) in enumerate(days):
        ratio = parameters.splits.get(session, 1.0)
        # Prices are as traded, so a split divides the price and multiplies the volume from its day on.
        close, shares = close / ratio, shares * ratio
        amount = _dividend(parameters.payout, place, close)
        if amount:
            dividends.append((session, amount))
        trend = log(parameters.start) + parameters.drift * place / YEAR
        drift = parameters.drift / YEAR + _PULL * (trend - log(close * shares))
        opening = (close - amount) * exp(drift + move.night)
        close = opening * exp(move.day)
        volume = parameters.volume * shares * exp(busy)
        bars.append(bar_of(session, opening, move.day, move.deviation, swing, typical=typical, volume=volume))
    return History(tuple(bars), tuple(dividends))


@cache
def _sessions() -> Sequence[date]:
    return calendar.sessions(EPOCH, calendar.all_sessions()[-1])


@cache
def market_moves() -> tuple[_SessionMove, ...]:
    """The market factor, a move a session."""
    return tuple(_clustered("market", MARKET_VOLATILITY))


def typical_deviation(parameters: Parameters) -> float:
    """The standard deviation of a day between open and close, in the long run."""
    return hypot(parameters.beta * MARKET_VOLATILITY, parameters.own_volatility) * sqrt((1 - NIGHT) / YEAR)


def _moves_of(ticker: str) -> list[_SessionMove]:
    parameters = PARAMETERS[ticker]
    own = _clustered(ticker, parameters.own_volatility)
    return [_sum(parameters.beta, market, move) for market, move in zip(market_moves(), own, strict=True)]


def _sum(beta: float, market: _SessionMove, own: _SessionMove) -> _SessionMove:
    return _SessionMove(
        beta * market.night + own.night,
        beta * market.day + own.day,
        hypot(beta * market.deviation, own.deviation),
    )


def _clustered(name: str, volatility: float) -> list[_SessionMove]:
    """The moves of one factor over all sessions: normal, with GARCH(1,1) variance."""
    moves = []
    variance = 1.0  # as a multiple of its long-run mean
    for session in _sessions():
        draw = Random(f"{name} {session} move")  # noqa: S311 - a simulation, and it must repeat
        deviation = volatility / sqrt(YEAR) * sqrt(variance)
        night, day = sqrt(NIGHT) * draw.gauss(), sqrt(1 - NIGHT) * draw.gauss()
        moves.append(_SessionMove(deviation * night, deviation * day, deviation * sqrt(1 - NIGHT)))
        variance = 1 - REACTION - MEMORY + variance * (REACTION * (night + day) ** 2 + MEMORY)
    return moves


def market_swings() -> tuple[tuple[float, float], ...]:
    """The part of every day's swings that all tickers share, as two standard normal draws."""
    return _swings("market")


@cache
def _swings(name: str) -> tuple[tuple[float, float], ...]:
    """Two standard normal draws a session: how far a day goes above and below its open and close."""
    draws = (Random(f"{name} {session} bar") for session in _sessions())  # noqa: S311 - a simulation, and it must repeat
    return tuple((draw.gauss(), draw.gauss()) for draw in draws)


def _swings_of(ticker: str) -> list[tuple[float, float]]:
    market, own = sqrt(SWING), sqrt(1 - SWING)
    pairs = zip(market_swings(), _swings(ticker), strict=True)
    return [(market * up + own * own_up, market * down + own * own_down) for (up, down), (own_up, own_down) in pairs]


def bounded(draw: float) -> float:
    """A standard normal draw without the tails in which one bar among millions looks like an error."""
    if -_LONGEST_DRAW <= draw <= _LONGEST_DRAW:  # in 99 of 100
        return draw
    return _LONGEST_DRAW if draw > 0 else -_LONGEST_DRAW


def market_busy() -> tuple[float, ...]:
    """By how much each session is busier for all tickers."""
    return _busy("market", MARKET_BUSY)


@cache
def _busy(name: str, deviation: float) -> tuple[float, ...]:
    """By how much each session is busier than its range says, as a log: an AR(1) with this standard deviation."""
    values, value = [], 0.0
    for session in _sessions():
        draw = Random(f"{name} {session} busy")  # noqa: S311 - a simulation, and it must repeat
        value = BUSY_MEMORY * value + sqrt(1 - BUSY_MEMORY**2) * bounded(draw.gauss())
        values.append(deviation * value)
    return tuple(values)


def _busy_of(ticker: str) -> list[float]:
    return [a + b for a, b in zip(market_busy(), _busy(ticker, OWN_BUSY), strict=True)]


def bar_of(
    session: date,
    opening: float,
    day: float,
    deviation: float,
    swing: tuple[float, float],
    *,
    typical: float,
    volume: float,
) -> Bar:
    """One session. `day`: its log return, drawn with `deviation`. With the deviation `typical`, `volume` is traded.

    `swing`: two standard normal draws, how far the day goes above and below its open and close.
    """
    # Drawn from the exact distribution, so that high and low always enclose open and close.
    up, down = swing
    top = _extreme(day, deviation, _chance(bounded(up)))
    bottom = -_extreme(-day, deviation, _chance(bounded(down)))
    on_range = _VOLUME_ON_RANGE * log((top - bottom) / (_BROWNIAN_RANGE * typical))
    return Bar(
        session,
        price(opening),
        price(opening * exp(top)),
        price(opening * exp(bottom)),
        price(opening * exp(day)),
        round(volume * exp(max(_QUIETEST, on_range))),
    )


def price(exact: float) -> float:
    """A price with the four decimals of an answer."""
    return round(exact, 4)


_chance = NormalDist().cdf


def _extreme(end: float, deviation: float, chance: float) -> float:
    """The maximum of a Brownian bridge from 0 to `end` that is exceeded with probability `chance`, in (0, 1]."""
    return (end + sqrt(end * end - 2 * deviation * deviation * log(chance))) / 2


def _dividend(payout: Payout | None, place: int, close: float) -> float:
    """The dividend that goes ex in the session, in USD a share; 0 if there is none."""
    if payout is None or place == 0:
        return 0.0
    before, session = _sessions()[place - 1 : place + 1]
    if session < payout.since or session.month not in payout.months or session.day < payout.day:
        return 0.0
    is_first = before.month != session.month or before.day < payout.day
    return round(close * payout.rate / 4, 4) if is_first else 0.0
