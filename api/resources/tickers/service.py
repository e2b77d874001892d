"""Every ticker that can be asked for, as rows: from the universe and the snapshot's manifest; pure."""

from collections import Counter
from collections.abc import Sequence

from api.panel.coverage import NOT_ARRIVED
from api.panel.loader import known_tickers
from api.resources.tickers.schemas import TickerRow, TickerSummary
from lake.snapshot import Manifest
from lake.universe import universe


def ticker_rows(manifest: Manifest) -> list[TickerRow]:
    """A row a ticker: the universe in its order, then what else the snapshot holds."""
    return [_row(manifest, ticker) for ticker in known_tickers(manifest)]


def ticker_summaries(rows: Sequence[TickerRow]) -> list[TickerSummary]:
    """How many tickers there are of each kind, in the order of their first row."""
    known = Counter(row.kind or "other" for row in rows)
    published = Counter(row.kind or "other" for row in rows if row.published)
    return [TickerSummary(kind=kind, tickers=count, published=published[kind]) for kind, count in known.items()]


def _row(manifest: Manifest, ticker: str) -> TickerRow:
    # A ticker may be in the lake and not in the universe: imported from files, or dropped from the universe since.
    held, about = manifest.tickers.get(ticker), universe().get(ticker)
    frozen = manifest.frozen.get(ticker)
    reason = (frozen.message if frozen else None) if held else manifest.unpublished.get(ticker, NOT_ARRIVED)
    return TickerRow(
        text=f"{ticker} · {about.name}" if about else ticker,
        value=ticker,
        name=about.name if about else None,
        kind=about.kind if about else None,
        tracks=about.tracks if about else None,
        listed=about.listed if about else None,
        published=held is not None,
        reason=reason,
        frozen=frozen.rule if frozen else None,
        frozen_since=frozen.since if frozen else None,
        first=held.first if held else None,
        last=held.last if held else None,
        sessions=held.sessions if held else 0,
    )
