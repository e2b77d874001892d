"""The golden market: 126 sessions with every known trap, after 204 sessions of history. The same at every run.

The stock loses 3 % on the first day of the window, stands still for eight sessions, splits four for one and pays a
dividend; the benchmark lacks a session. Adjusted prices are generated first, and what traded is computed from them.
"""

from datetime import date

import numpy as np
import pandas as pd

from api.analytics.arrays import Floats
from benchmarks.support.lakes import Bar, History
from lake import calendar

STOCK, BENCHMARK = "NVDA", "VOO"
COUNT = 126  # sessions of the window
SESSIONS = tuple(calendar.sessions_back(date(2026, 11, 20), 204 + COUNT))
BEGINS = len(SESSIONS) - COUNT  # the first session of the window; the base is the one before
STILL = slice(BEGINS + 20, BEGINS + 28)
LACKING_DAY = SESSIONS[BEGINS + 40]
SPLIT_DAY, RATIO = SESSIONS[BEGINS + 70], 4
DIVIDEND_DAY, DIVIDEND = SESSIONS[BEGINS + 100], 0.75
RATE = 0.05  # risk-free, a year


def _bars(closes: Floats, seed: int) -> pd.DataFrame:
    draws = np.random.default_rng(seed)
    opens = np.append(closes[0], closes[:-1]) * np.exp(draws.normal(0, 0.004, len(closes)))
    spread = np.exp(np.abs(draws.normal(0, 0.006, (2, len(closes)))))
    frame = pd.DataFrame(
        {
            "open": opens,
            "high": np.maximum(opens, closes) * spread[0],
            "low": np.minimum(opens, closes) / spread[1],
            "close": closes,
            "volume": draws.integers(1_000_000, 90_000_000, len(closes)) * RATIO,
        },
        index=pd.DatetimeIndex(SESSIONS),
    )
    frame.index.name = "date"
    return frame


def _closes() -> tuple[Floats, Floats]:
    draws = np.random.default_rng(126)
    market = draws.normal(0.0004, 0.01, len(SESSIONS))
    stock = 1.3 * market + draws.normal(0.0002, 0.012, len(SESSIONS))
    stock[BEGINS], stock[STILL] = -0.03, 0
    closes, others = np.cumprod(1 + np.stack((stock, market)), axis=1).astype(np.float64)
    return 100 * closes, 500 * others


def frames() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Bars of the stock and of the benchmark in today's shares, indexed by session; the benchmark lacks one."""
    closes, others = _closes()
    stock, benchmark = _bars(closes, 1), _bars(others, 2)
    still = closes[STILL][0]
    stock.iloc[STILL, :4] = still
    return stock, benchmark.drop(pd.Timestamp(LACKING_DAY))


def market() -> dict[str, History]:
    """The same market as traded: before the split, prices × 4 and volumes ÷ 4."""
    stock, benchmark = frames()
    return {
        STOCK: History(_traded(stock, SPLIT_DAY), {SPLIT_DAY: float(RATIO)}, {DIVIDEND_DAY: DIVIDEND}),
        BENCHMARK: History(_traded(benchmark, SESSIONS[0])),
    }


def _traded(frame: pd.DataFrame, split: date) -> list[Bar]:
    bars = []
    for day, row in frame.iterrows():
        session = pd.Timestamp(str(day)).date()
        scale = RATIO if session < split else 1
        first, high, low, close = (float(row[name]) * scale for name in ("open", "high", "low", "close"))
        bars.append(Bar(session, first, high, low, close, int(row["volume"]) // scale))
    return bars
