"""`/prices`: bars."""

import asyncio

from api.http.csv_response import rows_router
from api.http.parameters import AnyBasisParam, AnyTickersParam, RowsParam, SnapshotDep, SpanParam
from api.panel.loader import load_panel
from api.panel.panel import Basis, Panel
from api.panel.response_meta import meta_of, warnings_of
from api.resources.prices.schemas import PriceRow, PricesResponse
from api.resources.prices.service import daily_figures, price_rows, price_summary, split_jump_warnings

router = rows_router("Market data")


@router.get("/prices", summary="Daily, weekly or monthly bars")
async def read_prices(
    tickers: AnyTickersParam, span: SpanParam, basis: AnyBasisParam, rows: RowsParam, snapshot: SnapshotDep
) -> PricesResponse:
    """Bars with change, range, gap and intraday move of each ticker. Ratios are fractions: 0.0123 is 1.23 %."""
    panel = await load_panel(snapshot, tickers, span, basis, rows=rows.of(PriceRow.model_fields))
    return await asyncio.to_thread(_answer, panel, basis)


def _answer(panel: Panel, basis: Basis) -> PricesResponse:
    return PricesResponse(
        meta=meta_of(panel, basis),
        summary=price_summary(panel, daily_figures(panel, basis)),
        rows=price_rows(panel, basis),
        warnings=warnings_of(panel, basis, cumulative=False) + (split_jump_warnings(panel) if basis == "raw" else []),
    )
