"""Every ticker that can be asked for, as rows: from the universe and the snapshot's manifest; pure."""

from collections import Counter
from collections.abc import Sequence

from api.errors import BadParameterError
from api.panel.coverage import NOT_ARRIVED
from api.panel.loader import known_tickers
from api.resources.tickers.schemas import TickerRow, TickerSummary
from api.resources.tickers.search import NOT_FOUND, distance
from lake.snapshot import Manifest
from lake.universe import universe


def ticker_rows(manifest: Manifest) -> list[TickerRow]:
    """A row a ticker: the universe in its order, then what else the snapshot holds."""
    return [_row(manifest, ticker) for ticker in known_tickers(manifest)]


def chosen(rows: Sequence[TickerRow], search: str, kind: str | None, sector: str | None) -> list[TickerRow]:
    """The rows of a kind and a sector that a text finds in ticker, name, sector or index; the nearest first."""
    ranked = (
        (distance(search, row.value, row.name or "", [one for one in (row.sector, row.tracks) if one]), row)
        for row in rows
        if (kind is None or _kind(row) == kind) and (sector is None or row.sector == sector)
    )
    found = sorted(((place, row) for place, row in ranked if place != NOT_FOUND), key=lambda one: one[0])
    return [row for _, row in found]


def parse_sector(text: str | None, rows: Sequence[TickerRow]) -> str | None:
    """The sector of that name, in any case; None for an empty text. BadParameterError for one that no ticker has."""
    sectors = {row.sector.casefold(): row.sector for row in rows if row.sector}
    if not text or not text.strip():
        return None
    known = sectors.get(text.strip().casefold())
    if known is None:
        bound = f"one of {', '.join(sorted(sectors.values()))}" if sectors else "this universe names no sectors"
        raise BadParameterError("sector", text, "no ticker has this sector", bound)
    return known


def ticker_summaries(rows: Sequence[TickerRow]) -> list[TickerSummary]:
    """How many tickers there are of each kind, in the order of their first row."""
    known = Counter(_kind(row) for row in rows)
    published = Counter(_kind(row) for row in rows if row.published)
    return [TickerSummary(kind=kind, tickers=count, published=published[kind]) for kind, count in known.items()]


def _kind(row: TickerRow) -> str:
    return row.kind or "other"


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
        sector=about.sector if about else None,
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
