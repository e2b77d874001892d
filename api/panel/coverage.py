"""How much of a window the lake can fill, in numbers and in sentences. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from api.panel.window import Window
from lake import calendar
from lake.snapshot import Manifest, TickerManifest
from lake.universe import universe

NOT_ARRIVED = "no session of it has arrived"
NOT_FOLLOWED = "the universe does not have it"
_NO_FIGURE = "no cumulative figure is given"
_MOST_NAMED = 5  # missing sessions, or holes, that a sentence lists
_LONG = 5  # a hole of more sessions is named by its ends


@dataclass(frozen=True)
class Coverage:
    """One ticker in one window. `expected` counts NYSE sessions since the window's start or the ticker's listing.

    `missing`: the window's sessions without a bar between the ticker's first and last one in the lake, ascending.
    """

    ticker: str
    expected: int
    found: int
    first: date | None
    last: date | None
    has_base: bool
    listed: date | None
    missing: tuple[date, ...]

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
        return [describe_empty(window.first, window.last, manifest.as_of)]
    sentences = (_sentence(manifest, window, one, cumulative=cumulative) for one in coverage)
    return [sentence for sentence in sentences if sentence]


def describe_empty(first: date, last: date, as_of: date) -> str:
    """Why a window from `first` to `last` has no session; `as_of`: the newest one in the lake."""
    begins, ends = calendar.all_sessions()[0], calendar.all_sessions()[-1]
    if last < begins:
        return f"the period ends on {last}, before {begins}, where the calendar of NYSE sessions begins"
    # The end of a window that begins after as-of may be its first day only because none was given, and the
    # calendar knows nothing of days after its own end.
    if first > as_of and (first == last or last > ends or calendar.sessions(first, last)):
        return f"the period begins on {first}, after {as_of}, the newest session in the lake"
    days = f"on {first}" if first == last else f"from {first} to {last}"
    return f"the market was closed {days}: the period has no NYSE session"


def holes(missing: Sequence[date]) -> list[tuple[date, date, int]]:
    """Runs of sessions that follow each other in the calendar: the first, the last and the number of each."""
    runs: list[list[date]] = []
    for day in missing:
        if runs and len(calendar.sessions(runs[-1][-1], day)) == 2:
            runs[-1].append(day)
        else:
            runs.append([day])
    return [(run[0], run[-1], len(run)) for run in runs]


def long_holes(missing: Sequence[date]) -> list[tuple[date, date, int]]:
    """The holes of more than five sessions."""
    return [hole for hole in holes(missing) if hole[2] > _LONG]


def describe_long_holes(missing: Sequence[date]) -> str:
    """The holes of more than five sessions in words, `the 80 sessions from … to …`; empty without one."""
    named = [f"the {count} sessions from {first} to {last}" for first, last, count in long_holes(missing)]
    more = f" and {len(named) - _MOST_NAMED} more holes" if len(named) > _MOST_NAMED else ""
    return f"{', '.join(named[:_MOST_NAMED])}{more}"


def not_in_lake(manifest: Manifest, ticker: str) -> str:
    """The sentence for a ticker of which the snapshot has no bar."""
    why = manifest.unpublished.get(ticker, NOT_ARRIVED if ticker in universe() else NOT_FOLLOWED)
    return f"{ticker}: not in the lake ({why}), so nothing is given for it"


def _of_ticker(manifest: Manifest, window: Window, ticker: str, held: npt.NDArray[np.bool_]) -> Coverage:
    instrument, entry = universe().get(ticker), manifest.tickers.get(ticker)
    listed = instrument.listed if instrument else None
    begins = listed or (entry.first if entry else None)
    sessions, found = window.sessions, np.flatnonzero(held[1:])
    absent = (sessions[place] for place in np.flatnonzero(~held[1:]).tolist())
    return Coverage(
        ticker=ticker,
        expected=len(sessions) - (bisect_left(sessions, begins) if begins else 0),
        found=len(found),
        first=sessions[found[0]] if len(found) else None,
        last=sessions[found[-1]] if len(found) else None,
        has_base=bool(held[0]),
        listed=listed,
        missing=tuple(day for day in absent if entry and entry.first < day < entry.last),
    )


def _sentence(manifest: Manifest, window: Window, one: Coverage, *, cumulative: bool) -> str | None:
    entry = manifest.tickers.get(one.ticker)
    if entry is None:
        return not_in_lake(manifest, one.ticker)
    if not one.expected and not one.found:
        begins = f"trades since {one.listed}" if one.listed else f"begins on {entry.first} in the lake"
        return f"{one.ticker}: {begins}, after the period, so nothing is given for it"
    without_base = cumulative and not one.has_base
    if one.found < one.expected:
        expected = f"{one.expected} session{'' if one.expected == 1 else 's'}"
        found = f"{one.ticker}: {one.found} of the period's {expected} are in the lake"
        tail = f"; without a close before the period {_NO_FIGURE}" if without_base else ""
        return f"{found}{_ends(window, entry)}{_gaps(window, one, entry)}{tail}"
    if without_base and one.listed and window.base and one.listed > window.base:
        return f"{one.ticker}: trades since {one.listed}, without a close before the period {_NO_FIGURE}"
    if without_base:
        return f"{one.ticker}: no close before the period is in the lake, which begins on {entry.first}; {_NO_FIGURE}"
    return None


def _ends(window: Window, entry: TickerManifest) -> str:
    """Where the ticker begins and ends within the window."""
    begins = [f"begins on {entry.first}"] if entry.first > window.sessions[0] else []
    ends = [f"ends on {entry.last}"] if entry.last < window.sessions[-1] else []
    return f", which {' and '.join(begins + ends)}" if begins or ends else ""


def _gaps(window: Window, one: Coverage, entry: TickerManifest) -> str:
    """Which sessions are missing: long holes by their ends, others by their days."""
    long = long_holes(one.missing)
    text = f"; missing: {describe_long_holes(one.missing)}; the change across a hole is no daily return" if long else ""
    single = [day for day in one.missing if not any(first <= day <= last for first, last, _ in long)]
    refused = [day for day in entry.refused if window.sessions[0] <= day <= window.sessions[-1]]
    for days, what in (
        ([day for day in single if day not in refused], "also missing" if long else "missing"),
        (refused, "refused by a quality rule"),
    ):
        if days:
            more = f" and {len(days) - _MOST_NAMED} more" if len(days) > _MOST_NAMED else ""
            text += f"; {what}: {', '.join(map(str, days[:_MOST_NAMED]))}{more}"
    return text
