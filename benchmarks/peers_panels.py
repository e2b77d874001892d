"""A dashboard of ten panels in two designs: one SQL statement a panel, and one request to the API a panel.

Each panel gives one number for each ticker, the newest of its series, so that the designs can be compared.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

TICKERS = ("AAPL", "AMZN", "META", "NVDA", "QQQ")
BENCHMARK = "VOO"
RANGE = "6m"
Numbers = dict[str, float]

_RETURNS = """WITH bars AS (
  SELECT ticker, date, close, close / lag(close) OVER (PARTITION BY ticker ORDER BY date) - 1 AS r
  FROM daily_prices WHERE ticker IN ({tickers}) AND date BETWEEN DATE '{base}' AND DATE '{last}')"""
_WHERE = "WHERE ticker IN ({tickers}) AND date BETWEEN DATE '{first}' AND DATE '{last}'"
_BY_TICKER = "PARTITION BY ticker ORDER BY date"


@dataclass(frozen=True)
class Panel:
    """One panel. `sql` selects ticker, date and value, ascending by date; `path`, `part` and `field` the same of the
    API's answer."""

    title: str
    sql: str
    path: str
    field: str
    part: str = "rows"


PANELS = (
    Panel("close", f"SELECT ticker, date, close FROM daily_prices {_WHERE} ORDER BY date", "/prices", "close"),
    Panel("volume", f"SELECT ticker, date, volume FROM daily_prices {_WHERE} ORDER BY date", "/prices", "volume"),
    Panel("change", f"{_RETURNS} SELECT ticker, date, r FROM bars ORDER BY date", "/prices", "change_ratio"),
    Panel(
        "range",
        f"SELECT ticker, date, (high - low) / open FROM daily_prices {_WHERE} ORDER BY date",
        "/prices",
        "range_ratio",
    ),
    Panel(
        "growth",
        f"{_RETURNS} SELECT ticker, date, close / first_value(close) OVER ({_BY_TICKER}) - 1 FROM bars ORDER BY date",
        "/compare",
        "growth",
    ),
    Panel(
        "drawdown",
        f"{_RETURNS} SELECT ticker, date, close / max(close) OVER ({_BY_TICKER}) - 1 FROM bars ORDER BY date",
        "/compare",
        "drawdown",
    ),
    Panel(
        "cumulative return",
        f"{_RETURNS} SELECT ticker, max(date), max_by(close, date) / min_by(close, date) - 1 FROM bars GROUP BY ticker",
        "/compare",
        "cumulative_return",
        "summary",
    ),
    Panel(
        "average daily return",
        f"{_RETURNS} SELECT ticker, max(date), avg(r) FROM bars GROUP BY ticker",
        "/compare",
        "average_daily_return",
        "summary",
    ),
    Panel(
        "volatility",
        f"{_RETURNS} SELECT ticker, max(date), stddev_samp(r) * sqrt(252) FROM bars GROUP BY ticker",
        "/compare",
        "volatility",
        "summary",
    ),
    Panel(
        "beta",
        f"{_RETURNS}, other AS (SELECT date, r FROM bars WHERE ticker = '{BENCHMARK}') "
        f"SELECT bars.ticker, max(bars.date), regr_slope(bars.r, other.r) FROM bars JOIN other USING (date) "
        f"WHERE bars.ticker <> '{BENCHMARK}' GROUP BY bars.ticker",
        "/compare",
        "beta",
        "summary",
    ),
)


def statement(panel: Panel, window: Mapping[str, str]) -> str:
    """The SQL of a panel with its values in the text, as the macros of the original dashboard expand."""
    names = (*TICKERS, BENCHMARK) if panel.title == "beta" else TICKERS
    return panel.sql.format(tickers=", ".join(f"'{name}'" for name in names), **window)


def url(panel: Panel) -> str:
    """The URL that our dashboards request for a panel."""
    benchmark = f"&benchmark={BENCHMARK}" if panel.path == "/compare" else ""
    return f"{panel.path}?tickers={','.join(TICKERS)}&range={RANGE}{benchmark}"


def newest_of_rows(rows: list[tuple[Any, ...]]) -> Numbers:
    """The last value of each ticker."""
    return {ticker: float(value) for ticker, _, value in rows if value is not None}


def newest_of_answer(panel: Panel) -> Callable[[Mapping[str, Any]], Numbers]:
    """A function that takes the last value of each ticker from an answer of the API."""
    return lambda answer: {
        row["ticker"]: row[panel.field] for row in answer[panel.part] if row[panel.field] is not None
    }
