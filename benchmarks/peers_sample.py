"""The data of every contender: one ticker and its benchmark, 300 returns, chosen to show where libraries differ.

The first day falls by 20 %, so that a drawdown that omits the base is different. The sessions have holidays.
"""

from datetime import date

import numpy as np

from lake import calendar

RF = 0.05  # annual
GAP = (50, 51)  # the returns that the benchmark lacks in the `_gap` figures
_LAST, _RETURNS = date(2026, 11, 20), 300


def sample() -> dict[str, list[float] | list[str]]:
    """`days` and bars of n + 1 sessions, the base first; `benchmark`: its n + 1 closes."""
    draws = np.random.default_rng(11)
    market = draws.normal(0.0004, 0.009, _RETURNS)
    returns = 0.0002 + 1.2 * market + draws.normal(0, 0.012, _RETURNS)
    returns[0] = -0.2
    closes, benchmark = (100 * np.cumprod(np.concatenate(([1.0], 1 + moves))) for moves in (returns, market))
    opens = np.concatenate((closes[:1], closes[:-1])) * np.exp(draws.normal(0, 0.004, _RETURNS + 1))
    spread = 1 + np.abs(draws.normal(0, 0.006, (2, _RETURNS + 1)))
    bars = {
        "open": opens,
        "high": np.maximum(opens, closes) * spread[0],
        "low": np.minimum(opens, closes) / spread[1],
        "close": closes,
        "benchmark": benchmark,
    }
    days = [day.isoformat() for day in calendar.sessions_back(_LAST, _RETURNS + 1)]
    return {"days": days} | {name: column.tolist() for name, column in bars.items()}
