"""`/outlook` and `/outlook/calibration`."""

import asyncio

from api.http.csv_response import rows_router
from api.http.parameters import SnapshotDep
from api.limits import ROWS
from api.panel.loader import load_panel, refuse_unknown
from api.panel.panel import Panel
from api.panel.response_meta import meta_of, warnings_of
from api.panel.window import Everything, Span
from api.resources.outlook.baskets import growth_rows
from api.resources.outlook.calibration import (
    calibrate,
    calibration_summary,
    describe_skill,
    reliability_bins,
    settings_of,
)
from api.resources.outlook.parameters import HalfYearParam, OutlookRequestParam
from api.resources.outlook.request import OutlookRequest
from api.resources.outlook.schemas import CalibrationResponse, OutlookResponse
from api.resources.outlook.service import (
    LOOKBACK,
    assumptions_of,
    basket_outlooks,
    compute_outlook,
    describe_power,
    outlook_summary,
    outlook_warnings,
    past_spread,
)
from api.store.protocol import Snapshot

router = rows_router("Outlook")


@router.get("/outlook", summary="Which of two baskets is likelier to return more")
async def read_outlook(request: OutlookRequestParam, span: HalfYearParam, snapshot: SnapshotDep) -> OutlookResponse:
    """The chance that A returns more than B over the horizon, dividends included, and how little is known of it.

    Not advice. Needs 99 shared sessions, else 422. Ratios are fractions: 0.0123 is 1.23 %.
    """
    _refuse_unknown(snapshot, request)
    panel = await load_panel(snapshot, request.tickers, span, "total", shared=True, lookback=LOOKBACK)
    # Simulations take a tenth of a second; in a thread they do not hold up other requests.
    return await asyncio.to_thread(_outlook, panel, span, request)


def _outlook(panel: Panel, span: Span, request: OutlookRequest) -> OutlookResponse:
    outlook = compute_outlook(panel, span, request)
    rows = growth_rows(outlook.baskets, has_base=outlook.has_base)
    ROWS.check(len(rows), span)
    return OutlookResponse(
        meta=meta_of(panel, "total"),
        summary=[outlook_summary(outlook)],
        baskets=basket_outlooks(outlook),
        past=past_spread(outlook),
        sensitivity=outlook.sensitivity,
        assumptions=assumptions_of(outlook),
        power=describe_power(outlook),
        rows=rows,
        warnings=outlook_warnings(panel, outlook),
    )


@router.get("/outlook/calibration", summary="How good such forecasts have been")
async def read_calibration(request: OutlookRequestParam, snapshot: SnapshotDep) -> CalibrationResponse:
    """Forecasts walked forward through the lake's history, each from six months, against a coin and the base rate.

    Ratios are fractions: 0.0123 is 1.23 %.
    """
    _refuse_unknown(snapshot, request)
    panel = await load_panel(snapshot, request.tickers, Everything(), "total", shared=True)
    return await asyncio.to_thread(_calibration, panel, request)


def _calibration(panel: Panel, request: OutlookRequest) -> CalibrationResponse:
    rows, forecasts = calibrate(panel, request)
    summary = calibration_summary(forecasts)
    return CalibrationResponse(
        meta=meta_of(panel, "total"),
        summary=summary,
        settings=settings_of(request),
        reliability=reliability_bins(forecasts),
        claim=describe_skill(summary),
        rows=rows,
        warnings=warnings_of(panel, "total", cumulative=False),
    )


def _refuse_unknown(snapshot: Snapshot, request: OutlookRequest) -> None:
    """Names the basket of an unknown ticker, which the panel of both does not know."""
    for parameter, tickers in (("a", request.a), ("b", request.b)):
        refuse_unknown(snapshot.published.manifest, parameter, tickers)
