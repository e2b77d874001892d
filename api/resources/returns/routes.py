"""`/returns`: what each ticker gained, and at what risk."""

from api.analytics.ratios import per_session
from api.http.csv_response import rows_router
from api.http.parameters import BasisParam, BenchmarkParam, PublishedDep, RfParam, SpanParam, StoreDep, TickersParam
from api.panel.loader import load_panel
from api.panel.response_meta import meta_of, warnings_of
from api.resources.returns.schemas import ReturnsResponse
from api.resources.returns.service import (
    LOOKBACK,
    pairing_in_words,
    returns_rows,
    returns_summaries,
    short_windows_in_words,
    tracks_of,
)

router = rows_router("questions")


@router.get("/returns", summary="Daily, average and cumulative returns, and their risk")
async def read_returns(
    tickers: TickersParam,
    span: SpanParam,
    basis: BasisParam,
    *,
    benchmark: BenchmarkParam,
    rf: RfParam,
    store: StoreDep,
    published: PublishedDep,
) -> ReturnsResponse:
    """Each ticker on its own sessions, and against the benchmark. Ratios are fractions: 0.0123 is 1.23 %."""
    panel = await load_panel(store, published, tickers, span, basis, benchmark=benchmark, lookback=LOOKBACK)
    tracks = tracks_of(panel, tickers, benchmark, basis=basis, rate=per_session(rf))
    return ReturnsResponse(
        meta=meta_of(panel, basis, benchmark),
        summary=returns_summaries(tracks),
        rows=returns_rows(tracks, benchmark),
        warnings=warnings_of(panel, basis, cumulative=True)
        + pairing_in_words(tracks, benchmark)
        + short_windows_in_words(tracks),
    )
