"""What the lake has of each ticker: what is published, and what lies in raw/ since and waits to be published."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from lake import calendar
from lake.snapshot import Manifest, TickerManifest, published_at

# The rules of a step in the price that a split may explain, which the next answer about the splits has or has not.
_STEPS = ("unexplained_jump", "absurd_price", "withdrawn_split", "wrong_split")


@dataclass(frozen=True)
class DeliveredTicker:
    """The vendor's answers about a ticker in raw/ that no snapshot contains. Times of fetching are ISO 8601, UTC.

    `bars`: by session when it was last fetched. `splits`, `dividends`, `sentiment`: when they last were.
    """

    bars: Mapping[date, str] = field(default_factory=dict)
    splits: str | None = None
    dividends: str | None = None
    sentiment: str | None = None


@dataclass(frozen=True)
class KnownTicker:
    """What is published and delivered of a ticker, together. Fields as in `TickerManifest`.

    `last`, `fetched_at`: None while no bar is known. `waits_for_splits`: an answer about its splits decides
    whether bars are held back, or whether it is frozen. `delivered`: what of it is not published yet.
    """

    last: date | None = None
    fetched_at: str | None = None
    missing: frozenset[date] = frozenset()
    refused: frozenset[date] = frozenset()
    splits_seen: str | None = None
    dividends_seen: str | None = None
    sentiment_seen: str | None = None
    waits_for_splits: bool = False
    delivered: DeliveredTicker = field(default_factory=DeliveredTicker)


KnownTickers = Mapping[str, KnownTicker]  # every ticker to plan for


def known_tickers(
    manifest: Manifest | None, tickers: Iterable[str], delivered: Mapping[str, DeliveredTicker]
) -> dict[str, KnownTicker]:
    """What is known of these tickers."""
    return {ticker: _known(manifest, ticker, delivered.get(ticker, DeliveredTicker())) for ticker in tickers}


def new_york_day(moment: str) -> date:
    """The day in New York of an ISO time."""
    return datetime.fromisoformat(moment).astimezone(calendar.NEW_YORK).date()


def waiting_text(delivered: Mapping[str, DeliveredTicker]) -> str | None:
    """A sentence that counts the answers which wait to be published; None where there is none."""
    counts = {
        "bars": sum(bool(one.bars) for one in delivered.values()),
        "splits": sum(one.splits is not None for one in delivered.values()),
        "dividends": sum(one.dividends is not None for one in delivered.values()),
        "news": sum(one.sentiment is not None for one in delivered.values()),
    }
    total = sum(counts.values())
    if not total:
        return None
    parts = ", ".join(f"{kind} of {_count(count, 'ticker')}" for kind, count in counts.items() if count)
    return f"{_count(total, 'answer')} of earlier runs in raw/ not published yet, and not requested again: {parts}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"


def _known(manifest: Manifest | None, ticker: str, delivered: DeliveredTicker) -> KnownTicker:
    entry = manifest.tickers.get(ticker) if manifest else None
    last, fetched_at = _newest_bar(entry, delivered)
    splits_seen = _later(entry.splits_seen if entry else None, delivered.splits)
    return KnownTicker(
        last=last,
        fetched_at=fetched_at,
        missing=frozenset(_missing(entry, delivered, last)) if last else frozenset(),
        refused=frozenset(entry.refused) if entry else frozenset(),
        splits_seen=splits_seen,
        dividends_seen=_later(entry.dividends_seen if entry else None, delivered.dividends),
        sentiment_seen=_later(entry.sentiment_seen if entry else None, delivered.sentiment),
        waits_for_splits=manifest is not None and _waits_for_splits(manifest, ticker, splits_seen),
        delivered=delivered,
    )


def _newest_bar(entry: TickerManifest | None, delivered: DeliveredTicker) -> tuple[date | None, str | None]:
    """The newest session with a bar, and when it was last fetched."""
    days = [*delivered.bars, *([entry.last] if entry else [])]
    if not days:
        return None, None
    last = max(days)
    published = entry.fetched_at if entry and entry.last == last else None
    return last, _later(published, delivered.bars.get(last))


def _missing(entry: TickerManifest | None, delivered: DeliveredTicker, last: date) -> Iterator[date]:
    """The sessions up to the last without a bar. What was published and delivered cannot overlap in holes."""
    begin = entry.last + timedelta(days=1) if entry else min(delivered.bars)
    yield from (day for day in calendar.sessions(begin, last) if day not in delivered.bars)
    yield from (day for day in (entry.missing if entry else ()) if day not in delivered.bars)


def _waits_for_splits(manifest: Manifest, ticker: str, splits_seen: str | None) -> bool:
    """Whether the splits were not asked for since the snapshot in which the ticker's newest bars are held back."""
    if not any(one.get("ticker") == ticker and one.get("rule") in _STEPS for one in manifest.held):
        return False
    return splits_seen is None or datetime.fromisoformat(splits_seen) <= published_at(manifest.snapshot)


def _later(one: str | None, other: str | None) -> str | None:
    """The later of two times; one of them where the other is unknown."""
    return max((moment for moment in (one, other) if moment), key=datetime.fromisoformat, default=None)
