"""`/compare`: tickers side by side, and against a benchmark."""

import asyncio

from api.analytics.ratios import per_session
from api.http.csv_response import rows_router
from api.http.parameters import BasisParam, BenchmarkParam, RfParam, RowsParam, SnapshotDep, SpanParam, TickersParam
from api.panel.comparison import compare
from api.panel.loader import load_panel
from api.panel.response_meta import late_start_warnings, meta_of, warnings_of
from api.resources.compare.schemas import CompareResponse, CompareRow
from api.resources.compare.service import (
    benchmark_warnings,
    correlations,
    diversification_of,
    growth_rows,
    pairing_warnings,
    summaries,
)

router = rows_router("Analytics")


@router.get("/compare", summary="Tickers side by side")
async def read_compare(
    tickers: TickersParam,
    span: SpanParam,
    basis: BasisParam,
    *,
    benchmark: BenchmarkParam,
    rf: RfParam,
    rows: RowsParam,
    snapshot: SnapshotDep,
) -> CompareResponse:
    """Growth, volatility, trend and correlation on shared sessions. Ratios are fractions: 0.0123 is 1.23 %."""
    asked = rows.of(CompareRow.model_fields, shared=True, base=True)
    panel = await load_panel(snapshot, tickers, span, basis, benchmark=benchmark, shared=True, rows=asked)

    def answer() -> CompareResponse:
        comparison = compare(panel, tickers, basis)
        summary = summaries(comparison, benchmark, per_session(rf))
        return CompareResponse(
            meta=meta_of(panel, basis, benchmark, rf=rf),
            summary=summary,
            correlation=correlations(comparison),
            diversification=diversification_of(comparison),
            rows=growth_rows(comparison),
            warnings=warnings_of(panel, basis, cumulative=True)
            + late_start_warnings(panel, tickers, span)
            + pairing_warnings(comparison)
            + benchmark_warnings(summary, benchmark),
        )

    return await asyncio.to_thread(answer)
