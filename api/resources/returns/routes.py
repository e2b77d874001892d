"""`/returns`: what each ticker gained, and at what risk."""

import asyncio

from api.analytics.ratios import per_session
from api.http.csv_response import rows_router
from api.http.parameters import BasisParam, BenchmarkParam, RfParam, RowsParam, SnapshotDep, SpanParam, TickersParam
from api.panel.loader import load_panel
from api.panel.response_meta import late_start_warnings, meta_of, warnings_of
from api.resources.returns.schemas import ReturnsResponse, ReturnsRow
from api.resources.returns.service import (
    LOOKBACK,
    pairing_warnings,
    returns_rows,
    returns_summaries,
    ticker_returns,
    withheld_warnings,
)

router = rows_router("Analytics")


@router.get("/returns", summary="Daily, average and cumulative returns, and their risk")
async def read_returns(
    tickers: TickersParam,
    span: SpanParam,
    basis: BasisParam,
    *,
    benchmark: BenchmarkParam,
    rf: RfParam,
    rows: RowsParam,
    snapshot: SnapshotDep,
) -> ReturnsResponse:
    """Each ticker on its own sessions, and against the benchmark. Ratios are fractions: 0.0123 is 1.23 %."""
    asked = rows.of(ReturnsRow.model_fields, base=True)
    panel = await load_panel(
        snapshot, tickers, span, basis, benchmark=benchmark, shared=True, lookback=LOOKBACK, rows=asked
    )

    def answer() -> ReturnsResponse:
        returns = ticker_returns(panel, tickers, benchmark, basis=basis, rate=per_session(rf))
        return ReturnsResponse(
            meta=meta_of(panel, basis, benchmark, rf=rf),
            summary=returns_summaries(returns),
            rows=returns_rows(returns, benchmark),
            warnings=warnings_of(panel, basis, cumulative=True)
            + late_start_warnings(panel, tickers, span)
            + pairing_warnings(returns, benchmark)
            + withheld_warnings(returns),
        )

    return await asyncio.to_thread(answer)
