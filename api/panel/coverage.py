"""How much of a window the lake can fill, in numbers and in words. Pure."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from api.panel.panel import Panel
from lake.snapshot import TickerManifest
from lake.universe import universe

NOT_ARRIVED = "no session of it has arrived"
_NO_FIGURE = "no cumulative figure is given"
_NAMED = 5


@dataclass(frozen=True)
class Coverage:
    """One ticker in one window. `expected` counts NYSE sessions since the window's start or the ticker's listing."""

    ticker: str
    expected: int
    found: int
    first: date | None
    last: date | None
    has_base: bool
    listed: date | None

    @property
    def ratio(self) -> float | None:
        """found ÷ expected; None where nothing is expected."""
        return self.found / self.expected if self.expected else None


def coverage_of(panel: Panel) -> list[Coverage]:
    """The coverage of each of the panel's tickers, in their order."""
    return [_of_ticker(panel, column, ticker) for column, ticker in enumerate(panel.tickers)]


def in_words(panel: Panel, coverage: list[Coverage], *, cumulative: bool) -> list[str]:
    """A sentence for each ticker that does not fill the window; `cumulative`: the answer has figures from the base."""
    if not panel.window.sessions:
        return [f"the window has no session up to {panel.published.manifest.as_of}, the newest one in the lake"]
    sentences = (_sentence(panel, one, cumulative=cumulative) for one in coverage)
    return [sentence for sentence in sentences if sentence]


def _of_ticker(panel: Panel, column: int, ticker: str) -> Coverage:
    sessions, entry = panel.window.sessions, panel.published.manifest.tickers.get(ticker)
    instrument = universe().get(ticker)
    listed = instrument.listed if instrument else entry.first if entry else None
    found = np.flatnonzero(panel.held[1:, column])
    return Coverage(
        ticker=ticker,
        expected=sum(1 for day in sessions if listed is None or day >= listed),
        found=len(found),
        first=sessions[found[0]] if len(found) else None,
        last=sessions[found[-1]] if len(found) else None,
        has_base=bool(panel.held[0, column]),
        listed=listed,
    )


def _sentence(panel: Panel, one: Coverage, *, cumulative: bool) -> str | None:
    manifest = panel.published.manifest
    entry = manifest.tickers.get(one.ticker)
    if entry is None:
        why = manifest.unpublished.get(one.ticker, NOT_ARRIVED)
        return f"{one.ticker}: not in the lake ({why}), so nothing is given for it"
    rootless = cumulative and not one.has_base
    if one.found < one.expected:
        found = f"{one.ticker}: {one.found} of the window's {one.expected} sessions are in the lake"
        tail = f"; without a close before the window {_NO_FIGURE}" if rootless else ""
        return f"{found}{_edges(panel, entry)}{tail}"
    if rootless and one.listed and panel.window.base and one.listed > panel.window.base:
        return f"{one.ticker}: trades since {one.listed}, without a close before the window {_NO_FIGURE}"
    if rootless:
        return f"{one.ticker}: no close before the window is in the lake, which begins on {entry.first}; {_NO_FIGURE}"
    return None


def _edges(panel: Panel, entry: TickerManifest) -> str:
    """Where the ticker begins and ends within the window, and which sessions between are missing."""
    window = panel.window
    words = f", which begins on {entry.first}" if entry.first > window.sessions[0] else ""
    words += f", which ends on {entry.last}" if entry.last < window.sessions[-1] else ""
    for days, what in ((entry.missing, "missing"), (entry.refused, "refused by a quality rule")):
        inside = [day.isoformat() for day in days if window.sessions[0] <= day <= window.sessions[-1]]
        if inside:
            more = f" and {len(inside) - _NAMED} more" if len(inside) > _NAMED else ""
            words += f"; {what}: {', '.join(inside[:_NAMED])}{more}"
    return words
