"""News of the simulated market. An article is a function of its ticker and day alone, so that it repeats.

There are a few articles a day, on weekends too, most of them in working hours. Their scores follow the return of the
session before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import pairwise
from math import log
from random import Random

from ingest.simulator.parameters import PARAMETERS
from ingest.simulator.path import closes_between
from lake import calendar

_PER_DAY = (1, 3)  # articles of one ticker, at least and at most
# score = mean + weight × log return of the session before + normal noise of this deviation
_MEAN_SCORE, _RETURN_WEIGHT, _NOISE = 0.12, 4.0, 0.18


@dataclass(frozen=True)
class Article:
    """`published` in UTC; `relevance` in (0, 1] and `score` in [-1, 1], both to the ticker."""

    ticker: str
    published: datetime
    relevance: float
    score: float


def articles(ticker: str, after: datetime, until: datetime) -> Iterator[Article]:
    """The articles from `after` to `until`, both inclusive, ascending."""
    day = after.astimezone(UTC).date()
    while day <= until.astimezone(UTC).date():
        yield from (article for article in _of_day(ticker, day) if after <= article.published <= until)
        day += timedelta(days=1)


# Of some tickers, and not of all: 500 of them have two hundred thousand days of news.
@lru_cache(maxsize=1024)
def _of_day(ticker: str, day: date) -> tuple[Article, ...]:
    draw = Random(f"{ticker} {day} news")  # noqa: S311 - a simulation, and it must repeat
    before = calendar.session_on_or_before(day - timedelta(days=1))
    expected = _MEAN_SCORE + _RETURN_WEIGHT * (_returns(ticker, before.year).get(before, 0.0) if before else 0.0)
    seconds = sorted(min(86399, max(0, int(draw.gauss(17, 4) * 3600))) for _ in range(draw.randint(*_PER_DAY)))
    return tuple(
        Article(
            ticker,
            datetime.combine(day, time(), UTC) + timedelta(seconds=second),
            round(draw.uniform(0.1, 1), 6),
            round(min(1, max(-1, draw.gauss(expected, _NOISE))), 6),
        )
        for second in seconds
    )


@lru_cache(maxsize=32)
def _returns(ticker: str, year: int) -> Mapping[date, float]:
    """Log returns of a year's closes. Steps of more than 35 % are left out: only splits make them."""
    # Of a ticker that is drawn a year at a time, another year for the return of one session would be another draw.
    first = calendar.sessions_back(date(year - 1, 12, 31), 1)[0] if ticker in PARAMETERS else date(year, 1, 1)
    closes = closes_between(ticker, first, date(year, 12, 31))
    moves = ((session, log(close / before)) for (_, before), (session, close) in pairwise(closes))
    return {session: move for session, move in moves if abs(move) < log(1.35)}
