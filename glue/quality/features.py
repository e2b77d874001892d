"""What the rules look at beside a row itself: its ticker's sessions before it, and the market of its day."""

import bisect
from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.adjust.daily_prices import by_session, with_session_number
from lake import calendar
from lake.snapshot import TickerManifest

USUAL_SESSIONS = 60  # a quarter: long enough for a mean, short enough to follow a ticker's nature
LEAST_SESSIONS = 20  # with fewer behind it a ticker has no usual yet, and rules that ask for it are silent
LEAST_TICKERS = 3  # with fewer on a day there is no market: a ticker is held against itself alone
IS_CONTEXT = "is_context"  # of rows that are not judged: they stand before those that are
_COMPARED = ("session_number", "date", "close", "split_factor", "raw_close", "bar_print")
_AS_TRADED = ("raw_open", "raw_high", "raw_low", "raw_close", "raw_volume")


def with_own(table: DataFrame) -> DataFrame:
    """Add what a row says by itself.

    `session_number`; `up` and `down`, the logs by which high and low lie beyond open and close; `bar_print`, a hash of
    the bar as traded: those of two different bars agree by chance once in 10^19.
    """
    body_top, body_bottom = F.greatest("open", "close"), F.least("open", "close")
    wicks = {"up": F.log(F.col("high") / body_top), "down": F.log(body_bottom / F.col("low"))}
    return with_session_number(table).withColumns(wicks).withColumn("bar_print", F.xxhash64(*_AS_TRADED))


def with_ticker(rows: DataFrame, newest: date) -> DataFrame:
    """Add what the ticker's sessions before it say of a row of `with_own`.

    `previous_…` is of the session before; `move` is the log of close on close, and `sigma` its usual size; `up_ratio`,
    `down_ratio` and `volume_ratio` are to the usual one. Usual is the mean of the sixty sessions before. `newest` is
    the number of the whole table's last session.
    """
    in_order = by_session()
    before = {f"previous_{name}": F.lag(name).over(in_order) for name in _COMPARED}
    means = _usual("square", "up", "down", "volume")
    ratios = {f"{name}_ratio": F.col(name) / F.col(f"usual_{name}") for name in ("up", "down", "volume")}
    moves = rows.withColumns(before).withColumn("move", F.log(F.col("close") / F.col("previous_close")))
    moves = moves.withColumn("square", F.col("move") * F.col("move"))
    known = moves.withColumns(means).withColumns(ratios).withColumn("sigma", F.sqrt("usual_square"))
    return known.withColumn("newest", F.lit(number_of(newest))).drop(*means)


def _usual(*names: str) -> dict[str, Column]:
    """The mean over the sessions before, as a difference of two running sums: a sliding frame is summed anew a row."""
    to_now, to_then = (by_session().rowsBetween(Window.unboundedPreceding, -n) for n in (1, USUAL_SESSIONS + 1))
    means = {}
    for name in names:
        count = F.count(name).over(to_now) - F.count(name).over(to_then)
        total = F.sum(name).over(to_now) - F.coalesce(F.sum(name).over(to_then), F.lit(0))
        means[f"usual_{name}"] = F.when(count >= LEAST_SESSIONS, total / count)
    return means


def with_market(rows: DataFrame) -> DataFrame:
    """Add `market_…`, the median over the tickers of the day, of `move` and of the three ratios; null without three."""
    day = Window.partitionBy("date")
    is_market = F.count(F.lit(1)).over(day) >= LEAST_TICKERS
    names = ("move", "up_ratio", "down_ratio", "volume_ratio")
    return rows.withColumns(
        {f"market_{name}": F.when(is_market, F.percentile_approx(name, 0.5, 100).over(day)) for name in names}
    )


def context_since(entry: TickerManifest | None, year: int) -> date:
    """From which session of the year before on a ticker's published rows are context of that year's.

    They are as many as a usual is made of, and the one whose close the first of them moves from.
    """
    held = entry.held_in(year - 1) if entry else []
    return held[-USUAL_SESSIONS - 1 :][0] if held else date.max


def number_of(session: date) -> int:
    """The place of a session among the NYSE's; of another day that of the session before."""
    return bisect.bisect_right(calendar.all_sessions(), session) - 1
