"""`/returns/drawdowns`: the deepest falls of each ticker, and where it stands now."""

import asyncio
from typing import Annotated

from fastapi import Depends, Query

from api.http.csv_response import rows_router
from api.http.parameters import BasisParam, SnapshotDep, TickersParam, span_of
from api.panel.loader import load_panel
from api.panel.response_meta import meta_of, warnings_of
from api.panel.window import Span
from api.resources.drawdowns.schemas import DrawdownsResponse
from api.resources.drawdowns.service import (
    drawdown_rows,
    drawdown_summaries,
    late_starts,
    ticker_drawdowns,
)

router = rows_router("Analytics")

_HistoryParam = Annotated[Span, Depends(span_of("5y"))]
_TopParam = Annotated[
    int,
    Query(ge=1, le=50, description="How many drawdowns of each ticker.", openapi_examples={"usual": {"value": 5}}),
]


@router.get("/returns/drawdowns", summary="The deepest drawdowns, and the current one")
async def read_drawdowns(
    tickers: TickersParam, span: _HistoryParam, basis: BasisParam, snapshot: SnapshotDep, top: _TopParam = 5
) -> DrawdownsResponse:
    """Peak, trough and recovery of each ticker's deepest drawdowns on its own sessions. Ratios are fractions."""
    panel = await load_panel(snapshot, tickers, span, basis)

    def answer() -> DrawdownsResponse:
        found = ticker_drawdowns(panel, tickers, basis)
        return DrawdownsResponse(
            meta=meta_of(panel, basis),
            summary=drawdown_summaries(found),
            rows=drawdown_rows(found, top),
            warnings=warnings_of(panel, basis, cumulative=False) + late_starts(found, panel.window.base),
        )

    return await asyncio.to_thread(answer)
