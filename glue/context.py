"""What the rules look at beside a row itself: its ticker's sessions before it, and the market of its day."""

import bisect
from datetime import date

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.transforms import by_session, with_session_number
from lake import calendar

USUAL_SESSIONS = 60  # a quarter: long enough for a mean, short enough to follow a ticker's nature
LEAST_SESSIONS = 20  # with fewer behind it a ticker has no usual yet, and rules that ask for it are silent
LEAST_TICKERS = 3  # with fewer on a day there is no market: a ticker is held against itself alone
IS_CONTEXT = "is_context"  # of rows that are not judged: they stand before those that are


def with_context(table: DataFrame, newest: date) -> DataFrame:
    """Add the columns that the rules of `glue.checks` name; `newest` is the last session of the whole table.

    Of the ticker: `session_number`, `previous_…` of the session before; `move`, the log of close on close, with
    `sigma`, its usual size; `up` and `down`, the logs by which high and low lie beyond open and close; `…_ratio`, to
    the usual one of the sixty sessions before, of `up`, `down` and `volume`. Of the day: `market_…`, the median over
    the tickers.
    """
    rows = _with_usual(_with_neighbours(with_session_number(table)))
    rows = rows.withColumn("newest", F.lit(number_of(newest))).persist()
    return rows.join(F.broadcast(_market(rows)), "date", "left")


def number_of(session: date) -> int:
    """The place of a session among the NYSE's; of another day that of the session before."""
    return bisect.bisect_right(calendar.all_sessions(), session) - 1


def _with_neighbours(rows: DataFrame) -> DataFrame:
    names = (
        "session_number",
        "date",
        "close",
        "split_factor",
        "raw_open",
        "raw_high",
        "raw_low",
        "raw_close",
        "raw_volume",
    )
    before = {f"previous_{name}": F.lag(name).over(by_session()) for name in names}
    body_top, body_bottom = F.greatest("open", "close"), F.least("open", "close")
    own = {
        "move": F.log(F.col("close") / F.col("previous_close")),
        "up": F.log(F.col("high") / body_top),
        "down": F.log(body_bottom / F.col("low")),
    }
    return rows.withColumns(before).withColumns(own)


def _with_usual(rows: DataFrame) -> DataFrame:
    """Means over the sessions before, as differences of running sums: a sliding frame would be summed anew a row."""
    measured = {"move": F.col("move"), "square": F.col("move") ** 2, "volume": F.col("volume")}
    measured |= {name: F.col(name) for name in ("up", "down")}
    running = by_session().rowsBetween(Window.unboundedPreceding, Window.currentRow)
    sums = {f"sum_{name}": F.sum(value).over(running) for name, value in measured.items()}
    counts = {f"n_{name}": F.count(value).over(running) for name, value in measured.items()}
    rows = rows.withColumns(sums | counts)
    means = {f"mean_{name}": _mean_before(name) for name in measured}
    usual = {f"{name}_ratio": F.col(name) / F.col(f"mean_{name}") for name in ("up", "down", "volume")}
    sigma = {"sigma": F.sqrt(F.col("mean_square"))}
    return rows.withColumns(means).withColumns(usual | sigma).drop(*sums, *counts, *means)


def _mean_before(name: str) -> Column:
    def over_sessions(column: str) -> Column:
        last = F.lag(column).over(by_session())
        return last - F.coalesce(F.lag(column, USUAL_SESSIONS + 1).over(by_session()), F.lit(0))

    count = over_sessions(f"n_{name}")
    return F.when(count >= LEAST_SESSIONS, over_sessions(f"sum_{name}") / count)


def _market(rows: DataFrame) -> DataFrame:
    names = ("move", "up_ratio", "down_ratio", "volume_ratio")
    medians = [F.percentile_approx(name, 0.5, 1000).alias(f"market_{name}") for name in names]
    days = rows.filter(f"not {IS_CONTEXT}").groupBy("date").agg(F.count(F.lit(1)).alias("tickers"), *medians)
    return days.filter(F.col("tickers") >= LEAST_TICKERS).drop("tickers")
