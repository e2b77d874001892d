"""`/events`: splits and dividends."""

import asyncio
from typing import Annotated, Literal

from fastapi import Query

from api.http.csv_response import rows_router
from api.http.parameters import AnyCase, SnapshotDep, SpanParam, TableParam, TickersParam
from api.http.schemas import WindowedMeta
from api.panel.loader import held_tickers, resolve_window
from api.panel.response_meta import (
    absence_warnings,
    empty_window_warnings,
    snapshot_meta,
    standing_warnings,
    window_meta,
)
from api.panel.row_count import check_rows
from api.resources.events.schemas import EventRow, EventsResponse
from api.resources.events.service import event_rows, event_summaries, unknown_dividend_warnings

router = rows_router("Market data")
KindParam = Annotated[
    Literal["all", "split", "spin_off", "dividend"],
    AnyCase,
    Query(description="One kind of event, or all.", openapi_examples={"all": {"value": "all"}}),
]


@router.get("/events", summary="Splits and dividends, for annotations")
async def read_events(
    tickers: TickersParam, span: SpanParam, table: TableParam, snapshot: SnapshotDep, kind: KindParam = "all"
) -> EventsResponse:
    """Splits, spin-offs and cash dividends of the window's days up to as-of, each at the day it takes effect."""
    published, window = snapshot.published, resolve_window(snapshot.published, tickers, span)
    here = held_tickers(published, tickers)
    found = await snapshot.events(here, window.first, window.last)
    events = [event for event in found if kind in ("all", event.kind)]
    check_rows(len(events), table.of(EventRow.model_fields), span)

    def answer() -> EventsResponse:
        return EventsResponse(
            meta=WindowedMeta(**snapshot_meta(published).model_dump(), window=window_meta(window)),
            summary=event_summaries(published, tickers, events),
            rows=event_rows(events),
            warnings=standing_warnings(published)
            + empty_window_warnings(published, window)
            + absence_warnings(published, tickers)
            + unknown_dividend_warnings(published, tickers),
        )

    return await asyncio.to_thread(answer)
