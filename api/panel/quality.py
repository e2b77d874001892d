"""What the quality rules found in a window, in sentences: tickers that are frozen, and flagged bars. Pure."""

from collections.abc import Sequence

from api.panel.window import Window
from lake.snapshot import Manifest

_MOST_NAMED = 5  # flagged bars that a sentence lists


def quality_warnings(manifest: Manifest, window: Window, tickers: Sequence[str]) -> list[str]:
    """A sentence for each ticker whose newer or other data is held back, and for each with flagged bars."""
    if not window.sessions:
        return []
    sentences = (
        sentence
        for ticker in tickers
        for sentence in (_frozen(manifest, window, ticker), _flagged(manifest, window, ticker))
    )
    return [sentence for sentence in sentences if sentence]


def _frozen(manifest: Manifest, window: Window, ticker: str) -> str | None:
    entry = manifest.frozen.get(ticker)
    # What was held back after the window says nothing of its figures.
    if entry is None or ticker not in manifest.tickers or entry.since > window.last.isoformat():
        return None
    return f"{ticker}: held back since {entry.since} ({entry.rule}): {entry.message}"


def _flagged(manifest: Manifest, window: Window, ticker: str) -> str | None:
    # The base counts too: cumulative figures run from its close.
    first, last = window.begins.isoformat(), window.last.isoformat()
    days = [(day, flags) for day, flags in manifest.flagged.get(ticker, {}).items() if first <= day <= last]
    if not days:
        return None
    named = ", ".join(f"{day} ({flags.replace(',', ', ')})" for day, flags in days[-_MOST_NAMED:])
    more = f", and {len(days) - _MOST_NAMED} earlier" if len(days) > _MOST_NAMED else ""
    bars = "the bar" if len(days) == 1 else f"{len(days)} bars"
    return f"{ticker}: {bars} of the period broke a quality rule: {named}{more}; see /snapshots"
