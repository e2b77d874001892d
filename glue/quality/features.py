"""The features that the rules read: of the row, of the ticker's earlier sessions, and of the market on that day."""

from datetime import date
from math import pi, sqrt

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from glue.adjust.daily_prices import by_session, with_session_number
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
_AS_TRADED = ("raw_open", "raw_high", "raw_low", "raw_close", "raw_volume")


def with_row_features(table: DataFrame) -> DataFrame:
    """Add the features of the row itself.

    `session_number`; `upper_wick` and `lower_wick`, the logs of high and low against the body of the bar; `bar_hash`,
    of the bar as traded (64 bits, so that two different bars agree by chance once in 10^19).
    """
    body_top, body_bottom = F.greatest("open", "close"), F.least("open", "close")
    wicks = {
        "upper_wick": F.log(F.try_divide(F.col("high"), body_top)),
        "lower_wick": F.log(F.try_divide(body_bottom, F.col("low"))),
    }
    return with_session_number(table).withColumns(wicks).withColumn("bar_hash", F.xxhash64(*_AS_TRADED))


def with_ticker_features(rows: DataFrame) -> DataFrame:
    """Add features from the ticker's earlier sessions to rows of `with_row_features`.

    `previous_…`: values of the session before. `move`: the log return; `sigma`: its root mean square.
    `upper_wick_ratio`, `lower_wick_ratio`, `volume_ratio`: to the mean. `volume_sigma`: the standard deviation of the
    log of the volume. Means are over the sixty sessions before.
    """
    in_order = by_session()
    before = {f"previous_{name}": F.lag(name).over(in_order) for name in _PREVIOUS}
    of_mean = ("upper_wick", "lower_wick", "volume")
    ratios = {f"{name}_ratio": F.try_divide(F.col(name), F.col(f"mean_{name}")) for name in of_mean}
    moves = rows.withColumns(before).withColumn("move", F.log(F.try_divide(F.col("close"), F.col("previous_close"))))
    moves = moves.withColumn("square", F.col("move") * F.col("move"))
    moves = moves.withColumn("volume_step", F.abs(F.log("volume") - F.log("previous_volume")))
    sigmas = {"sigma": F.sqrt("mean_square"), "volume_sigma": F.col("mean_volume_step") * _SIGMA_OF_STEPS}
    return _with_trailing_means(moves).withColumns(ratios | sigmas)


def _with_trailing_means(rows: DataFrame) -> DataFrame:
    """Add `mean_…` of the columns of _WITH_MEAN; null with fewer than MIN_SESSIONS values."""
    # The difference of two running sums, because Spark sums a sliding frame again for every row. The sums are columns
    # of their own, because Spark computes a window as often as a formula names it.
    sums = {
        f"{total}_{name}_{when}": F.expr(
            f"{total}({name}) over "
            f"(partition by ticker order by date rows between unbounded preceding and {rows_back} preceding)"
        )
        for name in _WITH_MEAN
        for total in ("sum", "count")
        for when, rows_back in (("now", 1), ("then", TRAILING_SESSIONS + 1))
    }
    means = {}
    for name in _WITH_MEAN:
        count = f"(count_{name}_now - count_{name}_then)"
        total = f"(sum_{name}_now - coalesce(sum_{name}_then, 0))"
        means[f"mean_{name}"] = F.expr(f"if({count} >= {MIN_SESSIONS}, {total} / {count}, null)")
    return rows.withColumns(sums).withColumns(means).drop(*sums)


def with_market_features(rows: DataFrame) -> DataFrame:
    """Add `market_…`: the medians over the day's tickers of `move` and the ratios; null with fewer than three.

    Of the volume it is HALF_DAY_VOLUME with fewer than three on a half day.
    """
    day = Window.partitionBy("date")
    names = ("move", "upper_wick_ratio", "lower_wick_ratio", "volume_ratio")
    # Of values and not of rows: a ticker in its first sessions has no ratios yet.
    counts = {f"count_{name}": F.count(name).over(day) for name in names}
    # Not `percentile`, which keeps every value of the window. This one is as exact for up to 5,000 tickers.
    # Of an even number of tickers the first is the lower of the two in the middle, and the second the upper one.
    medians = {f"medians_{name}": F.percentile_approx(name, [0.5, 0.5 + 1e-9]).over(day) for name in names}
    market = {name: f"medians_{name}[0]" for name in names}
    # With the lower one AAPL's busiest day looked a seventh busier among eight. The volume's bound is close to real
    # busy days, so it gets the mean of both.
    market["volume_ratio"] = "(medians_volume_ratio[0] + medians_volume_ratio[1]) / 2"
    is_half_day = F.col("date").isin(*calendar.half_days())
    alone = {"volume_ratio": F.when(is_half_day, F.lit(HALF_DAY_VOLUME))}
    of_day = rows.withColumns(counts | medians)
    found = {
        f"market_{name}": F.when(F.col(f"count_{name}") >= MIN_TICKERS, F.expr(market[name])).otherwise(alone.get(name))
        for name in names
    }
    return of_day.withColumns(found).drop(*counts, *medians)


def context_start(entry: TickerManifest | None, year: int) -> date:
    """The first published session of the year before that the features of a ticker's rows in `year` need.

    They need the trailing sessions, and one more, because a move needs the close before it.
    """
    sessions = entry.sessions_in(year - 1) if entry else []
    return sessions[-TRAILING_SESSIONS - 1 :][0] if sessions else date.max
