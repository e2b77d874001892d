"""`/tickers`: what can be asked for."""

from api.http.csv_response import rows_router
from api.http.parameters import SnapshotDep
from api.panel.response_meta import snapshot_meta, standing_warnings
from api.resources.tickers.schemas import TickersResponse
from api.resources.tickers.service import ticker_rows, ticker_summaries

router = rows_router("Market data")


@router.get("/tickers", summary="What can be asked for")
async def read_tickers(snapshot: SnapshotDep) -> TickersResponse:
    """Every ticker: its name, what it tracks, and what the lake has of it. `text` and `value` suit a picker."""
    published = snapshot.published
    rows = ticker_rows(published.manifest)
    return TickersResponse(
        meta=snapshot_meta(published),
        summary=ticker_summaries(rows),
        rows=rows,
        warnings=standing_warnings(published),
    )
