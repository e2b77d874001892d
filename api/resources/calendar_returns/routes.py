"""`/returns/calendar`: returns of calendar months and years."""

import asyncio
from typing import Annotated

from fastapi import Depends, Query

from api.analytics.calendar_returns import Period
from api.http.csv_response import rows_router
from api.http.parameters import AnyCase, BasisParam, SnapshotDep, TickersParam, span_of
from api.panel.loader import load_panel
from api.panel.response_meta import meta_of, warnings_of
from api.panel.window import Span
from api.resources.calendar_returns.schemas import CalendarResponse
from api.resources.calendar_returns.service import LOOKBACK, calendar_grid, calendar_rows, calendar_summaries

router = rows_router("Analytics")

_HistoryParam = Annotated[Span, Depends(span_of("5y"))]
_ByParam = Annotated[
    Period, AnyCase, Query(description="Calendar months or years.", openapi_examples={"month": {"value": "month"}})
]


@router.get("/returns/calendar", summary="Returns of calendar months or years")
async def read_calendar(
    tickers: TickersParam, span: _HistoryParam, basis: BasisParam, snapshot: SnapshotDep, by: _ByParam = "month"
) -> CalendarResponse:
    """The return of each month or year that the window touches, from the last close of the one before.

    The first period is whole, even if the window begins within it. Ratios are fractions: 0.0123 is 1.23 %.
    """
    panel = await load_panel(snapshot, tickers, span, basis, lookback=LOOKBACK)

    def answer() -> CalendarResponse:
        rows = calendar_rows(panel, tickers, by, basis)
        other = calendar_rows(panel, tickers, "year" if by == "month" else "month", basis)
        return CalendarResponse(
            meta=meta_of(panel, basis),
            summary=calendar_summaries(rows, tickers),
            rows=rows,
            grid=calendar_grid(tickers, rows + other),
            warnings=warnings_of(panel, basis, cumulative=False),
        )

    return await asyncio.to_thread(answer)
