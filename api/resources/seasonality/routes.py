"""`/seasonality`: weekdays compared."""

import asyncio

from api.http.csv_response import rows_router
from api.http.parameters import BasisParam, SnapshotDep, SpanParam, TickersParam
from api.panel.loader import load_panel
from api.panel.panel import Basis, Panel
from api.panel.response_meta import meta_of, warnings_of
from api.resources.seasonality.schemas import SeasonalityResponse
from api.resources.seasonality.service import seasonality_summaries, weekday_rows, weekday_warnings

router = rows_router("Analytics")


@router.get("/seasonality", summary="Weekdays compared")
async def read_seasonality(
    tickers: TickersParam, span: SpanParam, basis: BasisParam, snapshot: SnapshotDep
) -> SeasonalityResponse:
    """What each weekday brought, with an interval, and one test of whether the five differ by more than chance."""
    panel = await load_panel(snapshot, tickers, span, basis)
    return await asyncio.to_thread(_answer, panel, basis)


def _answer(panel: Panel, basis: Basis) -> SeasonalityResponse:
    summary = seasonality_summaries(panel, basis)
    return SeasonalityResponse(
        meta=meta_of(panel, basis),
        summary=summary,
        rows=weekday_rows(panel, basis),
        warnings=warnings_of(panel, basis, cumulative=False) + weekday_warnings(summary),
    )
