"""Reads a panel from a store, for known tickers and an answer of bounded size."""

from collections.abc import Iterable, Sequence
from datetime import date

from api.errors import UnknownTickerError
from api.limits import RANGE_DAYS, ROWS
from api.panel.panel import Basis, Panel, panel_of
from api.panel.window import Between, Span, Window, resolve, sessions_before
from api.store.protocol import Published, Snapshot
from lake import calendar
from lake.snapshot import Manifest
from lake.universe import universe

WHOLE = RANGE_DAYS.most  # a lookback that reaches every ticker's first session


async def load_panel(
    snapshot: Snapshot,
    tickers: Sequence[str],
    span: Span,
    basis: Basis,
    *,
    benchmark: str | None = None,
    shared: bool = False,
    lookback: int = 0,
    limited: bool = True,
) -> Panel:
    """The panel of `tickers`, and of `benchmark` in the last column if it is not among them.

    `lookback`: how many sessions before the base come along, as far as the lake has any, or WHOLE; see
    `Panel.extended`, `Panel.history`. `shared` and `limited`: as for resolve_window.
    """
    published, manifest, chosen = snapshot.published, snapshot.published.manifest, tuple(tickers)
    window = resolve_window(published, tickers, span, benchmark, shared=shared, limited=limited)
    if benchmark is not None and benchmark not in chosen:
        chosen = (*chosen, benchmark)
    earlier = sessions_before(window, lookback, _first_session(manifest, chosen, together=False))
    first = earlier[0] if earlier else window.begins
    last = manifest.as_of if basis == "total" else window.last  # the total basis is anchored at the newest close
    bars = await snapshot.bars(held_tickers(published, chosen), first, last)
    return panel_of(published, window, chosen, bars, earlier)


def resolve_window(
    published: Published,
    tickers: Sequence[str],
    span: Span,
    benchmark: str | None = None,
    *,
    shared: bool = False,
    limited: bool = True,
) -> Window:
    """The window of `span` in a snapshot; refuses unknown tickers and a window with too many rows.

    `shared`: whether cumulative figures run from one base for all tickers, so that `max` has the first session of the
    last of them as base; else it begins with the first session of any. `limited`: whether the answer has a row for each
    bar, so that the limit ROWS holds.
    """
    manifest = published.manifest
    _refuse_unknown(manifest, "tickers", tickers)
    if benchmark is not None:
        _refuse_unknown(manifest, "benchmark", [benchmark])
    window = resolve(span, manifest.as_of, _first_session(manifest, tickers, together=shared), based=shared)
    if limited:
        # Counted from the manifest, so that a question that is too large is refused before anything is read.
        rows = _rows_held(manifest, {*tickers, *([benchmark] if benchmark else ())}, window)
        ROWS.check(rows, span, "from" if isinstance(span, Between) else "range")
    return window


def held_tickers(published: Published, tickers: Iterable[str]) -> list[str]:
    """Those of which the snapshot has bars."""
    return [ticker for ticker in tickers if ticker in published.manifest.tickers]


def known_tickers(manifest: Manifest) -> list[str]:
    """The universe, in its order, then what else the snapshot holds."""
    return list(dict.fromkeys((*universe(), *sorted(manifest.tickers))))


def _refuse_unknown(manifest: Manifest, parameter: str, tickers: Iterable[str]) -> None:
    known = known_tickers(manifest)
    unknown = [ticker for ticker in tickers if ticker not in known]
    if unknown:
        raise UnknownTickerError(parameter, unknown, known)


def _first_session(manifest: Manifest, tickers: Iterable[str], *, together: bool) -> date:
    firsts = [manifest.tickers[ticker].first for ticker in tickers if ticker in manifest.tickers]
    return (max(firsts) if together else min(firsts)) if firsts else manifest.as_of


def _rows_held(manifest: Manifest, tickers: Iterable[str], window: Window) -> int:
    """How many rows the window can give at most."""
    held = (manifest.tickers[ticker] for ticker in tickers if ticker in manifest.tickers)
    return sum(len(calendar.sessions(max(entry.first, window.begins), min(entry.last, window.last))) for entry in held)
