"""`/volatility`: how much each ticker moves, and what that goes with."""

from api.http.csv_response import rows_router
from api.http.parameters import BasisParam, SpanParam, StoreDep, TickersParam
from api.panel.panel import WHOLE, load_panel
from api.panel.response_meta import meta_of, warnings_of
from api.resources.volatility.associations import associations
from api.resources.volatility.predictors import load_predictors, proxy_warnings
from api.resources.volatility.schemas import VolatilityResponse
from api.resources.volatility.service import (
    cones,
    short_history_warnings,
    ticker_volatilities,
    volatility_rows,
    volatility_summaries,
)

router = rows_router("questions")


@router.get("/volatility", summary="How much tickers move, and what that goes with")
async def read_volatility(
    tickers: TickersParam, span: SpanParam, basis: BasisParam, store: StoreDep
) -> VolatilityResponse:
    """Volatility by seven estimators, its place in the ticker's history, and the range to expect next."""
    panel = await load_panel(store, tickers, span, basis, lookback=WHOLE)
    volatilities, predictors = ticker_volatilities(panel, basis), await load_predictors(store, panel)
    return VolatilityResponse(
        meta=meta_of(panel, basis),
        summary=volatility_summaries(volatilities),
        cone=cones(volatilities),
        associations=associations(panel, basis, predictors),
        rows=volatility_rows(volatilities),
        warnings=warnings_of(panel, basis, cumulative=False)
        + short_history_warnings(volatilities)
        + proxy_warnings(predictors),
    )
