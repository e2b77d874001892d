"""Daily sentiment of news as rows. Columns in, rows out; pure."""

from collections.abc import Sequence
from datetime import date

import numpy as np

from api.formatting import mean, times
from api.http.schemas import CoverageMeta
from api.panel.window import Window
from api.resources.sentiment.schemas import SentimentRow, SentimentSummary
from api.store.protocol import Published, Sentiment


def sentiment_rows(found: Sentiment) -> list[SentimentRow]:
    """A row for each session with news, ascending in time, then ticker."""
    # lexsort's last key is the first to sort by.
    order = np.lexsort((np.array(found.tickers, dtype=np.str_), found.days))
    stamps = times(found.days[order].astype(object))
    columns = (found.score[order].tolist(), found.articles[order].astype(int).tolist())
    return [
        SentimentRow(time=time, ticker=found.tickers[place], score=score, articles=articles)
        for time, place, score, articles in zip(stamps, order.tolist(), *columns, strict=True)
    ]


def sentiment_summaries(found: Sentiment, tickers: Sequence[str]) -> list[SentimentSummary]:
    """The number of sessions with news and of articles, and the mean score, of each ticker in the order asked for."""
    names = np.array(found.tickers, dtype=np.str_)
    return [_summary(found, ticker, names == ticker) for ticker in tickers]


def sentiment_coverage(
    published: Published, window: Window, found: Sentiment, tickers: Sequence[str]
) -> list[CoverageMeta]:
    """How many of the window's sessions since a ticker's first one had news."""
    names = np.array(found.tickers, dtype=np.str_)
    return [_coverage(published, window, ticker, found.days[names == ticker].astype(object)) for ticker in tickers]


def no_news_warnings(found: Sentiment, published: Published, tickers: Sequence[str]) -> list[str]:
    """A sentence for each ticker of the lake without any news in the window."""
    without = [ticker for ticker in tickers if ticker in published.manifest.tickers and ticker not in found.tickers]
    return [f"{ticker}: no news for it in this period" for ticker in without]


def _summary(found: Sentiment, ticker: str, own: np.typing.NDArray[np.bool_]) -> SentimentSummary:
    return SentimentSummary(
        ticker=ticker,
        sessions=int(own.sum()),
        articles=int(found.articles[own].sum()),
        average_score=mean(found.score[own]),
    )


def _coverage(published: Published, window: Window, ticker: str, days: Sequence[date]) -> CoverageMeta:
    entry = published.manifest.tickers.get(ticker)
    # Before its first bar a ticker has no session that news could belong to.
    expected = sum(1 for day in window.sessions if entry is None or day >= entry.first)
    return CoverageMeta(
        ticker=ticker,
        expected=expected,
        found=len(days),
        ratio=len(days) / expected if expected else None,
        first=days[0] if len(days) else None,
        last=days[-1] if len(days) else None,
    )
