"""How many rows an answer will have, counted from the manifest: a question that is too large reads nothing. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from api.analytics.arrays import Flags
from api.errors import BadParameterError
from api.limits import ANSWER
from api.panel.intervals import INTERVALS, Interval, IntervalChoice, period_keys
from api.panel.window import Between, Span, Window, as_days
from api.store.protocol import Days
from lake.snapshot import Manifest

# What `interval=auto` keeps an answer to: about 300 kB for one figure, and more points than a chart is wide.
AUTO_ROWS = 4_000
KEYS = ("time", "ticker")  # columns that every row has, whatever `fields` names
_ROWS_OF: Mapping[Interval, str] = {"1d": "daily", "1w": "weekly", "1mo": "monthly", "3mo": "quarterly"}
# The widest that values usually get, with the quotation marks of text, which Lambda escapes once more.
_TIME, _TICKER, _NUMBER = 24, 10, 20


@dataclass(frozen=True)
class RowsRequest:
    """What a caller asks of an answer's rows.

    `interval`: None for the finest of which the answer is not too large. `fields`: the only columns besides KEYS, all
    where it is empty. `most`: how many bytes of rows an answer may have. `part`: the table that is asked for; only its
    rows count, and those of most tables are few.
    """

    interval: IntervalChoice | None = None
    fields: tuple[str, ...] = ()
    most: int = ANSWER.most
    part: str = "rows"

    def of(
        self,
        columns: Collection[str],
        *,
        part: str = "rows",
        shared: bool = False,
        base: bool = False,
        series: int | None = None,
    ) -> "RowsAsked":
        """For an answer whose table `part` has these columns; the others as in RowsAsked."""
        chosen = {*KEYS, *self.fields} if self.fields else columns
        most = self.most // row_bytes(chosen) if self.part == part else None
        return RowsAsked(self.interval, shared, base, series, len(chosen), tuple(columns), most, self.most)


@dataclass(frozen=True)
class RowsAsked:
    """What an answer has a row for: each ticker and each period of `interval` in which it has a bar.

    `interval`: None for the finest that has at most `most` rows; auto for the finest with at most AUTO_ROWS, or else
    the coarsest. `shared`: only sessions that all tickers with a bar in the window have. `base`: one more at the base,
    if held. `series`: how many rows a period has, where it is not one for each ticker. `most`: None without a limit.
    `columns`: how many a row has; `all_columns`: those that `fields` may name. `bytes`: the limit itself.
    """

    interval: IntervalChoice | None
    shared: bool = False
    base: bool = False
    series: int | None = None
    columns: int = 0
    all_columns: tuple[str, ...] = ()
    most: int | None = None
    bytes: int = 0


def row_bytes(columns: Collection[str]) -> int:
    """The bytes that a row of these columns usually has at most, in JSON within the JSON that Lambda answers."""
    names = sum(len(name) + 6 for name in columns)  # two marks, both escaped, a colon and a comma
    widths = {"time": _TIME, "ticker": _TICKER}
    return names + sum(widths.get(name, _NUMBER) for name in columns) + 2  # braces


def settle_interval(
    manifest: Manifest, tickers: Sequence[str], window: Window, span: Span, asked: RowsAsked
) -> Interval:
    """The interval of an answer's rows; BadParameterError where they would be too many, with what fits."""
    automatic = asked.interval == "auto"
    most = AUTO_ROWS if automatic else asked.most
    wanted = INTERVALS[0] if asked.interval is None or asked.interval == "auto" else asked.interval
    # Most windows are far too short for the limit, and then nothing needs to be counted.
    if most is None or (asked.series or len(set(tickers))) * (len(window.sessions) + 1) <= most:
        return wanted
    coarser = INTERVALS[INTERVALS.index(wanted) :]
    counts = {interval: count_rows(manifest, tickers, window, asked, interval) for interval in coarser}
    fitting = [interval for interval in coarser if counts[interval] <= most]
    if automatic and not fitting and (asked.most is None or counts[coarser[-1]] <= asked.most):
        return coarser[-1]
    if fitting and (asked.interval is None or automatic or fitting[0] == wanted):
        return fitting[0]
    raise _too_large(span, asked, counts[wanted], {name: counts[name] for name in fitting[:1]})


def check_rows(count: int, asked: RowsAsked, span: Span) -> None:
    """BadParameterError where an answer would have so many rows, and they are too many."""
    if asked.most is not None and count > asked.most:
        raise _too_large(span, asked, count, {})


def _too_large(span: Span, asked: RowsAsked, count: int, coarser: Mapping[Interval, int]) -> BadParameterError:
    """`coarser`: the finest interval that fits, and its rows."""
    choices = [f"{_ROWS_OF[name]} rows (interval={name} has {rows})" for name, rows in coarser.items()]
    columns = _columns_that_fit(asked.bytes // count, asked.all_columns)
    if 0 < columns < asked.columns - len(KEYS):
        choices.append(f"fewer columns (fields= with {columns} at most)")
    choices = ["fewer tickers", "a shorter period", *choices, "part=summary, which has no rows"]
    parameter = "from" if isinstance(span, Between) else "range"
    bound = f"at most {asked.most} rows of {asked.columns} columns: choose {', '.join(choices[:-1])} or {choices[-1]}"
    return BadParameterError(parameter, span, f"too much for one request ({count} rows)", bound)


def _columns_that_fit(most: int, columns: Collection[str]) -> int:
    """How many of these columns, whichever, a row of at most so many bytes has besides KEYS."""
    # The widest first: any choice of as many fits then.
    widest = sorted((name for name in columns if name not in KEYS), key=len, reverse=True)
    sizes = (row_bytes((*KEYS, *widest[: count + 1])) for count in range(len(widest)))
    return sum(size <= most for size in sizes)


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
