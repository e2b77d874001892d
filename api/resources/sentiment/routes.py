"""`/sentiment`: what the news said."""

from api.http.csv_response import rows_router
from api.http.parameters import SpanParam, StoreDep, TickersParam
from api.panel.panel import held_tickers, load_window
from api.panel.response_meta import absent_in_words, snapshot_meta, standing_warnings, window_meta
from api.resources.sentiment.schemas import SentimentMeta, SentimentResponse
from api.resources.sentiment.service import no_news_warnings, sentiment_coverage, sentiment_rows, sentiment_summaries

router = rows_router("facts")


@router.get("/sentiment", summary="Daily sentiment of news")
async def read_sentiment(tickers: TickersParam, span: SpanParam, store: StoreDep) -> SentimentResponse:
    """Scores from −1 to 1 of the sessions with news; a session without any has no row."""
    published, window = await load_window(store, tickers, span)
    here = held_tickers(published, tickers)
    found = await store.sentiment(published.snapshot, here, window.first, window.last)
    return SentimentResponse(
        meta=SentimentMeta(
            **snapshot_meta(published).model_dump(),
            window=window_meta(window),
            coverage=sentiment_coverage(published, window, found, tickers),
        ),
        summary=sentiment_summaries(found, tickers),
        rows=sentiment_rows(found),
        warnings=standing_warnings(published)
        + absent_in_words(published, tickers)
        + no_news_warnings(found, published, tickers),
    )
