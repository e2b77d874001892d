"""Splits, spin-offs and dividends as rows for the annotations of a chart. Events in, rows out; pure."""

from collections.abc import Iterable, Sequence

from api.formatting import times
from api.panel.loader import held_tickers
from api.panel.response_meta import without_dividends
from api.resources.events.schemas import EventRow, EventSummary
from api.store.protocol import Event, Published
from lake.splits import split_terms

_TITLES = {"split": "Split", "spin_off": "Spin-off", "dividend": "Dividend"}


def event_rows(events: Iterable[Event]) -> list[EventRow]:
    """A row for each event, in the order given."""
    return [_row(event) for event in events]


def event_summaries(published: Published, tickers: Sequence[str], events: Sequence[Event]) -> list[EventSummary]:
    """The number of events of each kind and the sum of dividends of each ticker, in the order asked for."""
    # A sum of 0 for a ticker whose dividends were never asked for would be wrong: it is null.
    known = set(held_tickers(published, tickers)) - set(without_dividends(published, tickers))
    return [_summary(ticker, events, dividends_known=ticker in known) for ticker in tickers]


def unknown_dividend_warnings(published: Published, tickers: Sequence[str]) -> list[str]:
    """A sentence for each ticker whose dividends are unknown, so that none is listed."""
    unknown = without_dividends(published, tickers)
    return [f"{ticker}: its dividends are unknown, so none is listed" for ticker in unknown]


def describe_event(event: Event) -> str:
    """`NVDA: split, 10 for 1`; `VOO: dividend, 1.8 USD a share`."""
    if event.kind == "dividend":
        return f"{event.ticker}: dividend, {event.value:g} USD a share"
    if event.kind == "split":
        new, old = split_terms(event.value)
        return f"{event.ticker}: split, {new} for {old}"
    return f"{event.ticker}: spin-off, prices ÷ {event.value:g}"


def _row(event: Event) -> EventRow:
    (time,) = times([event.day])
    return EventRow.model_validate(
        {
            "time": time,
            "ticker": event.ticker,
            "kind": event.kind,
            "value": event.value,
            "text": describe_event(event),
            "title": _TITLES[event.kind],
            "tags": f"{event.ticker},{event.kind}",
        }
    )


def _summary(ticker: str, events: Sequence[Event], *, dividends_known: bool) -> EventSummary:
    own = {kind: [event.value for event in events if (event.ticker, event.kind) == (ticker, kind)] for kind in _TITLES}
    return EventSummary(
        ticker=ticker,
        splits=len(own["split"]),
        spin_offs=len(own["spin_off"]),
        dividends=len(own["dividend"]),
        paid=sum(own["dividend"]) if dividends_known else None,
    )
