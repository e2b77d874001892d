"""How much of a window the lake can fill, in numbers and in sentences. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from api.panel.window import Window
from lake.snapshot import Manifest, TickerManifest
from lake.universe import universe

NOT_ARRIVED = "no session of it has arrived"
_NO_FIGURE = "no cumulative figure is given"
_MOST_NAMED = 5  # missing sessions that a sentence lists


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


def coverage_of(
    manifest: Manifest, window: Window, tickers: Sequence[str], held: npt.NDArray[np.bool_]
) -> list[Coverage]:
    """The coverage of each ticker; `held`: as in a panel, (1 + sessions, tickers), the base first."""
    return [_of_ticker(manifest, window, ticker, held[:, column]) for column, ticker in enumerate(tickers)]


def coverage_warnings(
    manifest: Manifest, window: Window, coverage: Sequence[Coverage], *, cumulative: bool
) -> list[str]:
    """A sentence for each ticker that does not fill the window; `cumulative`: the answer has figures from the base."""
    if not window.sessions:
        return [f"the window has no session up to {manifest.as_of}, the newest one in the lake"]
    sentences = (_sentence(manifest, window, one, cumulative=cumulative) for one in coverage)
    return [sentence for sentence in sentences if sentence]


def not_in_lake(manifest: Manifest, ticker: str) -> str:
    """The sentence for a ticker of which the snapshot has no bar."""
    why = manifest.unpublished.get(ticker, NOT_ARRIVED)
    return f"{ticker}: not in the lake ({why}), so nothing is given for it"


def _of_ticker(manifest: Manifest, window: Window, ticker: str, held: npt.NDArray[np.bool_]) -> Coverage:
    instrument, entry = universe().get(ticker), manifest.tickers.get(ticker)
    listed = instrument.listed if instrument else entry.first if entry else None
    sessions, found = window.sessions, np.flatnonzero(held[1:])
    return Coverage(
        ticker=ticker,
        expected=len(sessions) - (bisect_left(sessions, listed) if listed else 0),
        found=len(found),
        first=sessions[found[0]] if len(found) else None,
        last=sessions[found[-1]] if len(found) else None,
        has_base=bool(held[0]),
        listed=listed,
    )


def _sentence(manifest: Manifest, window: Window, one: Coverage, *, cumulative: bool) -> str | None:
    entry = manifest.tickers.get(one.ticker)
    if entry is None:
        return not_in_lake(manifest, one.ticker)
    without_base = cumulative and not one.has_base
    if one.found < one.expected:
        found = f"{one.ticker}: {one.found} of the window's {one.expected} sessions are in the lake"
        tail = f"; without a close before the window {_NO_FIGURE}" if without_base else ""
        return f"{found}{_gaps(window, entry)}{tail}"
    if without_base and one.listed and window.base and one.listed > window.base:
        return f"{one.ticker}: trades since {one.listed}, without a close before the window {_NO_FIGURE}"
    if without_base:
        return f"{one.ticker}: no close before the window is in the lake, which begins on {entry.first}; {_NO_FIGURE}"
    return None


def _gaps(window: Window, entry: TickerManifest) -> str:
    """Where the ticker begins and ends within the window, and which sessions between are missing."""
    text = f", which begins on {entry.first}" if entry.first > window.sessions[0] else ""
    text += f", which ends on {entry.last}" if entry.last < window.sessions[-1] else ""
    for days, what in ((entry.missing, "missing"), (entry.refused, "refused by a quality rule")):
        inside = [day.isoformat() for day in days if window.sessions[0] <= day <= window.sessions[-1]]
        if inside:
            more = f" and {len(inside) - _MOST_NAMED} more" if len(inside) > _MOST_NAMED else ""
            text += f"; {what}: {', '.join(inside[:_MOST_NAMED])}{more}"
    return text
