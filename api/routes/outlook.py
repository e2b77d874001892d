"""`/outlook` and `/outlook/calibration`."""

from api.answers import meta_of
from api.baskets import growth_rows
from api.models.outlook import OutlookResponse
from api.outlook import LOOKBACK, look_ahead
from api.outlook_answer import (
    assumptions_of,
    basket_outlooks,
    outlook_summary,
    outlook_warnings,
    past_spread,
    power_in_words,
)
from api.panel import load_panel
from api.params import StoreDep
from api.question_params import HalfYearParam, InquiryParam
from api.rows import rows_router

router = rows_router("questions")


@router.get("/outlook", summary="Which of two baskets is likelier to return more")
async def read_outlook(inquiry: InquiryParam, span: HalfYearParam, store: StoreDep) -> OutlookResponse:
    """The chance that A returns more than B over the horizon, dividends included, and how little is known of it.

    Not advice. Needs 99 shared sessions, else 422. Ratios are fractions: 0.0123 is 1.23 %.
    """
    panel = await load_panel(store, inquiry.tickers, span, "total", lookback=LOOKBACK)
    outlook = look_ahead(panel, span, inquiry)
    return OutlookResponse(
        meta=meta_of(panel, "total"),
        summary=[outlook_summary(outlook)],
        baskets=basket_outlooks(outlook),
        past=past_spread(outlook),
        sensitivity=outlook.sensitivity,
        assumptions=assumptions_of(outlook),
        power=power_in_words(outlook),
        rows=growth_rows(outlook.baskets, rooted=outlook.rooted),
        warnings=outlook_warnings(panel, outlook),
    )
