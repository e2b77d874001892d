"""Reads a panel from a store, for known tickers and an answer of bounded size."""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date

from api.errors import BadParameterError, UnknownTickerError
from api.limits import BARS, RANGE_DAYS, TICKERS, Limit
from api.panel.panel import Basis, Panel, panel_of
from api.panel.row_count import RowsAsked, settle_interval
from api.panel.window import Between, Span, Window, resolve, sessions_before
from api.store.protocol import Published, Snapshot
from lake.snapshot import Manifest
from lake.universe import default_universe, renamed, universe

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
    rows: RowsAsked | None = None,
) -> Panel:
    """The panel of `tickers`, and of `benchmark` in the last column if it is not among them.

    `lookback`: how many sessions before the base come along, as far as the lake has any, or WHOLE; see
    `Panel.extended`, `Panel.history`. `shared`: as for resolve_window. `rows`: what the answer has rows for, where
    their number grows with the window; more than ROWS are refused.
    """
    published, manifest, chosen = snapshot.published, snapshot.published.manifest, tuple(tickers)
    window = resolve_window(published, tickers, span, benchmark, shared=shared)
    if len(tickers) > TICKERS.most + (benchmark in tickers):  # all that there are: fifty fit over any window
        refuse_many_bars(BARS, tickers, window, span)
    interval = settle_interval(manifest, tickers, window, span, rows) if rows else "1d"
    if benchmark is not None and benchmark not in chosen:
        chosen = (*chosen, benchmark)
    earlier = sessions_before(window, lookback, _first_session(manifest, chosen, together=False))
    first = earlier[0] if earlier else window.begins
    last = manifest.as_of if basis == "total" else window.last  # the total basis is anchored at the newest close
    bars = await snapshot.bars(held_tickers(published, chosen), first, last)
    panel = await asyncio.to_thread(panel_of, published, window, chosen, bars, earlier)
    return replace(panel, interval=interval)


def refuse_many_bars(limit: Limit, tickers: Sequence[str], window: Window, span: Span) -> None:
    """BadParameterError where the tickers have more bars over a window than a limit, with what fits."""
    sessions = len(window.sessions)
    if len(tickers) * sessions > limit.most:
        longest, most = limit.most // len(tickers), min(limit.most // sessions, TICKERS.most)
        bound = f"at most {limit.most:,} {limit.unit}: choose range={longest}d or less, or {most} tickers or fewer"
        why = f"too much for one request ({len(tickers)} tickers over {sessions:,} sessions)"
        raise BadParameterError("from" if isinstance(span, Between) else limit.parameter, span, why, bound)


def resolve_window(
    published: Published, tickers: Sequence[str], span: Span, benchmark: str | None = None, *, shared: bool = False
) -> Window:
    """The window of `span` in a snapshot; refuses unknown tickers.

    `shared`: whether cumulative figures run from one base for all tickers, so that `max` has the first session of the
    last of them as base; else it begins with the first session of any.
    """
    manifest = published.manifest
    refuse_unknown(manifest, "tickers", tickers)
    if benchmark is not None:
        refuse_unknown(manifest, "benchmark", [benchmark])
    return resolve(span, manifest.as_of, _first_session(manifest, tickers, together=shared), based=shared)


def held_tickers(published: Published, tickers: Iterable[str]) -> list[str]:
    """Those of which the snapshot has bars."""
    return [ticker for ticker in tickers if ticker in published.manifest.tickers]


def known_tickers(manifest: Manifest) -> list[str]:
    """The universe, in its order, then what else the snapshot holds."""
    return list(dict.fromkeys((*universe(), *sorted(manifest.tickers))))


def refuse_unknown(manifest: Manifest, parameter: str, tickers: Iterable[str]) -> None:
    """UnknownTickerError where neither the universe nor the snapshot has one of the tickers of a parameter."""
    known = known_tickers(manifest)
    # A default, as the benchmark VOO, may be missing in a universe of the user's own. It is then answered as any ticker
    # that the lake does not have: nobody has asked for it.
    unknown = [ticker for ticker in tickers if ticker not in known and ticker not in default_universe()]
    if unknown:
        found = ((ticker, renamed(ticker)) for ticker in unknown)
        hints = [f"{ticker} is called {now.ticker} now; ask for {now.ticker}" for ticker, now in found if now]
        raise UnknownTickerError(parameter, unknown, known, hints)


def _first_session(manifest: Manifest, tickers: Iterable[str], *, together: bool) -> date:
    firsts = [manifest.tickers[ticker].first for ticker in tickers if ticker in manifest.tickers]
    return (max(firsts) if together else min(firsts)) if firsts else manifest.as_of
