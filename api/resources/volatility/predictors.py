"""What was known before a session: the sentiment of a ticker's news, or, without it, the state of the market."""

from collections.abc import Mapping

import numpy as np

from api.analytics.arrays import UNKNOWN, Floats
from api.analytics.association import MEAN_SESSIONS, share_above_mean, share_rising
from api.analytics.ranges import log_ranges
from api.analytics.returns import simple_returns
from api.panel.panel import Panel, panel_of
from api.panel.window import sessions_before
from api.store.protocol import Sentiment, Store
from lake.universe import universe

MARKET = "VOO"
SENTIMENT = "sentiment"
Forerunners = Mapping[str, Mapping[str, Floats]]  # by ticker, then name: (T,) on a panel's axis


async def load_forerunners(store: Store, panel: Panel) -> Forerunners:
    """Of each ticker of `panel`, its sentiment; of those without any in the window, what takes its place.

    Nothing of a ticker that is not in the lake.
    """
    published, window = panel.published, panel.window
    here = [ticker for ticker in panel.tickers if ticker in published.manifest.tickers]
    if not here:
        return {ticker: {} for ticker in panel.tickers}
    known = scores_on(panel, await store.sentiment(published.snapshot, here, window.begins, window.last))
    instead = {} if len(known) == len(here) else stand_ins(await _load_market(store, panel))
    return {ticker: known.get(ticker, instead if ticker in here else {}) for ticker in panel.tickers}


def scores_on(panel: Panel, sentiment: Sentiment) -> dict[str, dict[str, Floats]]:
    """The scores of each ticker that has any, on the panel's axis; NaN where a session had no news."""
    tickers, scores = np.array(sentiment.tickers, dtype=object), {}
    for ticker in dict.fromkeys(sentiment.tickers):
        days, values = sentiment.days[tickers == ticker], sentiment.score[tickers == ticker]
        axis = np.full(len(panel.axis), UNKNOWN)
        axis[np.isin(panel.axis, days)] = values[np.isin(days, panel.axis)]
        scores[ticker] = {SENTIMENT: axis}
    return scores


def stand_ins(market: Panel) -> dict[str, Floats]:
    """Breadth of the universe's stocks and VOO's own move and range, on the axis of `market`, which holds them all."""
    bars = market.extended("split")
    count, stocks = len(market.held), bars["close"][:, [market.column(ticker) for ticker in _stocks()]]
    close, high, low = (bars[name][:, market.column(MARKET)] for name in ("close", "high", "low"))
    series = {
        "breadth_above_mean": share_above_mean(stocks),
        "breadth_rising": share_rising(stocks),
        "market_change": np.concatenate(([UNKNOWN], simple_returns(close))),
        "market_range": log_ranges(high, low),
    }
    return {name: values[-count:] for name, values in series.items()}


def stand_ins_in_words(forerunners: Forerunners) -> list[str]:
    """Whose sentiment the lake lacks."""
    without = [ticker for ticker, series in forerunners.items() if series and SENTIMENT not in series]
    instead = f"breadth of the universe's stocks and {MARKET}'s own move and range take its place in associations"
    return [f"{', '.join(without)}: no sentiment in the window is in the lake; {instead}"] if without else []


async def _load_market(store: Store, panel: Panel) -> Panel:
    """The universe's stocks and VOO on the axis of `panel`, with what their means look back on."""
    published, window, wanted = panel.published, panel.window, (*_stocks(), MARKET)
    entries = {ticker: entry for ticker, entry in published.manifest.tickers.items() if ticker in wanted}
    begins = min((entry.first for entry in entries.values()), default=window.last)
    earlier = sessions_before(window, MEAN_SESSIONS, begins)
    first = earlier[0] if earlier else window.begins
    bars = await store.bars(published.snapshot, list(entries), first, window.last) if entries else {}
    return panel_of(published, window, wanted, bars, earlier)


def _stocks() -> list[str]:
    return [ticker for ticker, about in universe().items() if about.kind == "stock"]
