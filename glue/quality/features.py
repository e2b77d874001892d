"""The features that the rules read: of the row, of the ticker's earlier sessions, and of the market on that day.

As SQL text, as the rules are: each function and operator on a column in Python would be a call into Java.
"""

from datetime import date
from math import pi, sqrt

from pyspark.sql import DataFrame

from glue.adjust.daily_prices import with_session_number
from lake import calendar
from lake.snapshot import TickerManifest

TRAILING_SESSIONS = 60  # a quarter: long enough for a mean, short enough to follow a change of volatility
MIN_SESSIONS = 20  # with fewer sessions a ticker has no trailing mean, and the rules that need it are silent
MIN_TICKERS = 3  # with fewer values on a day there is no market median, and a ticker is compared with itself alone
HALF_DAY_VOLUME = 0.4  # of the usual, on a session of three and a half hours: expected where no market tells (QQQ)
IS_CONTEXT = "is_context"  # column: true of rows that are read for the features of later rows, and not evaluated
_PREVIOUS = ("session_number", "date", "close", "split_factor", "raw_close", "volume", "bar_hash")
# Of two independent normal draws, the mean distance is 2 / sqrt(pi) deviations. Distances and not squares, because one
# volume with a zero too many would hide the next one.
_SIGMA_OF_STEPS = sqrt(pi) / 2
_WITH_MEAN = ("square", "upper_wick", "lower_wick", "volume", "volume_step")


def with_row_features(table: DataFrame) -> DataFrame:
    """Add the features of the row itself.

    `session_number`; `upper_wick` and `lower_wick`, the logs of high and low against the body of the bar; `bar_hash`,
    of the bar as traded (64 bits, so that two different bars agree by chance once in 10^19).
    """
    return with_session_number(table).selectExpr(
        "*",
        "ln(try_divide(high, greatest(open, close))) as upper_wick",
        "ln(try_divide(least(open, close), low)) as lower_wick",
        "xxhash64(raw_open, raw_high, raw_low, raw_close, raw_volume) as bar_hash",
    )


def with_ticker_features(rows: DataFrame) -> DataFrame:
    """Add features from the ticker's earlier sessions to rows of `with_row_features`.

    `previous_…`: values of the session before. `move`: the log return; `sigma`: its root mean square.
    `upper_wick_ratio`, `lower_wick_ratio`, `volume_ratio`: to the mean. `volume_sigma`: the standard deviation of the
    log of the volume. Means are over the sixty sessions before.
    """
    previous = (f"lag({name}) over (partition by ticker order by date) as previous_{name}" for name in _PREVIOUS)
    steps = rows.selectExpr("*", *previous).selectExpr(
        "*", "ln(try_divide(close, previous_close)) as move", "abs(ln(volume) - ln(previous_volume)) as volume_step"
    )
    ratios = (f"try_divide({name}, mean_{name}) as {name}_ratio" for name in ("upper_wick", "lower_wick", "volume"))
    return _with_trailing_means(steps.selectExpr("*", "move * move as square")).selectExpr(
        "*", *ratios, "sqrt(mean_square) as sigma", f"mean_volume_step * {_SIGMA_OF_STEPS}D as volume_sigma"
    )


def _with_trailing_means(rows: DataFrame) -> DataFrame:
    """Add `mean_…` of the columns of _WITH_MEAN; null with fewer than MIN_SESSIONS values."""
    # The difference of two running sums, because Spark sums a sliding frame again for every row. The sums are columns
    # of their own, because Spark computes a window as often as a formula names it.
    sums = (
        f"{total}({name}) over (partition by ticker order by date "
        f"rows between unbounded preceding and {rows_back} preceding) as {total}_{name}_{when}"
        for name in _WITH_MEAN
        for total in ("sum", "count")
        for when, rows_back in (("now", 1), ("then", TRAILING_SESSIONS + 1))
    )
    means = []
    for name in _WITH_MEAN:
        count = f"(count_{name}_now - count_{name}_then)"
        total = f"(sum_{name}_now - coalesce(sum_{name}_then, 0))"
        means.append(f"if({count} >= {MIN_SESSIONS}, {total} / {count}, null) as mean_{name}")
    return rows.selectExpr("*", *sums).selectExpr("*", *means)


def with_market_features(rows: DataFrame) -> DataFrame:
    """Add `market_…`: the medians over the day's tickers of `move` and the ratios; null with fewer than three.

    Of the volume it is HALF_DAY_VOLUME with fewer than three on a half day.
    """
    names = ("move", "upper_wick_ratio", "lower_wick_ratio", "volume_ratio")
    # Of values and not of rows: a ticker in its first sessions has no ratios yet.
    counts = (f"count({name}) over (partition by date) as count_{name}" for name in names)
    # Not `percentile`, which keeps every value of the window. This one is as exact for up to 5,000 tickers.
    # Of an even number of tickers the first is the lower of the two in the middle, and the second the upper one.
    middles = "array(0.5D, 0.500000001D)"
    medians = (f"percentile_approx({name}, {middles}) over (partition by date) as medians_{name}" for name in names)
    market = {name: f"medians_{name}[0]" for name in names}
    # With the lower one AAPL's busiest day looked a seventh busier among eight. The volume's bound is close to real
    # busy days, so it gets the mean of both.
    market["volume_ratio"] = "(medians_volume_ratio[0] + medians_volume_ratio[1]) / 2"
    half_days = ", ".join(f"date'{day}'" for day in calendar.half_days())
    alone = {"volume_ratio": f"if(date in ({half_days}), {HALF_DAY_VOLUME}D, null)"}
    found = (
        f"if(count_{name} >= {MIN_TICKERS}, {median}, {alone.get(name, 'null')}) as market_{name}"
        for name, median in market.items()
    )
    return rows.selectExpr("*", *counts, *medians).selectExpr("*", *found)


def context_start(entry: TickerManifest | None, first: date) -> date:
    """The first published session that the features of a ticker's rows from `first` on need; `date.max` without any.

    They need the trailing sessions, and one more, because a move needs the close before it. Of sessions before the
    previous year there are none, as of a ticker that did not trade.
    """
    held = (day for year in (first.year - 1, first.year) for day in (entry.sessions_in(year) if entry else ()))
    sessions = [day for day in held if day < first]
    return sessions[-TRAILING_SESSIONS - 1 :][0] if sessions else date.max
