"""Simulated paths that are drawn a year at a time, so that the last bars of 500 tickers do not cost twenty years each.

The process is that of `market.py`, with two differences. A year's draws have one seed, of the ticker and the year, and
its variance begins at the long-run mean. A ticker's own part of the log price is bent within each year so that it
meets levels that are drawn for the turns of the years; so a year can be computed without those before it.

Tickers with parameters of their own continue in `market.py` from the epoch on, and here end at its first price.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from itertools import accumulate
from math import exp, hypot, log, sqrt
from random import Random

from ingest.simulator import market
from ingest.simulator.market import Bar
from ingest.simulator.parameters import EPOCH, PARAMETERS, Parameters, drawn_parameters
from lake import calendar

FIRST_YEAR = 2006  # the first whole year of a history of twenty
# Own levels at the turns of years: their deviation, in a year's own volatility, and how much of one lasts to the next.
_LEVEL_DEVIATION, _LEVEL_MEMORY = 1.2, 0.8
_STEEPEST = 0.15  # a year, before the epoch: at NVDA's later drift it would have begun below 20 cents


@dataclass(frozen=True)
class _Draws:
    """One factor in one year, by session: log returns of night and day, and the standard deviation of the day.

    `up`, `down`: standard normal, how far a day goes beyond its open and close. `busy`: standard, an AR(1).
    """

    night: list[float]
    day: list[float]
    deviation: list[float]
    up: list[float]
    down: list[float]
    busy: list[float]


@dataclass(frozen=True)
class _Path:
    """A ticker in one year, by session: the open in USD, and of the day the log return and its standard deviation.

    `up`, `down`, `busy`: the ticker's own, as of `_Draws`.
    """

    opening: list[float]
    day: list[float]
    deviation: list[float]
    up: list[float]
    down: list[float]
    busy: list[float]


def bars(ticker: str, first: date, last: date) -> Iterator[Bar]:
    """The bars from `first` to `last`, both inclusive, ascending."""
    for year in _years(first, last):
        yield from _bars(ticker, year, first, last)


def closes(ticker: str, first: date, last: date) -> Iterator[tuple[date, float]]:
    """The sessions from `first` to `last`, both inclusive, ascending, each with the close of its bar."""
    for year in _years(first, last):
        path = _path(ticker, year)
        for session, opening, day in zip(_sessions(year), path.opening, path.day, strict=True):
            if first <= session <= last:
                yield session, market.price(opening * exp(day))


def dividends(ticker: str, first: date, last: date) -> Iterator[tuple[date, float]]:
    """The ex-dates from `first` to `last`, both inclusive, ascending, each with the amount as paid."""
    payout = _parameters(ticker).payout
    if payout is None:
        return
    for year in _years(first, last):
        amount = _dividend(ticker, year)
        days = _ex_dates(payout.months, payout.day, year)
        yield from ((day, amount) for day in days if first <= day <= last)


def _years(first: date, last: date) -> range:
    return range(max(first.year, FIRST_YEAR), last.year + 1)


def _bars(ticker: str, year: int, first: date, last: date) -> Iterator[Bar]:
    """The bars of the sessions of a year that are asked for: a compact answer has a hundred of 250."""
    parameters, path, of_market = _parameters(ticker), _path(ticker, year), _market(year)
    typical = market.typical_deviation(parameters)
    days = _sessions(year)
    for place in range(bisect_left(days, first), bisect_right(days, last)):
        busy = market.MARKET_BUSY * of_market.busy[place] + market.OWN_BUSY * path.busy[place]
        yield market.bar_of(
            days[place],
            path.opening[place],
            path.day[place],
            path.deviation[place],
            (
                _TOGETHER * of_market.up[place] + _ALONE * path.up[place],
                _TOGETHER * of_market.down[place] + _ALONE * path.down[place],
            ),
            typical=typical,
            volume=parameters.volume * exp(busy),
        )


# The last year of 500 tickers, or all years of some: the paths of all take a gigabyte.
@lru_cache(maxsize=600)
def _path(ticker: str, year: int) -> _Path:
    parameters, days, of_market = _parameters(ticker), _sessions(year), _market(year)
    own = _draws(ticker, year, parameters.own_volatility)
    levels, beta = _own_levels(ticker), parameters.beta
    bend = (levels[year + 1] - levels[year] - sum(own.night) - sum(own.day)) / len(days)
    drift = _drift(parameters) / market.YEAR + bend
    paid = dict(dividends(ticker, days[0], days[-1]))
    day = [beta * market_day + own_day for market_day, own_day in zip(of_market.day, own.day, strict=True)]
    deviation = [hypot(beta * a, b) for a, b in zip(of_market.deviation, own.deviation, strict=True)]
    opening = []
    close = exp(_log_level(ticker, year))
    for session, market_night, own_night, move in zip(days, of_market.night, own.night, day, strict=True):
        opened = (close - paid.get(session, 0.0)) * exp(drift + (beta * market_night + own_night))
        close = opened * exp(move)
        opening.append(opened)
    return _Path(opening, day, deviation, own.up, own.down, own.busy)


_TOGETHER, _ALONE = sqrt(market.SWING), sqrt(1 - market.SWING)


@cache
def _parameters(ticker: str) -> Parameters:
    known = PARAMETERS.get(ticker)
    if known is None:
        return drawn_parameters(ticker)
    # Here only the years before the epoch count, in which META and GOOGL paid nothing.
    return replace(known, payout=None) if known.payout and known.payout.since > EPOCH else known


def _drift(parameters: Parameters) -> float:
    return min(parameters.drift, _STEEPEST)


@cache
def _sessions(year: int) -> Sequence[date]:
    return calendar.sessions(date(year, 1, 1), date(year, 12, 31))


@cache
def _market(year: int) -> _Draws:
    """The market factor: from the epoch on that of `market.py`."""
    if year < EPOCH.year:
        return _draws("market", year, market.MARKET_VOLATILITY)
    return _Draws(*map(list, zip(*map(_of_session, _sessions(year)), strict=True)))


def _of_session(session: date) -> tuple[float, ...]:
    place = _places()[session]
    move, (up, down) = market.market_moves()[place], market.market_swings()[place]
    return move.night, move.day, move.deviation, up, down, market.market_busy()[place] / market.MARKET_BUSY


@cache
def _places() -> dict[date, int]:
    return {session: place for place, session in enumerate(calendar.sessions(EPOCH, calendar.all_sessions()[-1]))}


def _draws(name: str, year: int, volatility: float) -> _Draws:
    gauss = Random(f"{name} {year}").gauss  # noqa: S311 - a simulation, and it must repeat
    found = _Draws([], [], [], [], [], [])
    a_day, at_night, by_day = volatility / sqrt(market.YEAR), sqrt(market.NIGHT), sqrt(1 - market.NIGHT)
    variance, busy, renewed = 1.0, 0.0, sqrt(1 - market.BUSY_MEMORY**2)
    for _ in _sessions(year):
        deviation = a_day * sqrt(variance)
        night, day = at_night * gauss(), by_day * gauss()
        busy = market.BUSY_MEMORY * busy + renewed * market.bounded(gauss())
        found.night.append(deviation * night)
        found.day.append(deviation * day)
        found.deviation.append(deviation * by_day)
        found.up.append(gauss())
        found.down.append(gauss())
        found.busy.append(busy)
        variance = (
            1 - market.REACTION - market.MEMORY + variance * (market.REACTION * (night + day) ** 2 + market.MEMORY)
        )
    return found


@cache
def _own_levels(ticker: str) -> dict[int, float]:
    """A ticker's own part of the log price at the beginning of each year; 0 where its path is tied to its `start`."""
    draw = Random(f"{ticker} levels")  # noqa: S311 - a simulation, and it must repeat
    deviation = _parameters(ticker).own_volatility * _LEVEL_DEVIATION * sqrt(1 - _LEVEL_MEMORY**2)
    years = range(FIRST_YEAR, calendar.all_sessions()[-1].year + 2)
    drawn = list(accumulate(years, lambda level, _: _LEVEL_MEMORY * level + deviation * draw.gauss(), initial=0.0))
    return {year: drawn[abs(year - _start_year(ticker))] for year in years}


