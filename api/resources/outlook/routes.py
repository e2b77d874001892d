"""`/outlook`, `/outlook/calibration` and `/outlook/record`."""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from api.http.csv_response import rows_router
from api.http.parameters import SnapshotDep
from api.panel.loader import load_panel, refuse_unknown
from api.panel.panel import Panel
from api.panel.response_meta import is_simulated, meta_of, snapshot_meta, standing_warnings, warnings_of
from api.panel.window import Between, Everything, Span
from api.resources.outlook.baskets import baskets_of, growth_rows
from api.resources.outlook.calibration import (
    calibrate,
    calibration_summary,
    describe_skill,
    reliability_bins,
    settings_of,
)
from api.resources.outlook.committed import Committed, Pair, read_committed
from api.resources.outlook.parameters import HalfYearParam, OutlookRequestParam
from api.resources.outlook.record import describe_record, is_due, record_bins, record_rows, record_summaries
from api.resources.outlook.request import OutlookRequest
from api.resources.outlook.schemas import CalibrationResponse, OutlookResponse, RecordResponse
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


@router.get("/outlook/record", summary="The track record of committed forecasts")
async def read_record(snapshot: SnapshotDep) -> RecordResponse:
    """Forecasts committed at each publish, scored once their horizon has passed: nobody could tune them afterwards.

    Ratios are fractions: 0.0123 is 1.23 %.
    """
    published = snapshot.published
    forecasts, damaged = read_committed(await snapshot.store.forecasts())
    as_of, simulated = published.manifest.as_of, is_simulated(published)
    known = [] if simulated else forecasts
    panels = await _panels_of([one for one in known if is_due(one, as_of)], snapshot)

    def answer() -> RecordResponse:
        baskets = {pair: baskets_of(panel, *pair) for pair, panel in panels.items()}
        rows = record_rows(known, baskets, as_of)
        summary = record_summaries(rows)
        return RecordResponse(
            meta=snapshot_meta(published),
            summary=summary,
            reliability=record_bins(rows),
            claim=describe_record(rows, summary, simulated=simulated),
            rows=rows,
            warnings=[*standing_warnings(published), *damaged],
        )

    return await asyncio.to_thread(answer)


async def _panels_of(due: Sequence[Committed], snapshot: Snapshot) -> dict[Pair, Panel]:
    """The panel of each pair of baskets, from the first session that one of its due forecasts was made on."""
    begins: dict[Pair, date] = {}
    for one in due:
        begins[one.pair] = min(one.as_of, begins.get(one.pair, one.as_of))
    return {
        # The session of the forecast is the base of the window after it.
        pair: await load_panel(
            snapshot, tuple(dict.fromkeys((*pair[0], *pair[1]))), Between(first + timedelta(days=1), None), "total"
        )
        for pair, first in begins.items()
    }


def _refuse_unknown(snapshot: Snapshot, request: OutlookRequest) -> None:
    """Names the basket of an unknown ticker, which the panel of both does not know."""
    for parameter, tickers in (("a", request.a), ("b", request.b)):
        refuse_unknown(snapshot.published.manifest, parameter, tickers)
