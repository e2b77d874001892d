"""`/volatility`: how much each ticker moves, and what that goes with."""

from fastapi import APIRouter

from api.answers import meta_of, warnings_of
from api.associations import associations, market_tickers, stand_ins
from api.fluctuation import cones, motions_of, short_histories_in_words, volatility_rows, volatility_summaries
from api.history import load_history
from api.models.volatility import VolatilityResponse
from api.panel import load_panel
from api.params import BasisParam, SpanParam, StoreDep, TickersParam

router = APIRouter(tags=["questions"])


@router.get("/volatility", summary="How much tickers move, and what that goes with")
async def read_volatility(
    tickers: TickersParam, span: SpanParam, basis: BasisParam, store: StoreDep
) -> VolatilityResponse:
    """Volatility by seven estimators, its place in the ticker's history, and the range to expect next."""
    panel = await load_panel(store, tickers, span, basis)
    history = await load_history(store, panel, tickers)
    market = await load_history(store, panel, market_tickers())
    motions, before = motions_of(panel, history, tickers, basis), stand_ins(market, panel)
    return VolatilityResponse(
        meta=meta_of(panel, basis),
        summary=volatility_summaries(motions),
        cone=cones(motions),
        associations=associations(panel, tickers, basis, dict.fromkeys(tickers, before)),
        rows=volatility_rows(motions),
        warnings=warnings_of(panel, basis, cumulative=False) + short_histories_in_words(motions),
    )
