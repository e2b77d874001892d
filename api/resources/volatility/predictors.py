"""Predictors, known before a session: the sentiment of a ticker's news or, without news, the state of the market."""

from collections.abc import Mapping

import numpy as np

from api.analytics.arrays import NAN, Floats
from api.analytics.breadth import MEAN_SESSIONS, share_above_mean, share_rising
from api.analytics.range_volatility import log_ranges
from api.analytics.returns import simple_returns
from api.formatting import listed
from api.panel.panel import Panel, panel_of
from api.panel.window import sessions_before
from api.store.protocol import Sentiment, Snapshot
from lake.universe import universe

# The market that every ticker is seen against: the fund that tracks the S&P 500.
MARKET = "VOO"
SENTIMENT = "sentiment"
Predictors = Mapping[str, Mapping[str, Floats]]  # by ticker, then name: (T,) on a panel's axis


async def load_predictors(snapshot: Snapshot, panel: Panel) -> Predictors:
    """The sentiment of each ticker of `panel`, or market proxies where it has none in the window.

    None for a ticker that is not in the lake.
    """
    published, window = panel.published, panel.window
    held = [ticker for ticker in panel.tickers if ticker in published.manifest.tickers]
    if not held:
        return {ticker: {} for ticker in panel.tickers}
    scores = scores_on(panel, await snapshot.sentiment(held, window.begins, window.last))
    # The market is a query more, so it is asked for only where a ticker needs it.
    proxies = {} if len(scores) == len(held) else market_proxies(await _load_market(snapshot, panel))
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


def market_proxies(market: Panel) -> dict[str, Floats]:
    """Breadth of the universe's stocks, and VOO's daily return and range, on the axis of `market`, which holds them."""
    bars = market.extended("split")
    count, stocks = len(market.held), bars["close"][:, [market.column(ticker) for ticker in _stocks()]]
    close, high, low = (bars[name][:, market.column(MARKET)] for name in ("close", "high", "low"))
    series = {
        "breadth_above_mean": share_above_mean(stocks),
        "breadth_rising": share_rising(stocks),
        "market_change": np.concatenate(([NAN], simple_returns(close))),
        "market_range": log_ranges(high, low),
    }
    return {name: values[-count:] for name, values in series.items()}


def proxy_warnings(predictors: Predictors) -> list[str]:
    """A sentence on the tickers without sentiment, whose predictors are market proxies."""
    without = [ticker for ticker, series in predictors.items() if series and SENTIMENT not in series]
    instead = f"market breadth and {MARKET}'s move and range are used instead"
    return [f"No news sentiment for {listed(without)}; {instead}"] if without else []


async def _load_market(snapshot: Snapshot, panel: Panel) -> Panel:
    """The universe's stocks and VOO on the axis of `panel`, with the sessions before it that their means need."""
    published, window, wanted = panel.published, panel.window, (*_stocks(), MARKET)
    entries = {ticker: entry for ticker, entry in published.manifest.tickers.items() if ticker in wanted}
    begins = min((entry.first for entry in entries.values()), default=window.last)
    earlier = sessions_before(window, MEAN_SESSIONS, begins)
    first = earlier[0] if earlier else window.begins
    bars = await snapshot.bars(list(entries), first, window.last) if entries else {}
    return panel_of(published, window, wanted, bars, earlier)


def _stocks() -> list[str]:
    return [ticker for ticker, about in universe().items() if about.kind == "stock"]
