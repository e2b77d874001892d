"""`/sentiment`: what the news said."""

import asyncio

from api.http.csv_response import rows_router
from api.http.parameters import SnapshotDep, SpanParam, TableParam, TickersParam
from api.panel.loader import held_tickers, resolve_window
from api.panel.response_meta import (
    absence_warnings,
    empty_window_warnings,
    snapshot_meta,
    standing_warnings,
    window_meta,
)
from api.panel.row_count import check_rows
from api.resources.sentiment.schemas import SentimentMeta, SentimentResponse, SentimentRow
from api.resources.sentiment.service import no_news_warnings, sentiment_coverage, sentiment_rows, sentiment_summaries

router = rows_router("Market data")


@router.get("/sentiment", summary="Daily sentiment of news")
async def read_sentiment(
    tickers: TickersParam, span: SpanParam, table: TableParam, snapshot: SnapshotDep
) -> SentimentResponse:
    """Scores from −1 to 1 of the sessions with news; a session without any has no row."""
    published, window = snapshot.published, resolve_window(snapshot.published, tickers, span)
    here = held_tickers(published, tickers)
    found = await snapshot.sentiment(here, window.first, window.last)
    check_rows(len(found.days), table.of(SentimentRow.model_fields), span)

    def answer() -> SentimentResponse:
        return SentimentResponse(
            meta=SentimentMeta(
                **snapshot_meta(published).model_dump(),
                window=window_meta(window),
                coverage=sentiment_coverage(published, window, found, tickers),
            ),
            summary=sentiment_summaries(found, tickers),
            rows=sentiment_rows(found),
            warnings=standing_warnings(published)
            + empty_window_warnings(published, window)
            + absence_warnings(published, tickers)
            + no_news_warnings(found, published, tickers),
        )

    return await asyncio.to_thread(answer)
