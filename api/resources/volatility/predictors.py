"""Predictors, known before a session: the sentiment of a ticker's news or, without news, the state of the market."""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from api.analytics.arrays import NAN, SESSIONS_PER_YEAR, Floats
from api.analytics.breadth import MEAN_SESSIONS, share_above_mean, share_rising
from api.analytics.range_volatility import log_ranges
from api.analytics.returns import simple_returns
from api.formatting import listed
from api.panel.loader import held_tickers
from api.panel.panel import Panel, panel_of
from api.panel.window import sessions_before
from api.store.protocol import Sentiment, Snapshot
from lake.universe import universe

# The market that every ticker is seen against: the fund that tracks the S&P 500.
MARKET = "VOO"
SENTIMENT = "sentiment"
_PROXIES = ("breadth_above_mean", "breadth_rising", "market_change", "market_range")
BARS_AT_ONCE = 300_000  # 26 MB: only the closes of an index over twenty years are kept, a tenth of its bars
Predictors = Mapping[str, Mapping[str, Floats]]  # by ticker, then name: (T,) on a panel's axis


async def load_predictors(snapshot: Snapshot, panel: Panel, at_once: int = BARS_AT_ONCE) -> Predictors:
    """The sentiment of each ticker of `panel`, or market proxies where it has none in the window.

    None for a ticker that is not in the lake. `at_once`: of how many bars of the market one query is, about.
    """
    published, window = panel.published, panel.window
    held = [ticker for ticker in panel.tickers if ticker in published.manifest.tickers]
    if not held:
        return {ticker: {} for ticker in panel.tickers}
    scores = scores_on(panel, await snapshot.sentiment(held, window.begins, window.last))
    # The market is a query more, so it is asked for only where a ticker needs it.
    proxies = {} if len(scores) == len(held) else await _market_proxies(snapshot, panel, at_once)
    return {ticker: scores.get(ticker, proxies if ticker in held else {}) for ticker in panel.tickers}


def scores_on(panel: Panel, sentiment: Sentiment) -> dict[str, dict[str, Floats]]:
    """The sentiment of each ticker that has any, on the panel's axis; NaN where a session had no news."""
    tickers, scores = np.array(sentiment.tickers, dtype=object), {}
    for ticker in dict.fromkeys(sentiment.tickers):
        days, values = sentiment.days[tickers == ticker], sentiment.score[tickers == ticker]
        axis = np.full(len(panel.axis), NAN)
        axis[np.isin(panel.axis, days)] = values[np.isin(days, panel.axis)]
        scores[ticker] = {SENTIMENT: axis}
    return scores


def proxy_warnings(predictors: Predictors) -> list[str]:
    """A sentence on the tickers without sentiment, whose predictors are market proxies."""
    without = [ticker for ticker, series in predictors.items() if series and SENTIMENT not in series]
    instead = f"market breadth and {MARKET}'s move and range are used instead"
    return [f"No news sentiment for {listed(without)}; {instead}"] if without else []


async def _market_proxies(snapshot: Snapshot, panel: Panel, at_once: int) -> dict[str, Floats]:
    """Breadth of the universe's stocks, and VOO's daily return and range, on the axis of `panel`."""
    entries, window = panel.published.manifest.tickers, panel.window
    stocks = [ticker for ticker, about in universe().items() if about.kind == "stock" and ticker in entries]
    begins = min((entries[ticker].first for ticker in (*stocks, MARKET) if ticker in entries), default=window.last)
    earlier = sessions_before(window, MEAN_SESSIONS, begins)
    years = window.last.year - (earlier[0] if earlier else window.begins).year + 1
    together = max(1, at_once // (years * SESSIONS_PER_YEAR))
    # The first group, perhaps the only one, brings the market along: a query more would cost Athena's minimum again.
    bars = await _bars_of(snapshot, panel, earlier, (*stocks[:together], MARKET))
    proxies = _market_moves({name: grid[:, -1] for name, grid in bars.items()})
    groups = [bars["close"][:, :-1]]
    groups += [
        (await _bars_of(snapshot, panel, earlier, stocks[start : start + together]))["close"]
        for start in range(together, len(stocks), together)
    ]
    closes = np.hstack(groups)
    proxies |= {"breadth_above_mean": share_above_mean(closes), "breadth_rising": share_rising(closes)}
    return {name: proxies[name][-len(panel.held) :] for name in _PROXIES}


async def _bars_of(
    snapshot: Snapshot, panel: Panel, earlier: Sequence[date], tickers: Sequence[str]
) -> dict[str, Floats]:
    """Split-adjusted bars of other tickers, each column (E + T, N), on the axis of `panel` and `earlier` sessions."""
    published, window = panel.published, panel.window
    held = held_tickers(published, tickers)
    bars = await snapshot.bars(held, earlier[0] if earlier else window.begins, window.last) if held else {}
    return panel_of(published, window, tuple(tickers), bars, earlier).extended("split")


def _market_moves(bars: Mapping[str, Floats]) -> dict[str, Floats]:
    """The daily return and the range of (n,) bars."""
    changes = np.concatenate(([NAN], simple_returns(bars["close"])))
    return {"market_change": changes, "market_range": log_ranges(bars["high"], bars["low"])}
