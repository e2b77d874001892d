"""`/returns`: what each ticker gained, and at what risk."""

from fastapi import APIRouter

from api.answers import meta_of, warnings_of
from api.history import load_history
from api.models.returns import ReturnsResponse
from api.panel import load_panel
from api.params import BasisParam, BenchmarkParam, SpanParam, StoreDep, TickersParam
from api.performance import returns_rows, returns_summaries, short_windows_in_words, tracks_of

router = APIRouter(tags=["questions"])


@router.get("/returns", summary="Daily, average and cumulative returns, and their risk")
async def read_returns(
    tickers: TickersParam, span: SpanParam, basis: BasisParam, benchmark: BenchmarkParam, store: StoreDep
) -> ReturnsResponse:
    """Each ticker on its own sessions, and against the benchmark. Ratios are fractions: 0.0123 is 1.23 %."""
    panel = await load_panel(store, tickers, span, basis, benchmark=benchmark)
    history = await load_history(store, panel, panel.tickers)
    tracks = tracks_of(panel, history, tickers, benchmark, basis=basis, rate=0.0)
    return ReturnsResponse(
        meta=meta_of(panel, basis, benchmark),
        summary=returns_summaries(tracks),
        rows=returns_rows(tracks, benchmark),
        warnings=warnings_of(panel, basis, cumulative=True) + short_windows_in_words(tracks),
    )