def _start_year(ticker: str) -> int:
    """At the beginning of which a close is the parameters' `start`."""
    return EPOCH.year if ticker in PARAMETERS else FIRST_YEAR


def _log_level(ticker: str, year: int) -> float:
    """The log of the close before the year's first session, as traded."""
    parameters, start = _parameters(ticker), _start_year(ticker)
    sign, between = (1, range(start, year)) if year >= start else (-1, range(year, start))
    sessions, moves = sum(len(_sessions(one)) for one in between), sum(_market_move(one) for one in between)
    payments = 4 * len(between) if parameters.payout else 0
    kept = log(1 - parameters.payout.rate / 4) if parameters.payout else 0.0
    moved = _drift(parameters) * sessions / market.YEAR + parameters.beta * moves + payments * kept
    return log(parameters.start) + sign * moved + _own_levels(ticker)[year]


@cache
def _market_move(year: int) -> float:
    return sum(_market(year).night) + sum(_market(year).day)


def _dividend(ticker: str, year: int) -> float:
    """Each dividend of a year, in USD a share: a part of the price at its beginning, as most companies keep theirs."""
    payout = _parameters(ticker).payout
    return round(exp(_log_level(ticker, year)) * payout.rate / 4, 4) if payout else 0.0


@cache
def _ex_dates(months: tuple[int, ...], day: int, year: int) -> Sequence[date]:
    """The first session from `day` on in each of the months."""
    found = (calendar.sessions(date(year, month, day), date(year, month, 28)) for month in months)
    return [sessions[0] for sessions in found if sessions]
