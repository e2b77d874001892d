"""`/tickers`: what can be asked for."""

from collections import Counter
from collections.abc import Sequence

from api.http.csv_response import rows_router
from api.http.parameters import PublishedDep
from api.panel.coverage import NOT_ARRIVED
from api.panel.loader import known_tickers
from api.panel.response_meta import snapshot_meta, standing_warnings
from api.resources.health.schemas import TickerRow, TickersResponse, TickerSummary
from lake.snapshot import Manifest
from lake.universe import universe

router = rows_router("service")


@router.get("/tickers", summary="What can be asked for")
async def read_tickers(published: PublishedDep) -> TickersResponse:
    """Every ticker: its name, what it tracks, and what the lake has of it. `text` and `value` suit a picker."""
    rows = [_row(published.manifest, ticker) for ticker in known_tickers(published.manifest)]
    return TickersResponse(
        meta=snapshot_meta(published),
        summary=_by_kind(rows),
        rows=rows,
        warnings=standing_warnings(published),
    )


def _by_kind(rows: Sequence[TickerRow]) -> list[TickerSummary]:
    known = Counter(row.kind or "other" for row in rows)
    published = Counter(row.kind or "other" for row in rows if row.published)
    return [TickerSummary(kind=kind, tickers=count, published=published[kind]) for kind, count in known.items()]


def _row(manifest: Manifest, ticker: str) -> TickerRow:
    held, about = manifest.tickers.get(ticker), universe().get(ticker)
    reason = None if held else manifest.unpublished.get(ticker, NOT_ARRIVED)
    return TickerRow(
        text=f"{ticker} · {about.name}" if about else ticker,
        value=ticker,
        name=about.name if about else None,
        kind=about.kind if about else None,
        tracks=about.tracks if about else None,
        listed=about.listed if about else None,
        published=held is not None,
        reason=reason,
        first=held.first if held else None,
        last=held.last if held else None,
        sessions=held.sessions if held else 0,
    )
