"""`/volatility`: how much each ticker moves, and what that goes with."""

import asyncio
from collections.abc import Sequence

from api.http.csv_response import rows_router
from api.http.parameters import BasisParam, RowsParam, SnapshotDep, SpanParam, TickersParam
from api.limits import ASSOCIATIONS
from api.panel.loader import WHOLE, load_panel, refuse_many_bars, resolve_window
from api.panel.panel import Basis, Panel
from api.panel.response_meta import meta_of, warnings_of
from api.resources.volatility.associations import associations, too_many_warnings
from api.resources.volatility.predictors import Predictors, load_predictors, proxy_warnings
from api.resources.volatility.schemas import VolatilityResponse, VolatilityRow
from api.resources.volatility.service import (
    cones,
    earlier_hole_warnings,
    short_history_warnings,
    ticker_volatilities,
    volatility_rows,
    volatility_summaries,
)

router = rows_router("Analytics")

_WITH_ASSOCIATIONS = ("rows", "associations")  # the parts that give them: `rows` is the whole answer


@router.get("/volatility", summary="Volatility, its history, and its links to volume and sentiment")
async def read_volatility(
    tickers: TickersParam, span: SpanParam, basis: BasisParam, rows: RowsParam, snapshot: SnapshotDep
) -> VolatilityResponse:
    """Volatility by seven estimators, its place in the ticker's history, and the range to expect next."""
    if rows.part == "associations":
        refuse_many_bars(ASSOCIATIONS, tickers, resolve_window(snapshot.published, tickers, span), span)
    panel = await load_panel(snapshot, tickers, span, basis, lookback=WHOLE, rows=rows.of(VolatilityRow.model_fields))
    # Intervals of fifty tickers over twenty years take longer than all else of the answer.
    too_many = too_many_warnings(panel) if rows.part in _WITH_ASSOCIATIONS else []
    with_them = rows.part in _WITH_ASSOCIATIONS and not too_many
    predictors = await load_predictors(snapshot, panel) if with_them else None
    # Bootstrap intervals take a tenth of a second; in a thread they do not hold up other requests.
    return await asyncio.to_thread(_answer, panel, basis, predictors, too_many)


def _answer(
    panel: Panel, basis: Basis, predictors: Predictors | None, more_warnings: Sequence[str]
) -> VolatilityResponse:
    """Without predictors there are no associations."""
    volatilities = ticker_volatilities(panel, basis)
    return VolatilityResponse(
        meta=meta_of(panel, basis),
        summary=volatility_summaries(volatilities),
        cone=cones(volatilities),
        associations=associations(panel, basis, predictors) if predictors is not None else [],
        rows=volatility_rows(volatilities, panel, basis),
        warnings=warnings_of(panel, basis, cumulative=False)
        + earlier_hole_warnings(panel)
        + short_history_warnings(volatilities)
        + proxy_warnings(predictors or {})
        + [*more_warnings],
    )
