"""Two sample markets with fixed values: a small one of random walks, and the simulator's.

The small market has 300 sessions up to Friday 2026-11-20. NVDA splits ten for one and pays dividends; VOO and GOOGL
pay; AMZN and SCHG pay nothing; META lacks a session; QQQ lacks a volume; TSLA's dividends are unknown; NEWCO, outside
the universe, begins after 200 sessions. NVDA, AMZN and TSLA have sentiment in the last 150 sessions, except every
seventh.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache

import numpy as np

from benchmarks.support.lakes import Bar, History
from ingest.simulator.market import history
from ingest.simulator.parameters import PARAMETERS
from lake import calendar
from lake.universe import universe

LAST = date(2026, 11, 20)
SESSIONS = tuple(calendar.sessions_back(LAST, 300))
SPLIT_DAY = SESSIONS[250]
MISSING_DAY = SESSIONS[280]
SILENT_DAY = SESSIONS[290]
NEWCO_FIRST = SESSIONS[200]
NVDA_DIVIDENDS = {SESSIONS[60]: 0.1, SESSIONS[290]: 0.02}


def walk(seed: int, days: Sequence[date], start: float) -> list[Bar]:
    """Bars of a random walk, prices to the cent: low ≤ open, close ≤ high."""
    draws = np.random.default_rng(seed)
    closes = start * np.exp(np.cumsum(draws.normal(0.0005, 0.015, len(days))))
    opens = np.append(start, closes[:-1]) * np.exp(draws.normal(0, 0.005, len(days)))
    spread = 1 + np.abs(draws.normal(0, 0.006, (2, len(days))))
    highs, lows = np.maximum(opens, closes) * spread[0], np.minimum(opens, closes) / spread[1]
    volumes = draws.integers(1_000_000, 90_000_000, len(days))
    columns = (np.round(prices, 2).tolist() for prices in (opens, highs, lows, closes))
    return [Bar(*row) for row in zip(days, *columns, volumes.tolist(), strict=True)]


def sentiment(seed: int) -> dict[date, tuple[float, int]]:
    """Sentiment by session: scores with four decimals, 1 to 30 articles."""
    draws = np.random.default_rng(seed)
    scores, articles = draws.uniform(-1, 1, 150).round(4), draws.integers(1, 31, 150)
    days = zip(SESSIONS[150:], scores.tolist(), articles.tolist(), strict=True)
    return {day: (score, count) for number, (day, score, count) in enumerate(days) if number % 7}


def _split(bars: list[Bar], day: date, ratio: int) -> list[Bar]:
    """The bars as traded: before `day`, `ratio` times the price and 1 / `ratio` of the volume."""
    return [bar if bar.day >= day else _before_split(bar, ratio) for bar in bars]


def _before_split(bar: Bar, ratio: int) -> Bar:
    high, low, volume = bar.high * ratio, bar.low * ratio, (bar.volume or 0) // ratio
    return Bar(bar.day, bar.open * ratio, high, low, bar.close * ratio, volume)


def small_market() -> dict[str, History]:
    """The small market; see the module."""
    silent = [
        bar if bar.day != SILENT_DAY else Bar(bar.day, bar.open, bar.high, bar.low, bar.close, None)
        for bar in walk(4, SESSIONS, 500)
    ]
    return {
        "NVDA": History(
            _split(walk(1, SESSIONS, 120), SPLIT_DAY, 10), {SPLIT_DAY: 10.0}, NVDA_DIVIDENDS, sentiment(11)
        ),
        "AMZN": History(walk(2, SESSIONS, 200), sentiment=sentiment(12)),
        "VOO": History(walk(3, SESSIONS, 550), dividends={SESSIONS[40]: 1.7, SESSIONS[270]: 1.8}),
        "QQQ": History(silent),
        "META": History([bar for bar in walk(5, SESSIONS, 600) if bar.day != MISSING_DAY]),
        "TSLA": History(walk(6, SESSIONS, 300), dividends=None, sentiment=sentiment(16)),
        "GOOGL": History(walk(8, SESSIONS, 180), dividends={SESSIONS[240]: 0.2}),
        "SCHG": History(walk(9, SESSIONS, 30)),
        "NEWCO": History(walk(7, SESSIONS[200:], 20)),
    }


@cache
def simulated_market(first: date, last: date) -> dict[str, History]:
    """The universe between two days, as the simulator gives it to ingest."""
    return {ticker: _simulated_history(ticker, first, last) for ticker in universe()}


def _simulated_history(ticker: str, first: date, last: date) -> History:
    simulated = history(ticker)
    bars = [
        Bar(bar.session, bar.open, bar.high, bar.low, bar.close, bar.volume)
        for bar in simulated.bars
        if first <= bar.session <= last
    ]
    splits = {day: ratio for day, ratio in PARAMETERS[ticker].splits.items() if day <= last}
    return History(bars, splits, {day: paid for day, paid in simulated.dividends if day <= last})
