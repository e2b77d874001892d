"""Writes a market of N tickers over Y years as raw records with Spark; splits and dividends have real frequencies."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812 - the name that every Spark user knows

from lake import calendar, layout
from lake.origin import claim_origin
from lake.storage import FolderStorage

LAST = date(2026, 11, 20)
SESSIONS_A_YEAR = 252
FETCHED = "2026-11-21T01:00:00.000000Z"
_SPLITS_A_YEAR = 0.05  # one in twenty years, as an index member's
_DIVIDENDS_A_YEAR = 4
_PAYING = 10
_FILES = 8


def write_market(spark: SparkSession, storage: FolderStorage, tickers: int, years: int) -> int:
    """Write raw records of every ticker up to LAST, all fetched on one evening. Returns the number of bars."""
    claim_origin(storage, "simulated")
    days = calendar.sessions_back(LAST, years * SESSIONS_A_YEAR)
    _write(bars(spark, tickers, days, FETCHED), storage, "prices", FETCHED)
    every = [(place, day) for place, day in enumerate(days)]
    sessions = spark.createDataFrame(every, "place int, date date")
    for kind in ("splits", "dividends"):
        _write(_answers(_tickers(spark, range(tickers)), sessions, kind, FETCHED), storage, kind, FETCHED)
    return tickers * len(days)


def write_next_day(spark: SparkSession, storage: FolderStorage, tickers: int, years: int, ahead: int) -> None:
    """Write the session `ahead` after LAST, and new dividend answers of the ten tickers that go ex-dividend on it."""
    days = calendar.sessions(LAST, date(2026, 12, 31))[: ahead + 1]
    before = calendar.sessions_back(LAST, years * SESSIONS_A_YEAR)
    new = bars(spark, tickers, [*before, *days[1:]], _fetched_after(ahead)).filter(F.col("date") == str(days[-1]))
    _write(new, storage, "prices", _fetched_after(ahead))
    sessions = spark.createDataFrame(list(enumerate(before)), "place int, date date")
    paying = _tickers(spark, range((ahead - 1) * _PAYING, ahead * _PAYING))
    paid = F.array(F.struct(F.lit(str(days[-1])).alias("ex_date"), F.lit(0.5).alias("amount")))
    answers = _answers(paying, sessions, "dividends", _fetched_after(ahead))
    _write(answers.withColumn("events", F.concat("events", paid)), storage, "dividends", _fetched_after(ahead))


def _fetched_after(ahead: int) -> str:
    """The fetch time of the session `ahead` after LAST."""
    return f"2026-11-{23 + ahead}T01:00:00.000000Z"


def bars(spark: SparkSession, tickers: int, days: Sequence[date], fetched_at: str) -> DataFrame:
    """Bars that follow slow waves. Every figure is a function of ticker and session, so that each call is equal."""
    # Broadcast, because Spark would otherwise shuffle millions of rows for a join with a few thousand sessions.
    sessions = F.broadcast(spark.createDataFrame(list(enumerate(days)), "place int, date date"))
    noise = (F.xxhash64("ticker", "date") % 1000) / 50_000
    level = 50 + F.abs(F.hash("ticker")) % 200 + 20 * F.sin(F.col("place") / 60)
    splits_ahead = F.floor((len(days) - 1 - F.col("place") + _phase()) * _SPLITS_A_YEAR / SESSIONS_A_YEAR)
    close = F.round(level * (1 + noise) * F.pow(F.lit(2.0), splits_ahead), 4)
    prices = {"open": close * 0.998, "high": close * 1.008, "low": close * 0.991, "close": close}
    every = _tickers(spark, range(tickers)).crossJoin(sessions)
    return every.select(
        "ticker",
        F.col("date").cast("string").alias("date"),
        *(F.round(price, 4).alias(name) for name, price in prices.items()),
        (1_000_000 + F.abs(F.xxhash64("ticker", "date", F.lit("volume"))) % 1_000_000).alias("volume"),
        F.lit("simulated").alias("source"),
        F.lit(fetched_at).alias("fetched_at"),
    )


def _phase() -> Column:
    return F.abs(F.hash("ticker", F.lit("phase"))) % SESSIONS_A_YEAR


def _tickers(spark: SparkSession, places: range) -> DataFrame:
    letters = [F.char(F.lit(65) + F.floor(F.col("id") / 26**power) % 26) for power in (2, 1, 0)]
    chosen = spark.range(places.start, places.stop, numPartitions=_FILES)
    return chosen.select(F.concat(F.lit("Z"), *letters).alias("ticker"))


def _answers(tickers: DataFrame, sessions: DataFrame, kind: str, fetched_at: str) -> DataFrame:
    """One record with all events for each ticker: 2:1 splits where the bars step, quarterly dividends."""
    every = tickers.crossJoin(F.broadcast(sessions))
    total = sessions.count()
    behind = total - 1 - F.col("place") + _phase()
    if kind == "splits":
        step = SESSIONS_A_YEAR / _SPLITS_A_YEAR
        happens = (F.floor(behind / step) < F.floor((behind + 1) / step)) & (F.col("place") > 0)
        event = F.struct(F.col("date").cast("string").alias("date"), F.lit(2.0).alias("ratio"))
    else:
        happens = behind % (SESSIONS_A_YEAR // _DIVIDENDS_A_YEAR) == 0
        event = F.struct(F.col("date").cast("string").alias("ex_date"), F.lit(0.4).alias("amount"))
    events = F.collect_list(F.when(happens, event)).alias("events")
    return every.groupBy("ticker").agg(events).select(
        "ticker", "events", F.lit("simulated").alias("source"), F.lit(fetched_at).alias("fetched_at")
    )  # fmt: skip


def _write(records: DataFrame, storage: FolderStorage, kind: layout.RawKind, fetched_at: str) -> None:
    day = date.fromisoformat(fetched_at[:10])
    # Written by Spark and not by ingest: 2.5 million records through Python would take longer than the benchmark.
    place = Path(storage.url, layout.raw(kind, day, ""))
    records.write.mode("append").json(str(place))
