"""How many rows an answer will have, counted from the manifest: a question that is too large reads nothing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from api.analytics.arrays import Flags
from api.errors import BadParameterError
from api.limits import ROWS
from api.panel.intervals import INTERVALS, Interval, IntervalChoice, period_keys
from api.panel.window import Between, Span, Window, as_days
from api.store.protocol import Days
from lake.snapshot import Manifest

# What `interval=auto` keeps an answer to: about 300 kB for one figure, and more points than a chart is wide.
AUTO_ROWS = 4_000
_ROWS_OF: Mapping[Interval, str] = {"1d": "daily", "1w": "weekly", "1mo": "monthly", "3mo": "quarterly"}


@dataclass(frozen=True)
class RowsAsked:
    """What an answer has a row for: each ticker and each period of `interval` in which it has a bar.

    `interval`: None for the finest whose rows are at most ROWS; auto for the finest with at most AUTO_ROWS, or else the
    coarsest. `shared`: only sessions that all tickers with a bar in
    the window have. `base`: one more at the base, if held. `series`: how many rows a period has, where it is not one
    for each ticker.
    """

    interval: IntervalChoice | None
    shared: bool = False
    base: bool = False
    series: int | None = None


def settle_interval(
    manifest: Manifest, tickers: Sequence[str], window: Window, span: Span, asked: RowsAsked
) -> Interval:
    """The interval of an answer's rows; BadParameterError where more than ROWS are asked for, with one that fits."""
    automatic = asked.interval == "auto"
    most = AUTO_ROWS if automatic else ROWS.most
    wanted = INTERVALS[0] if asked.interval is None or asked.interval == "auto" else asked.interval
    # Most windows are far too short for the limit, and then nothing needs to be counted.
    if (asked.series or len(set(tickers))) * (len(window.sessions) + 1) <= most:
        return wanted
    coarser = INTERVALS[INTERVALS.index(wanted) :]
    counts = {interval: count_rows(manifest, tickers, window, asked, interval) for interval in coarser}
    fitting = [interval for interval in coarser if counts[interval] <= most]
    if automatic and not fitting and counts[coarser[-1]] <= ROWS.most:
        return coarser[-1]
    if fitting and (asked.interval is None or automatic or fitting[0] == wanted):
        return fitting[0]
    weekly = f" (interval={fitting[0]} has {counts[fitting[0]]})" if fitting else ""
    coarse = f", a shorter period or {_ROWS_OF[fitting[0]]} rows{weekly}" if fitting else " or a shorter period"
    parameter = "from" if isinstance(span, Between) else "range"
    bound = f"at most {ROWS.most} rows: choose fewer tickers{coarse}"
    raise BadParameterError(parameter, span, f"too much for one request ({counts[wanted]} rows)", bound)


def count_rows(manifest: Manifest, tickers: Sequence[str], window: Window, asked: RowsAsked, interval: Interval) -> int:
    """The number of rows of an answer at an interval."""
    days = np.concatenate((as_days([window.begins]), window.days))
    held = np.array([_held(manifest, ticker, days) for ticker in dict.fromkeys(tickers)]).T
    held = held[:, held[1:].any(axis=0)]
    if asked.shared:
        everywhere: Flags = np.all(held, axis=1, keepdims=True)
        held = np.broadcast_to(everywhere, (len(held), asked.series or held.shape[1]))
    keys = period_keys(days[1:], interval)
    starts = np.flatnonzero(np.diff(keys, prepend=keys[0] - 1)) if len(keys) else np.empty(0, dtype=np.intp)
    rows = int(np.logical_or.reduceat(held[1:], starts, axis=0).sum()) if len(starts) and held.size else 0
    return rows + (int(held[0].sum()) if asked.base and window.base else 0)


def _held(manifest: Manifest, ticker: str, days: Days) -> Flags:
    """Of which of (T,) days the snapshot has a bar."""
    entry = manifest.tickers.get(ticker)
    if entry is None:
        return np.zeros(len(days), dtype=np.bool_)
    absent = np.array((*entry.missing, *entry.refused), dtype="datetime64[D]")
    within = (days >= np.datetime64(entry.first)) & (days <= np.datetime64(entry.last))
    return within & ~np.isin(days, absent)
